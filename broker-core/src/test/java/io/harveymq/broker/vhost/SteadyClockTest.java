package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final long START = 1_800_000_000_000L;
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private final AtomicLong timeOfDay = new AtomicLong(START);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final SteadyClock clock = new SteadyClock(timeOfDay::get, nanos::get);

  @Test
  void beginsAtTheTimeOfDayAndGoesByTheMonotonicClock() {
    assertThat(clock.millis()).isEqualTo(START);

    // This overflows, as nanoTime may.
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_234));

    assertThat(clock.millis()).isEqualTo(START + 1_234);
  }

  @Test
  void aTimeThatIsSetIsToldAndChangesNoDeadline() {
    timeOfDay.addAndGet(-HOUR);

    assertThat(clock.millis()).isEqualTo(START);
    assertThat(clock.timeOfDay()).isEqualTo(START - HOUR);
  }
}
