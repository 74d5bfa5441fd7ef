package io.harveymq.persistence.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs the keeper's jobs when the test says so. */
final class StepExecutor implements Executor {
  private final Deque<Runnable> jobs = new ArrayDeque<>();

  @Override
  public void execute(Runnable job) {
    jobs.addLast(job);
  }

  /** Runs the oldest job; false when there is none. */
  boolean step() {
    Runnable job = jobs.pollFirst();
    if (job == null) {
      return false;
    }
    job.run();
    return true;
  }

  void runAll() {
    while (step()) {
      // the next
    }
  }
}
