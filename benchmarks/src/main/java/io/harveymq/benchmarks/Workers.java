package io.harveymq.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting while workers run. */
final class Workers {
  private Workers() {}

  /**
   * Waits for the whole duration, unless a worker breaks off.
   *
   * @throws IOException with the worker's reason
   */
  static void pause(CompletableFuture<Void> failure, Duration duration)
      throws IOException, InterruptedException {
    try {
      failure.get(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (ExecutionException e) {
      throw new IOException("the run broke off: " + e.getCause().getMessage(), e.getCause());
    }
  }
}
