package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfirmWindowTest {
  private final ConfirmWindow window = new ConfirmWindow(8);

  @Test
  void countsSingleConfirmsInAnyOrder() {
    window.confirm(3, false);
    window.confirm(1, false);
    window.confirm(2, false);

    assertThat(window.confirmed()).isEqualTo(3);
  }

  @Test
  void countsATagOnceWhenACumulativeConfirmCoversItAgain() {
    window.confirm(2, false);
    window.confirm(5, true);
    window.confirm(5, true);

    assertThat(window.confirmed()).isEqualTo(5);
  }

  @Test
  void keepsCountingWhenTagsExceedTheWindow() {
    for (long tag = 1; tag <= 1000; tag += 4) {
      window.confirm(tag + 3, false);
      window.confirm(tag + 2, true);
    }

    assertThat(window.confirmed()).isEqualTo(1000);
  }
}
