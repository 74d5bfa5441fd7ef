package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * A machine whose time is set back and forward under load. The broker must run under libfaketime,
 * which reads the time's offset from a file.
 */
final class ClockStorm {
  private static final Path LIBRARY =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
  private static final int LANES = 4;
  private static final int HEARTBEAT = 2;
  private static final double PER_SECOND = 100;
  private static final int SHORT_MILLIS = 2_000;
  private static final int DAY_MILLIS = 24 * 3_600_000;
  private static final int MESSAGES = 100;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final StormBroker broker;
  private final Faults faults;
  private final Path offset;

  /**
   * A storm for a broker that was started with {@link #environment}.
   *
   * @param offset the file of the time's offset
   */
  ClockStorm(StormBroker broker, Faults faults, Path offset) {
    this.broker = broker;
    this.faults = faults;
    this.offset = offset;
  }

  /** Whether the library is where Debian's package puts it. */
  static boolean isPossible() {
    return Files.exists(LIBRARY);
  }

  /** Variables that make a process read its time of day by the file. */
  static Map<String, String> environment(Path offset) throws IOException {
    Files.writeString(offset, "+0");
    return Map.of(
        "LD_PRELOAD",
        LIBRARY.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        offset.toString(),
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        "FAKETIME_CACHE_DURATION",
        "1");
  }

  /** Sets the time back and forward. */
  void run() throws IOException, InterruptedException, TimeoutException {
    var setting = new Lane.Setting(broker.port(), HEARTBEAT, PER_SECOND);
    try (Lanes lanes = new Lanes(broker, faults, setting, LANES)) {
      lanes.start();
      lanes.awaitProgress();
      try (Connection connection = broker.factory().newConnection("clock")) {
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        channel.queueDeclare("dead", true, false, false, null);
        channel.queueDeclare("long", true, false, false, letters(DAY_MILLIS));
        publish(channel, "long");
        for (String offsetNow : new String[] {"-1h", "+2d", "-3d", "+0"}) {
          channel.queueDeclare("short", true, false, false, letters(SHORT_MILLIS));
          publish(channel, "short");
          channel.queueDeclare("idle", true, false, false, Map.of("x-expires", SHORT_MILLIS));
          Files.writeString(offset, offsetNow);
          double died =
              Await.until(
                  "messages of 2 s expire with the time set to " + offsetNow,
                  LIMIT,
                  () -> count(channel, "dead") == MESSAGES,
                  faults);
          Await.until("the idle queue goes at " + offsetNow, LIMIT, () -> !exists("idle"), faults);
          lanes.awaitProgress();
          System.out.printf(
              "time set to %s: messages of 2 s expired after %.1f s%n", offsetNow, died);
          channel.queuePurge("dead");
        }
        if (count(channel, "long") != MESSAGES) {
          faults.add(count(channel, "long") + " messages of a day are left of " + MESSAGES);
        }
        for (String queue : new String[] {"long", "short", "dead"}) {
          channel.queueDelete(queue);
        }
      }
      if (lanes.figures().clientRestarts.sum() > 0) {
        faults.add("connections broke when the time was set");
      }
      lanes.finish();
    }
  }

  private static Map<String, Object> letters(int ttl) {
    return Map.of(
        "x-message-ttl", ttl, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead");
  }

  private static void publish(Channel channel, String queue)
      throws IOException, InterruptedException, TimeoutException {
    for (int i = 0; i < MESSAGES; i++) {
      channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, new byte[10]);
    }
    channel.waitForConfirmsOrDie(20_000);
  }

  private static int count(Channel channel, String queue) throws IOException {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  private boolean exists(String queue) throws IOException, InterruptedException {
    for (var info : broker.api().get("queues")) {
      if (info.path("name").asText().equals(queue)) {
        return true;
      }
    }
    return false;
  }
}
