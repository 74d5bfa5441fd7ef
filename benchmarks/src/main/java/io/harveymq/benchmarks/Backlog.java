package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A durable queue with numbered messages of 1 KiB: filled to the last confirm, or emptied in order.
 * Immutable; used by one thread, which waits for the worker's.
 *
 * @param target where the queue is
 * @param queue its name
 * @param messages how many
 */
record Backlog(Target target, String queue, long messages) {
  private static final int BODY_BYTES = 1024;
  private static final int STALL_SECONDS = 60;

  /** Declares the queue and fills it; returns messages per second. */
  double fill() throws IOException, InterruptedException {
    AmqpConnection setup = AmqpConnection.open(target);
    setup.declareQueue(queue, true);
    setup.closeGracefully();
    CompletableFuture<Void> failure = new CompletableFuture<>();
    return run(new NumberedPublisher(target, queue, BODY_BYTES, messages, failure), failure);
  }

  /** Takes all messages, checking their order; returns messages per second. */
  double drain() throws IOException, InterruptedException {
    CompletableFuture<Void> failure = new CompletableFuture<>();
    return run(new NumberedConsumer(target, queue, BODY_BYTES, messages, failure), failure);
  }

  private double run(LoadWorker worker, CompletableFuture<Void> done)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Thread thread =
        new Thread(
            () -> {
              worker.run();
              done.complete(null);
            },
            worker.getClass().getSimpleName());
    thread.start();
    try {
      awaitProgress(worker, done);
      double seconds = (System.nanoTime() - start) / 1e9;
      return messages / seconds;
    } finally {
      worker.stop();
      thread.join();
    }
  }

  private void awaitProgress(LoadWorker worker, CompletableFuture<Void> done)
      throws IOException, InterruptedException {
    long seen = -1;
    long seenAt = System.nanoTime();
    while (true) {
      try {
        done.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException working) {
        long now = System.nanoTime();
        if (worker.count() != seen) {
          seen = worker.count();
          seenAt = now;
        } else if (now - seenAt > TimeUnit.SECONDS.toNanos(STALL_SECONDS)) {
          throw new IOException("stalled after " + seen + " of " + messages + " messages");
        }
      } catch (ExecutionException e) {
        throw new IOException("the run broke off: " + e.getCause().getMessage(), e.getCause());
      }
    }
  }
}
