package io.harveymq.broker.connection;

import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;

/**
 * How long an ending connection stays for what its channels wait for: not for ever, because a disk
 * may be full. Owned by the home loop.
 */
final class LongestWait {
  private static final long MILLIS = 30_000;

  private final Runnable whenOver;
  private Loop.Timer timer;
  private boolean over;

  /**
   * @param whenOver called once it was waited long enough
   */
  LongestWait(Runnable whenOver) {
    this.whenOver = whenOver;
  }

  /** Whether to wait; from the first time on the time runs. */
  boolean isOnFor(boolean anyWaits, HomeLoop home) {
    if (anyWaits && timer == null) {
      timer = home.schedule(this::end, MILLIS);
    }
    return anyWaits && !over;
  }

  private void end() {
    over = true;
    whenOver.run();
  }

  void cancel() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
