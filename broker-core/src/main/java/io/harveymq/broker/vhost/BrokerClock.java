package io.harveymq.broker.vhost;

/** The broker's time. Tests move it by hand. Implementations are safe to read from any thread. */
public interface BrokerClock {
  /**
   * Milliseconds since the epoch, for what falls due: never goes back, and does not jump when the
   * machine's time is set.
   */
  long millis();

  /** Milliseconds since the epoch, for what users see: the machine's time, which may be set. */
  default long timeOfDay() {
    return millis();
  }

  /** Nanoseconds of a monotonic clock, for measuring. */
  long nanos();

  /** Whether it goes by itself; else somebody moves it and runs what falls due. */
  default boolean runs() {
    return true;
  }

  /** The deadlines of a home loop live by this clock from now on. */
  default void attach(Deadlines deadlines) {}

  /** They don't any more, because their loop ends. */
  default void detach(Deadlines deadlines) {}

  /** The machine's clocks. */
  BrokerClock SYSTEM = new SteadyClock(System::currentTimeMillis, System::nanoTime);
}
