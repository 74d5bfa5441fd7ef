package io.harveymq.management.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SwitchesTest {
  private final Switches switches = new Switches();

  @Test
  void whatEndedThreadsHadIsKept() {
    assertThat(switches.seen(Map.of("1", 10L, "2", 30L))).isEqualTo(40);
    assertThat(switches.seen(Map.of("1", 15L))).isEqualTo(45);
    assertThat(switches.seen(Map.of("1", 15L, "3", 2L))).isEqualTo(47);
  }

  @Test
  void idThatIsGivenAgainIsAnotherThread() {
    switches.seen(Map.of("1", 100L));
    assertThat(switches.seen(Map.of("1", 4L))).isEqualTo(104);
  }
}
