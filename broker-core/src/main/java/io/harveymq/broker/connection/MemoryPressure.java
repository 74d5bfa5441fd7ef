package io.harveymq.broker.connection;

import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.function.Supplier;

/**
 * What becomes of a connection that publishes while messages take their share of the memory: it is
 * not read until consumers have caught up; or, if it holds deliveries whose acknowledgements come
 * by the same socket, it goes on up to the hard limit. While the store has too much to do, nobody
 * is read who publishes: it needs no client to catch up. Owned by the connection's loop.
 */
final class MemoryPressure {
  private final Input input;
  private final Supplier<HomeLoop> home;
  private final Blocking blocking;
  private final Runnable freed = this::freed;

  MemoryPressure(Input input, Supplier<HomeLoop> home, Blocking blocking) {
    this.input = input;
    this.home = home;
    this.blocking = blocking;
  }

  /**
   * The connection published.
   *
   * @param unacked what only the client can settle or commit
   * @throws ConnectionException 506 over the hard limit
   */
  void published(int unacked) {
    HomeLoop loop = home.get();
    declared();
    if (!loop.memory().overShare()) {
      return;
    }
    if (unacked == 0) {
      pause();
    } else if (loop.memory().overHardLimit()) {
      throw overHardLimit("publishes and holds unacknowledged deliveries or a transaction");
    }
  }

  /** The connection may have given the store something to do. */
  void declared() {
    HomeStore store = home.get().store();
    if (store != null && store.isBehind() && input.pause(Input.Reason.STORE)) {
      store.whenCaughtUp(() -> input.resume(Input.Reason.STORE));
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

  /**
   * Part of a body came. Pausing helps only if the memory is not taken by such parts.
   *
   * @param unacked as above
   * @throws ConnectionException 506 over the hard limit
   */
  void bodyPartReceived(int unacked) {
    MemoryAccount memory = home.get().memory();
    if (memory.overHardLimit()) {
      throw overHardLimit("sends messages that are unfinished");
    } else if (unacked == 0 && memory.overShare() && memory.consumersCanHelp()) {
      pause();
    }
  }

  private void pause() {
    if (input.pause(Input.Reason.MEMORY)) {
      home.get().whenMemoryFreed(freed);
      blocking.memoryPaused();
    }
  }

  private void freed() {
    blocking.memoryFreed();
    input.resume(Input.Reason.MEMORY);
  }

  private ConnectionException overHardLimit(String connectionDoes) {
    MemoryAccount memory = home.get().memory();
    return new ConnectionException(
        ReplyCode.RESOURCE_ERROR,
        "messages take "
            + memory.used()
            + " bytes of memory, more than the hard limit of "
            + memory.hardLimit()
            + "; this connection "
            + connectionDoes
            + ", so it could not be paused");
  }

  /** The connection ends. */
  void stop() {
    home.get().forgetMemoryFreed(freed);
  }
}
