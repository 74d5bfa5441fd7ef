package io.harveymq.storms;

import java.io.IOException;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The broker is killed with SIGKILL at the height of everything: publishers, consumers and
 * transactions through a network that breaks, and connections that come and go.
 */
final class KillStorm {
  private static final int LANES = 8;
  private static final int HEARTBEAT = 2;
  private static final double PER_SECOND = 200;
  private static final int LEAST_MILLIS = 1_000;
  private static final int MORE_MILLIS = 3_000;

  private final StormBroker broker;
  private final Faults faults;
  private final Random random;
  private volatile boolean over;

  KillStorm(StormBroker broker, Faults faults, long seed) {
    this.broker = broker;
    this.faults = faults;
    this.random = new Random(seed);
  }

  private static Lane.Setting setting(FaultProxy proxy) {
    return new Lane.Setting(proxy.port(), HEARTBEAT, PER_SECOND);
  }

  /** Kills and starts it so many times. */
  void run(int kills) throws IOException, InterruptedException, TimeoutException {
    try (FaultProxy proxy = new FaultProxy(broker.port());
        Lanes lanes = new Lanes(broker, faults, setting(proxy), LANES)) {
      lanes.start();
      double slowest = killUnderChurn(kills, proxy, lanes);
      lanes.finish();
      System.out.printf(
          Locale.ROOT,
          "killed %d times; it served again after %.1f s at the most%n",
          kills,
          slowest);
    }
  }

  /** How long the slowest start took, in seconds. */
  private double killUnderChurn(int kills, FaultProxy proxy, Lanes lanes)
      throws IOException, InterruptedException {
    Thread churn = new Thread(this::churn, "churn");
    churn.start();
    try {
      lanes.awaitProgress();
      double slowest = 0;
      for (int i = 0; i < kills; i++) {
        upset(proxy);
        TimeUnit.MILLISECONDS.sleep(LEAST_MILLIS + random.nextInt(MORE_MILLIS));
        broker.kill();
        long begin = System.nanoTime();
        broker.start();
        slowest = Math.max(slowest, (System.nanoTime() - begin) / 1e9);
        lanes.awaitProgress();
      }
      return slowest;
    } finally {
      over = true;
      churn.join();
    }
  }

  private void upset(FaultProxy proxy) {
    switch (random.nextInt(4)) {
      case 0 -> proxy.reset();
      case 1 -> proxy.cutInMidFrame();
      case 2 -> proxy.swallow();
      default -> {
        // This time the network is well.
      }
    }
  }

  /** Connections that do a little and are dropped; a broker that is away is no fault here. */
  private void churn() {
    while (!over) {
      try {
        var factory = broker.factory();
        factory.setHandshakeTimeout(3_000);
        var connection = factory.newConnection("churn");
        var channel = connection.createChannel();
        channel.queueDeclare("", false, true, true, null);
        connection.abort(1_000);
      } catch (IOException | TimeoutException | com.rabbitmq.client.ShutdownSignalException away) {
        // It was killed, or is not up again.
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }
}
