package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Publishes something twenty times a second, on a thread of its own, until it is stopped. */
final class Pace {
  private static final int EVERY_MILLIS = 50;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  /** What is done each time; a failure ends it. */
  interface Step {
    void go() throws IOException;
  }

  Pace(Step step) {
    thread.scheduleAtFixedRate(() -> run(step), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void run(Step step) {
    try {
      step.go();
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  void stop() throws InterruptedException {
    thread.shutdownNow();
    assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }
}
