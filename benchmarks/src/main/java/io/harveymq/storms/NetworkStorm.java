package io.harveymq.storms;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Everything that a network does to connections, under load, one after another. */
final class NetworkStorm {
  private static final int LANES = 6;
  private static final int HEARTBEAT = 2;
  private static final double PER_SECOND = 60;
  private static final int SLOW_BYTES = 20_000;
  // A broker gives up after two to three intervals; the rest is for a machine that is busy.
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(4 * HEARTBEAT + 22);

  private enum Trouble {
    DELAY,
    BANDWIDTH,
    HALF_OPEN,
    RESET,
    CUT_IN_MID_FRAME,
    NOT_READ
  }

  private final StormBroker broker;
  private final Faults faults;
  private final Random random;

  NetworkStorm(StormBroker broker, Faults faults, long seed) {
    this.broker = broker;
    this.faults = faults;
    this.random = new Random(seed);
  }

  private static Lane.Setting setting(FaultProxy proxy) {
    return new Lane.Setting(proxy.port(), HEARTBEAT, PER_SECOND);
  }

  /** Goes through all troubles so many times; each lasts so many milliseconds. */
  void run(int rounds, int millis) throws IOException, InterruptedException, TimeoutException {
    try (FaultProxy proxy = new FaultProxy(broker.port());
        Lanes lanes = new Lanes(broker, faults, setting(proxy), LANES)) {
      lanes.start();
      lanes.awaitProgress();
      double released = 0;
      for (int i = 0; i < rounds; i++) {
        List<Trouble> troubles = new ArrayList<>(List.of(Trouble.values()));
        Collections.shuffle(troubles, random);
        for (Trouble trouble : troubles) {
          released = Math.max(released, make(trouble, proxy, millis));
          lanes.awaitProgress();
        }
      }
      lanes.finish();
      System.out.printf(
          Locale.ROOT,
          "%d rounds of %d troubles; half-open connections were released after %.1f s at the most"
              + " (heartbeat %d s)%n",
          rounds,
          Trouble.values().length,
          released,
          HEARTBEAT);
    }
  }

  /** Makes a trouble for all connections; how long half-open ones stayed at the broker. */
  private double make(Trouble trouble, FaultProxy proxy, int millis)
      throws IOException, InterruptedException {
    switch (trouble) {
      case DELAY -> {
        proxy.delay(Duration.ofMillis(100));
        TimeUnit.MILLISECONDS.sleep(millis);
        proxy.delay(Duration.ZERO);
      }
      case BANDWIDTH -> {
        proxy.limit(SLOW_BYTES);
        TimeUnit.MILLISECONDS.sleep(millis);
        proxy.limit(0);
      }
      case HALF_OPEN -> {
        return makeHalfOpen(proxy);
      }
      case RESET -> proxy.reset();
      case CUT_IN_MID_FRAME -> proxy.cutInMidFrame();
      default -> {
        proxy.freeze();
        TimeUnit.MILLISECONDS.sleep(millis);
        proxy.thaw();
      }
    }
    return 0;
  }

  /** The broker alone must find out that nobody is at the other end. */
  private double makeHalfOpen(FaultProxy proxy) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    broker.api().get("connections").forEach(each -> names.add(each.path("name").asText()));
    proxy.swallow();
    return Await.until(
        "half-open connections are released by the heartbeat",
        RELEASE_LIMIT,
        () -> {
          for (var each : broker.api().get("connections")) {
            if (names.contains(each.path("name").asText())) {
              return false;
            }
          }
          return true;
        },
        faults);
  }
}
