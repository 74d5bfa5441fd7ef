package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Connection;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.NodeLimits;
import io.harveymq.broker.ResourceLimit;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** What Harvey says is near a limit. */
class HttpLimitFindingsTest extends FindingsHttpTest {
  @Test
  void queueNearItsLimitIsFoundAndOneThatRefusesIsWorse() throws Exception {
    queue("ring", Map.of("x-max-length", 10));
    queue("full", Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
    publish("", "ring", 8);
    assertThat(found("near-limit")).isNull();
    publish("", "ring", 1);
    publish("", "full", 2);
    JsonNode all = findings();
    assertThat(ofKind(all, "near-limit").get("text").textValue())
        .isEqualTo("ring is at 9 of 10 messages; the oldest will be dropped");
    assertThat(all.get(0).get("text").textValue())
        .isEqualTo("full is full: it refuses new messages");
  }

  @Test
  void whatALimitDropsIsToldWithItsCountAndForAMinute() throws Exception {
    queue("dead", Map.of());
    queue("ring", Map.of("x-max-length", 10, "x-max-length-bytes", 1_000));
    queue("kept", deadTo("dead", Map.of("x-max-length-bytes", 10)));
    queue("nothing", Map.of("x-max-length", 0));
    publish("", "ring", 10);
    assertThat(nearLimit("ring"))
        .isEqualTo("ring is at 10 of 10 messages; the oldest will be dropped");
    publish("", "ring", 1_210);
    publish("", "kept", 11);
    publish("", "nothing", 2);
    assertThat(nearLimit("ring"))
        .isEqualTo("ring dropped 1,210 of its oldest messages: its limit is 10 messages");
    assertThat(nearLimit("kept"))
        .isEqualTo(
            "kept dropped 1 of its oldest messages, which go to amq.default as dead letters:"
                + " its limit is 10 bytes");
    assertThat(nearLimit("nothing"))
        .isEqualTo("nothing dropped 2 of its oldest messages: its limit is 0 messages");
    JsonNode found = ofObject("ring");
    assertThat(found.at("/evidence/dropped").intValue()).isEqualTo(1_210);
    assertThat(found.get("severity").textValue()).isEqualTo("warn");
    JsonNode stats = http.read("/queues/%2F/ring").get("message_stats");
    assertThat(stats.get("dropped_maxlen").intValue()).isEqualTo(1_210);
    assertThat(stats.has("rejected_maxlen")).isFalse();
    awaitWithTime(() -> assertThat(nearLimit("nothing")).isNull());
    assertThat(nearLimit("ring"))
        .isEqualTo("ring is at 10 of 10 messages; the oldest will be dropped");
  }

  @Test
  void aLimitOfOneIsOneMessage() throws Exception {
    queue("ring", Map.of("x-max-length", 1));
    publish("", "ring", 1);
    assertThat(nearLimit("ring"))
        .isEqualTo("ring is at 1 of 1 message; the oldest will be dropped");
    publish("", "ring", 10);
    assertThat(nearLimit("ring"))
        .isEqualTo("ring dropped 10 of its oldest messages: its limit is 1 message");
  }

  @Test
  void whatIsLostAtALimitIsToldWithItsRate() throws Exception {
    queue("ring", Map.of("x-max-length", 0));
    awaitWithTime(
        () -> {
          publish("", "ring", 500);
          assertThat(nearLimit("ring")).matches(".* of its oldest messages, [\\d,]+/s: .*");
          JsonNode stats = http.read("/queues/%2F/ring").get("message_stats");
          assertThat(stats.at("/dropped_maxlen_details/rate").doubleValue()).isPositive();
          assertThat(ofObject("ring").at("/evidence/dropped_rate").doubleValue()).isPositive();
        });
  }

  @Test
  void whatAFullQueueRefusesIsToldWithItsCountAlsoWhenThereIsRoomAgain() throws Exception {
    queue("full", Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
    publish("", "full", 2);
    assertThat(nearLimit("full")).isEqualTo("full is full: it refuses new messages");
    Confirms confirms = new Confirms(channel);
    for (int i = 0; i < 15; i++) {
      channel.basicPublish("", "full", null, new byte[1]);
      assertThat(confirms.taken()).isFalse();
    }
    assertThat(nearLimit("full")).isEqualTo("full is full: it refuses new messages; 15 so far");
    assertThat(ofObject("full").at("/evidence/rejected").intValue()).isEqualTo(15);
    assertThat(http.read("/queues/%2F/full").at("/message_stats/rejected_maxlen").intValue())
        .isEqualTo(15);
    channel.queuePurge("full");
    assertThat(nearLimit("full"))
        .isEqualTo("full is full at times and refuses new messages; 15 so far");
    awaitWithTime(() -> assertThat(nearLimit("full")).isNull());
  }

  /** Waits while the broker's time goes on: it samples in the machine's. */
  private void awaitWithTime(ThrowingRunnable assertions) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              clock.advance(SAMPLE);
              assertions.run();
            });
  }

  private JsonNode ofObject(String queue) {
    for (JsonNode finding : findings()) {
      if (finding.at("/object/name").textValue().equals(queue)) {
        return finding;
      }
    }
    return null;
  }

  private String nearLimit(String queue) {
    JsonNode found = ofObject(queue);
    return found == null ? null : found.get("text").textValue();
  }

  @Test
  void bytesCountAsLengthDoesAndWhatHappensThenIsTold() throws Exception {
    queue("dead", Map.of());
    queue("ring", Map.of("x-max-length-bytes", 10));
    queue("kept", deadTo("dead", Map.of("x-max-length-bytes", 10, "x-max-length", 1_000)));
    queue("strict", Map.of("x-max-length-bytes", 10, "x-overflow", "reject-publish"));
    queue("both", deadTo("dead", Map.of("x-max-length", 10, "x-overflow", "reject-publish-dlx")));
    for (String queue : List.of("ring", "kept", "strict", "both")) {
      publish("", queue, 8);
      assertThat(nearLimit(queue)).isNull();
      publish("", queue, 1);
    }
    assertThat(nearLimit("ring")).isEqualTo("ring is at 9 of 10 bytes; the oldest will be dropped");
    assertThat(nearLimit("kept"))
        .isEqualTo("kept is at 9 of 10 bytes; the oldest will go to amq.default as dead letters");
    assertThat(nearLimit("strict"))
        .isEqualTo("strict is at 9 of 10 bytes; new ones will be refused");
    assertThat(nearLimit("both"))
        .isEqualTo(
            "both is at 9 of 10 messages; new ones will be refused and go to amq.default as dead"
                + " letters");
    publish("", "both", 1);
    assertThat(nearLimit("both"))
        .isEqualTo(
            "both is full: it refuses new messages, which go to amq.default as dead letters");
  }

  @Test
  void memoryNearTheWatermarkIsFoundBeforeTheAlarm() throws Exception {
    queue("large", Map.of());
    channel.basicPublish("", "large", null, new byte[1 << 20]);
    channel.waitForConfirmsOrDie(10_000);
    broker.alarms().memoryHighWatermark(ResourceLimit.parse("1GiB"));
    long used = broker.alarms().memoryUsed();
    assertThat(used).isGreaterThan(1 << 20);
    assertThat(found("near-limit")).isNull();
    broker.alarms().memoryHighWatermark(ResourceLimit.absolute(used + used / 20));
    JsonNode found = found("near-limit");
    assertThat(found.get("text").textValue())
        .matches(
            "rabbit@\\S+ has [\\d,.]+ KiB in memory; above [\\d,.]+ KiB publishers are blocked");
    assertThat(found.at("/act/label").textValue()).isEqualTo("Show node");
    channel.queuePurge("large");
    awaitMemory(used / 2);
    awaitNothing("near-limit");
  }

  private void awaitMemory(long most) {
    await()
        .untilAsserted(
            () -> {
              clock.advance(SAMPLE);
              assertThat(broker.alarms().memoryUsed()).isLessThan(most);
            });
  }

  @Test
  void socketsThatAreNotLoggedInCountAgainstTheirOwnLimitOnly() throws Exception {
    ConnectionLimits limits =
        new ConnectionLimits(131_072, 2_047, 60, 0, 2, -1)
            .withNode(new NodeLimits(3, -1, -1, -1, -1));
    try (PageBroker limited = PageBroker.start(limits);
        Connection one = limited.connect("one");
        Socket second = new Socket(InetAddress.getLoopbackAddress(), limited.port());
        Socket third = new Socket(InetAddress.getLoopbackAddress(), limited.port())) {
      assertThat(List.of(one.isOpen(), second.isConnected(), third.isConnected()))
          .containsOnly(true);
      ManagementClient own = ManagementClient.at(limited.uri(), "guest", "guest");
      await()
          .untilAsserted(
              () ->
                  assertThat(HttpAnswer.column(own.read("/dev/findings"), "text"))
                      .singleElement()
                      .asString()
                      .endsWith(" has 3 of 3 open sockets; more will have to wait"));
    }
  }

  @Test
  void limitsOfVirtualHostsAndUsersAreFoundBeforeTheyRefuse() throws Exception {
    queue("one", Map.of());
    http.put("/vhost-limits/%2F/max-connections", Map.of("value", 2));
    http.put("/vhost-limits/%2F/max-queues", Map.of("value", 2));
    http.put("/user-limits/guest/max-connections", Map.of("value", 2));
    assertThat(findings()).isEmpty();
    queue("two", Map.of());
    assertThat(HttpAnswer.column(findings(), "text"))
        .containsExactly("Virtual host / has 2 of 2 queues; more will be refused");
    channel.queueDelete("two");
    try (Connection second = broker.connect("second")) {
      assertThat(second.isOpen()).isTrue();
      JsonNode found = findings();
      assertThat(HttpAnswer.column(found, "text"))
          .containsExactlyInAnyOrder(
              "Virtual host / has 2 of 2 connections; more will be refused",
              "User guest has 2 of 2 connections; more will be refused");
      assertThat(found.at("/0/act/do").textValue()).isEqualTo("show-limits");
      http.put("/users/watch", Map.of("password", "p", "tags", "monitoring"));
      http.put("/permissions/%2F/watch", Map.of("configure", "", "write", "", "read", ""));
      JsonNode watched = as("watch", "p").read("/dev/findings");
      assertThat(watched).hasSize(2);
      assertThat(watched.at("/0/act/do").textValue()).isEqualTo("show-connections");
      http.put("/users/plain", Map.of("password", "p", "tags", "management"));
      assertThat(as("plain", "p").read("/dev/findings")).isEmpty();
    }
    awaitNothing("near-limit");
  }
}
