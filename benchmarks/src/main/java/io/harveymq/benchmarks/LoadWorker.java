package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes or consumes in a thread of its own until {@link #stop()}; its connections are set up by
 * the constructing thread. The count is written by the worker's thread and read by any.
 */
abstract class LoadWorker implements Runnable {
  private final AtomicLong count = new AtomicLong();
  private final CompletableFuture<Void> failure;
  private volatile boolean stopped;

  /**
   * @param failure completed exceptionally when the worker breaks off before it is stopped
   */
  LoadWorker(CompletableFuture<Void> failure) {
    this.failure = failure;
  }

  /** Moves messages until a socket is closed or {@link #stopped()}. */
  abstract void move() throws IOException;

  /** Closes its sockets, whatever it is blocked in. Any thread. */
  abstract void closeConnections() throws IOException;

  @Override
  public final void run() {
    try {
      move();
    } catch (IOException | RuntimeException e) {
      if (!stopped) {
        failure.completeExceptionally(e);
      }
    }
  }

  /** Messages so far: delivered, confirmed where confirms are on, else written to the socket. */
  final long count() {
    return count.getOpaque();
  }

  final void count(long messages) {
    count.setOpaque(messages);
  }

  final boolean stopped() {
    return stopped;
  }

  /** Ends the worker. */
  final void stop() throws IOException {
    stopped = true;
    closeConnections();
  }
}
