package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A publisher or a consumer: a connection that is set up by the constructing thread and then driven
 * by a thread of its own until {@link #stop()}. The count is written by that thread and read by
 * any.
 */
abstract class LoadWorker implements Runnable {
  private final AmqpConnection connection;
  private final AtomicLong count = new AtomicLong();
  private final CompletableFuture<Void> failure;
  private volatile boolean stopped;

  /**
   * Opens the connection.
   *
   * @param failure completed exceptionally when the worker breaks off before it is stopped
   */
  LoadWorker(Target target, CompletableFuture<Void> failure) throws IOException {
    this.connection = AmqpConnection.open(target);
    this.failure = failure;
  }

  /** Moves messages until the socket is closed or {@link #stopped()}. */
  abstract void move() throws IOException;

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

  final AmqpConnection connection() {
    return connection;
  }

  final boolean stopped() {
    return stopped;
  }

  /** Ends the worker by closing its socket, whatever it is blocked in. */
  final void stop() throws IOException {
    stopped = true;
    connection.close();
  }
}
