package io.harveymq.broker.vhost;

/** The broker's time. Tests move it by hand. Implementations are safe to read from any thread. */
public interface BrokerClock {
  /** Milliseconds since the epoch, for what users see. */
  long millis();

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
  BrokerClock SYSTEM =
      new BrokerClock() {
        @Override
        public long millis() {
          return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }
      };
}
