package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.vhost.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Priorities and delayed retries of quorum queues, seen by the Java client over restarts. */
@Timeout(60)
class QuorumRetryTest {
  private static final Map<String, Object> RETRY =
      Map.of(
          "x-queue-type",
          "quorum",
          "x-delayed-retry-type",
          "failed",
          "x-delayed-retry-min",
          10_000,
          "x-delayed-retry-max",
          30_000);

  private final ManualClock clock = new ManualClock(ClockedBroker.EPOCH_MILLIS);
  @TempDir private Path home;
  private ClockedBroker broker;

  private Channel start(Compatibility version) throws Exception {
    broker = ClockedBroker.start(clock, version, home.resolve("data"));
    return broker.confirmedChannel();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static void publish(Channel channel, String body, int priority) throws Exception {
    AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().priority(priority).build();
    channel.basicPublish("", "q", properties, body.getBytes(StandardCharsets.UTF_8));
    channel.waitForConfirmsOrDie(10_000);
  }

  private static List<String> all(Channel channel) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (GetResponse got = channel.basicGet("q", true);
        got != null;
        got = channel.basicGet("q", true)) {
      bodies.add(new String(got.getBody(), StandardCharsets.UTF_8));
    }
    return bodies;
  }

  @Test
  void prioritiesOnDiskKeepTheirOrder() throws Exception {
    Channel channel = start(Compatibility.V4_3);
    channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
    for (int priority : new int[] {0, 31, 4, 7, 31, 3}) {
      publish(channel, String.valueOf(priority), priority);
    }
    stop();
    channel = start(Compatibility.V4_3);
    publish(channel, "7 again", 7);
    assertThat(all(channel)).containsExactly("31", "31", "7", "7 again", "4", "3", "0");
  }

  @Test
  void aFailedDeliveryWaitsOverARestart() throws Exception {
    Channel channel = start(Compatibility.V4_3);
    channel.queueDeclare("q", true, false, false, RETRY);
    publish(channel, "urgent", 9);
    publish(channel, "other", 0);
    channel.basicReject(channel.basicGet("q", false).getEnvelope().getDeliveryTag(), true);
    assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(4));
    stop();
    channel = start(Compatibility.V4_3);
    clock.advance(Duration.ofMillis(5_999));
    GetResponse other = channel.basicGet("q", false);
    assertThat(other.getBody()).isEqualTo(CompatTest.bytes("other"));
    assertThat(channel.basicGet("q", false)).isNull();
    clock.advance(Duration.ofMillis(1));
    GetResponse again = channel.basicGet("q", false);
    assertThat(again.getBody()).isEqualTo(CompatTest.bytes("urgent"));
    assertThat(again.getProps().getHeaders())
        .containsEntry("x-delivery-count", 1L)
        .containsEntry("x-acquired-count", 1L);
  }
}
