package io.harveymq.storms;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A broker that stands still under load, as in a suspended or starved virtual machine, longer than
 * its clients' heartbeats bear.
 */
final class FreezeStorm {
  private static final int LANES = 6;
  private static final int HEARTBEAT = 1;
  private static final double PER_SECOND = 100;

  private final StormBroker broker;
  private final Faults faults;

  FreezeStorm(StormBroker broker, Faults faults) {
    this.broker = broker;
    this.faults = faults;
  }

  /** Freezes it so many times for so many seconds. */
  void run(int times, int seconds) throws IOException, InterruptedException, TimeoutException {
    var setting = new Lane.Setting(broker.port(), HEARTBEAT, PER_SECOND);
    try (Lanes lanes = new Lanes(broker, faults, setting, LANES)) {
      lanes.start();
      lanes.awaitProgress();
      double slowest = 0;
      for (int i = 0; i < times; i++) {
        broker.freeze();
        TimeUnit.SECONDS.sleep(seconds);
        broker.thaw();
        long begin = System.nanoTime();
        lanes.awaitProgress();
        slowest = Math.max(slowest, (System.nanoTime() - begin) / 1e9);
      }
      long lost = lanes.figures().clientRestarts.sum();
      if (lost == 0) {
        faults.add("no client noticed that the broker stood still");
      }
      lanes.finish();
      System.out.printf(
          Locale.ROOT,
          "frozen %d times for %d s; all publishers had new confirms %.1f s later at the most%n",
          times,
          seconds,
          slowest);
    }
  }
}
