package io.harveymq.broker.vhost;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The machine's clocks, so combined that nothing expires early or late when somebody sets the time:
 * what falls due goes by a monotonic clock that began at the time of day of this object's making.
 * Immutable; any thread.
 */
public final class SteadyClock implements BrokerClock {
  private final LongSupplier timeOfDay;
  private final LongSupplier nanos;
  private final long start;
  private final long startNanos;

  /**
   * A clock that begins now.
   *
   * @param timeOfDay milliseconds since the epoch; may jump
   * @param nanos nanoseconds of a monotonic clock
   */
  public SteadyClock(LongSupplier timeOfDay, LongSupplier nanos) {
    this.timeOfDay = timeOfDay;
    this.nanos = nanos;
    start = timeOfDay.getAsLong();
    startNanos = nanos.getAsLong();
  }

  @Override
  public long millis() {
    return start + TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - startNanos);
  }

  @Override
  public long timeOfDay() {
    return timeOfDay.getAsLong();
  }

  @Override
  public long nanos() {
    return nanos.getAsLong();
  }
}
