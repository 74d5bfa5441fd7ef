package io.harveymq.broker.connection;

import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.function.Supplier;

/**
 * What becomes of a connection that publishes while messages take their share of the memory: it is
 * not read until consumers have caught up; or, if it holds deliveries whose acknowledgements come
 * by the same socket, it goes on up to the hard limit. Owned by the connection's loop.
 */
final class MemoryPressure {
  private final Input input;
  private final Supplier<HomeLoop> home;
  private final Runnable freed;

  MemoryPressure(Input input, Supplier<HomeLoop> home) {
    this.input = input;
    this.home = home;
    this.freed = () -> input.resume(Input.Reason.MEMORY);
  }

  /**
   * The connection published.
   *
   * @param unacked deliveries that it holds
   * @throws ConnectionException 506 over the hard limit
   */
  void published(int unacked) {
    HomeLoop loop = home.get();
    if (!loop.memory().overShare()) {
      return;
    }
    if (unacked == 0) {
      if (input.pause(Input.Reason.MEMORY)) {
        loop.whenMemoryFreed(freed);
      }
    } else if (loop.memory().overHardLimit()) {
      throw new ConnectionException(
          ReplyCode.RESOURCE_ERROR,
          "messages take "
              + loop.memory().used()
              + " bytes of memory, more than the hard limit of "
              + loop.memory().hardLimit()
              + "; this connection publishes and holds unacknowledged deliveries, so it could not"
              + " be paused");
    }
  }

  /**
   * The connection holds a delivery, and held none before: if it is not read, its acknowledgement
   * would never come.
   */
  void deliveryOutstanding() {
    if (input.isPausedFor(Input.Reason.MEMORY)) {
      stop();
      home.get().execute(freed);
    }
  }

  /** The connection ends. */
  void stop() {
    home.get().forgetMemoryFreed(freed);
  }
}
