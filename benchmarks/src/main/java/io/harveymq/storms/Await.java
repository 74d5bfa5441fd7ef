package io.harveymq.storms;

import java.io.IOException;
import java.time.Duration;

/** Waits for what comes by itself. Stateless. */
final class Await {
  private static final int POLL_MILLIS = 50;

  /** What is waited for. */
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private Await() {}

  /**
   * Waits until the condition holds; notes a fault if it does not in time. A condition that can't
   * be asked does not hold yet.
   *
   * @return how long it took, in seconds
   */
  static double until(String what, Duration limit, Condition condition, Faults faults)
      throws InterruptedException {
    long begin = System.nanoTime();
    IOException[] last = new IOException[1];
    Condition asked =
        () -> {
          try {
            return condition.holds();
          } catch (IOException notNow) {
            last[0] = notNow;
            return false;
          }
        };
    try {
      if (!within(limit, asked)) {
        String reason = last[0] == null ? "" : ": " + last[0].getMessage();
        faults.add("not within " + limit.toSeconds() + " s: " + what + reason);
      }
    } catch (IOException caughtAbove) {
      throw new AssertionError(caughtAbove);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /**
   * Waits until the condition holds, but not for longer than the limit.
   *
   * @return whether it did
   * @throws IOException as the condition does
   */
  static boolean within(Duration limit, Condition condition)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begin > limit.toNanos()) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}
