package io.harveymq.broker.vhost;

/** The broker's time. Tests move it by hand. Implementations are safe to read from any thread. */
public interface BrokerClock {
  /** Milliseconds since the epoch, for what users see. */
  long millis();

  /** Nanoseconds of a monotonic clock, for measuring. */
  long nanos();

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
