package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExportPauseTest {
  private static final long START = Long.MAX_VALUE - 5;

  /** Such a time may be beyond the largest number, as those of the system may. */
  private static long at(long seconds) {
    return START + TimeUnit.SECONDS.toNanos(seconds);
  }

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  @Test
  void theFirstChangeIsWrittenAtOnceAndTheOthersTenSecondsLater() {
    ExportPause pause = new ExportPause(false, at(0));
    assertThat(pause.nanosLeft(at(0))).isEqualTo(Long.MAX_VALUE);
    pause.changed();
    assertThat(pause.nanosLeft(at(1))).isZero();
    pause.written(at(1));
    assertThat(pause.nanosLeft(at(2))).isEqualTo(Long.MAX_VALUE);
    pause.changed();
    assertThat(pause.nanosLeft(at(3))).isEqualTo(seconds(8));
    pause.changed();
    assertThat(pause.nanosLeft(at(10))).isEqualTo(seconds(1));
    assertThat(pause.nanosLeft(at(11))).isZero();
    assertThat(pause.nanosLeft(at(60))).isZero();
  }

  @Test
  void whatIsNotThereYetIsWrittenAtOnce() {
    ExportPause pause = new ExportPause(true, at(0));
    assertThat(pause.isDue()).isTrue();
    assertThat(pause.nanosLeft(at(0))).isZero();
    pause.written(at(0));
    assertThat(pause.isDue()).isFalse();
  }
}
