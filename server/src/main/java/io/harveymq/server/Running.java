package io.harveymq.server;

import io.harveymq.broker.Broker;
import io.harveymq.management.Management;

/**
 * A broker that was started, and its management. Any thread.
 *
 * @param management null when it is off
 */
record Running(Broker broker, Management management) implements AutoCloseable {
  /** Ends both in order; waits for it. */
  @Override
  public void close() {
    try {
      if (management != null) {
        management.close();
      }
    } finally {
      broker.close();
    }
  }
}
