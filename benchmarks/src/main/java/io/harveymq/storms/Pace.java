package io.harveymq.storms;

import java.util.concurrent.TimeUnit;

/** Keeps the pace of one worker's publishes. Confined to its thread. */
final class Pace {
  private static final long MOST_BEHIND = TimeUnit.MILLISECONDS.toNanos(500);

  private final double perSecond;
  private long due = System.nanoTime();

  Pace(double perSecond) {
    this.perSecond = perSecond;
  }

  /** Waits until the next publish is due; what was missed by more than half a second is let go. */
  void await() throws InterruptedException {
    long now = System.nanoTime();
    due = Math.max(due, now - MOST_BEHIND) + (long) (1e9 / perSecond);
    if (due > now) {
      TimeUnit.NANOSECONDS.sleep(due - now);
    }
  }
}
