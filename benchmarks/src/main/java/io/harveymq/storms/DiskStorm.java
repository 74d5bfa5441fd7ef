package io.harveymq.storms;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A disk that fills up under load, first to the alarm, then altogether, and has space again later.
 * The broker must be on a small file system of its own.
 */
final class DiskStorm {
  private static final int LANES = 4;
  private static final int HEARTBEAT = 10;
  private static final double PER_SECOND = 100;
  private static final int MIB = 1 << 20;
  private static final int BODY = 20_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final StormBroker broker;
  private final Faults faults;

  DiskStorm(StormBroker broker, Faults faults) {
    this.broker = broker;
    this.faults = faults;
  }

  /** Fills the file system and frees it so many times, each time full for so many seconds. */
  void run(int times, int seconds) throws IOException, InterruptedException, TimeoutException {
    // While the disk is full there are no confirms.
    Duration patience = LIMIT.multipliedBy(2).plusSeconds(seconds);
    var setting = new Lane.Setting(broker.port(), HEARTBEAT, PER_SECOND, patience);
    try (Lanes lanes = new Lanes(broker, faults, setting, LANES)) {
      lanes.start();
      lanes.awaitProgress();
      double slowest = 0;
      for (int i = 0; i < times; i++) {
        Path ballast = broker.data().resolveSibling("ballast");
        AtomicBoolean blocked = new AtomicBoolean();
        try (Connection watching = watch(blocked)) {
          fill(ballast);
          // Only who publishes while the alarm is on is told, which is a moment after the disk is
          // full.
          Channel channel = watching.createChannel();
          Await.until(
              "publishers are told that the disk is full",
              LIMIT,
              () -> {
                channel.basicPublish("", "nowhere", MessageProperties.MINIMAL_BASIC, new byte[1]);
                return blocked.get();
              },
              faults);
          TimeUnit.SECONDS.sleep(seconds);
          long begin = System.nanoTime();
          Files.delete(ballast);
          Await.until("publishers are told that it is not", LIMIT, () -> !blocked.get(), faults);
          lanes.awaitProgress();
          slowest = Math.max(slowest, (System.nanoTime() - begin) / 1e9);
        }
      }
      lanes.finish();
      System.out.printf(
          Locale.ROOT,
          "the disk was full %d times for %d s; all publishers had new confirms %.1f s later at the"
              + " most%n",
          times,
          seconds,
          slowest);
    }
  }

  private Connection watch(AtomicBoolean blocked) throws IOException, TimeoutException {
    ConnectionFactory factory = broker.factory();
    Connection connection = factory.newConnection("watching");
    connection.addBlockedListener(
        new BlockedListener() {
          @Override
          public void handleBlocked(String reason) {
            blocked.set(true);
          }

          @Override
          public void handleUnblocked() {
            blocked.set(false);
          }
        });
    return connection;
  }

  /** Writes a file until nothing is left. */
  private static void fill(Path ballast) throws IOException {
    byte[] piece = new byte[BODY];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      for (long written = 0; ; written += BODY) {
        out.write(piece);
        if (written > 1_000L * MIB) {
          throw new IllegalStateException("the broker is not on a small file system");
        }
      }
    } catch (IOException full) {
      if (Files.getFileStore(ballast).getUsableSpace() > MIB) {
        throw full;
      }
    }
  }
}
