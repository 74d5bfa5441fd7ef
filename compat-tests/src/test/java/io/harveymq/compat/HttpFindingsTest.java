package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import io.harveymq.broker.ResourceLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What Harvey says needs attention, on a clock that the test moves. */
class HttpFindingsTest extends FindingsHttpTest {
  private static final long SLOW_NANOS = 1_200_000_000;

  @Test
  void nothingIsTheMatterWithAQuietBroker() throws Exception {
    queue("quiet", Map.of());
    assertThat(findings()).isEmpty();
  }

  /** What comes of the past needs the broker's samples, which are taken every five seconds. */
  @Test
  void queuesThatGrowAreFoundWithTheCause() throws Exception {
    try (PageBroker live = PageBroker.start();
        Connection client = live.connect("orders-api")) {
      ManagementClient api = ManagementClient.at(live.uri(), "guest", "guest");
      Channel publisher = client.createChannel();
      Channel taker = client.createChannel();
      Channel late = client.createChannel();
      for (String queue : List.of("mails", "billing", "fine", "slow")) {
        publisher.queueDeclare(queue, false, false, false, null);
      }
      taker.basicConsume("fine", true, new DefaultConsumer(taker));
      taker.basicQos(2);
      taker.basicConsume("billing", false, new DefaultConsumer(taker));
      BlockingQueue<Held> held = new LinkedBlockingQueue<>();
      late.basicQos(1);
      late.basicConsume(
          "slow",
          false,
          (tag, got) -> held.add(new Held(got.getEnvelope().getDeliveryTag(), System.nanoTime())),
          tag -> {});
      publisher.basicPublish("", "mails", null, bytes("m"));
      assertThat(ofKind(api.read("/dev/findings"), "no-consumer")).as("at once").isNull();
      await()
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(
              () -> {
                if (!held.isEmpty() && System.nanoTime() - held.peek().since > SLOW_NANOS) {
                  late.basicAck(held.remove().tag, false);
                }
                for (String queue : List.of("mails", "billing", "fine", "slow")) {
                  publisher.basicPublish("", queue, null, bytes("m"));
                }
                JsonNode found = api.read("/dev/findings");
                assertThat(HttpAnswer.column(found, "text"))
                    .hasSize(3)
                    .contains(
                        "mails has no consumer",
                        "billing falls behind: its only consumer has all 2 prefetch slots in use")
                    .anyMatch(
                        text ->
                            text.matches(
                                "slow falls behind: its only consumer has its one prefetch slot in"
                                    + " use, with slow acks at [1-9]\\.\\d s each"));
              });
    }
  }

  private record Held(long tag, long since) {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void clientThatHoldsMessagesForLongIsNamed() throws Exception {
    queue("billing", Map.of());
    publish("", "billing", 2);
    channel.basicConsume("billing", false, new DefaultConsumer(channel));
    await()
        .untilAsserted(
            () ->
                assertThat(http.read("/queues/%2F/billing").get("messages_unacknowledged").asInt())
                    .isEqualTo(2));
    clock.advance(Duration.ofSeconds(29));
    assertThat(found("slow-acks")).isNull();
    clock.advance(Duration.ofSeconds(2));
    JsonNode found = found("slow-acks");
    assertThat(found.get("text").textValue())
        .isEqualTo("orders-api holds 2 messages of billing for 31 s");
    assertThat(found.at("/object/name").textValue()).isEqualTo("billing");
    assertThat(found.at("/evidence/connection").textValue()).contains("->");
    JsonNode unnamed = seenWithoutMonitoring("slow-acks");
    assertThat(unnamed.get("text").textValue())
        .as("to who may not watch its user")
        .isEqualTo("A client holds 2 messages of billing for 31 s");
    assertThat(unnamed.toString()).doesNotContain("->", "orders-api");
  }

  @Test
  void deadLettersAreFoundWhereTheyAreAndWhereTheyAreLost() throws Exception {
    channel.exchangeDeclare("dlx", "fanout");
    channel.queueBind(queue("dead", Map.of()), "dlx", "");
    queue("billing", Map.of("x-dead-letter-exchange", "dlx"));
    queue("careless", Map.of("x-dead-letter-exchange", "nowhere"));
    publish("", "billing", 1);
    GetResponse got = channel.basicGet("billing", false);
    channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
    awaitFound(
        "dead-letters",
        found ->
            assertThat(found.get("text").textValue())
                .isEqualTo("dead holds a dead letter, rejected by orders-api"));
    JsonNode lost = found("dead-letters-lost");
    assertThat(lost.get("text").textValue())
        .isEqualTo("careless loses its dead letters: there is no exchange nowhere");
    assertThat(lost.at("/act/exchange").textValue()).isEqualTo("nowhere");
    channel.exchangeDeclare("nowhere", "fanout");
    assertThat(found("dead-letters-lost")).isNull();
  }

  @Test
  void waitingRoomOfARetryIsNoHeapOfDeadLetters() throws Exception {
    queue("work", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "later"));
    queue(
        "later",
        Map.of(
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            "work",
            "x-message-ttl",
            60_000));
    publish("", "work", 1);
    channel.basicReject(channel.basicGet("work", false).getEnvelope().getDeliveryTag(), false);
    await()
        .untilAsserted(
            () -> assertThat(http.read("/queues/%2F/later").get("messages").asInt()).isEqualTo(1));
    assertThat(found("dead-letters")).isNull();
  }

  @Test
  void whoRefusedMostOfTheDeadLettersIsNamed() throws Exception {
    queue("dead", Map.of());
    queue("billing", deadTo("dead", Map.of()));
    publish("", "billing", 5);
    try (Connection other = broker.connect("worker")) {
      Channel worker = other.createChannel();
      for (int i = 0; i < 3; i++) {
        worker.basicReject(worker.basicGet("billing", false).getEnvelope().getDeliveryTag(), false);
      }
      worker.basicGet("billing", true);
    }
    channel.basicReject(channel.basicGet("billing", false).getEnvelope().getDeliveryTag(), false);
    awaitFound(
        "dead-letters",
        found ->
            assertThat(found.get("text").textValue())
                .isEqualTo("dead holds dead letters, most of them rejected by worker"));
    assertThat(seenWithoutMonitoring("dead-letters").get("text").textValue())
        .as("to who may not watch its user")
        .isEqualTo("dead holds dead letters, most of them rejected in billing");
  }

  private JsonNode seenWithoutMonitoring(String kind) {
    http.put("/users/plain", Map.of("password", "p", "tags", "management"));
    http.put("/permissions/%2F/plain", Map.of("configure", "", "write", "", "read", ""));
    return ofKind(as("plain", "p").read("/dev/findings"), kind);
  }

  @Test
  void deadLettersOfAgeAndOfLengthNameTheirQueue() throws Exception {
    queue("dead", Map.of());
    queue("brief", deadTo("dead", Map.of("x-message-ttl", 1_000)));
    publish("", "brief", 2);
    clock.advance(Duration.ofMillis(1_001));
    awaitFound(
        "dead-letters",
        found ->
            assertThat(found.get("text").textValue())
                .isEqualTo("dead holds dead letters, expired in brief"));
    channel.queuePurge("dead");
    queue("short", deadTo("dead", Map.of("x-max-length", 1)));
    publish("", "short", 2);
    awaitFound(
        "dead-letters",
        found ->
            assertThat(found.get("text").textValue())
                .isEqualTo("dead holds a dead letter, too many for short"));
  }

  @Test
  void messageThatComesBackAgainAndAgainIsFoundWhereverItIs() throws Exception {
    queue("billing", Map.of());
    publish("", "billing", 3);
    long head = channel.basicGet("billing", false).getEnvelope().getDeliveryTag();
    for (int i = 0; i < 4; i++) {
      assertThat(found("redelivery-loop")).isNull();
      channel.basicReject(channel.basicGet("billing", false).getEnvelope().getDeliveryTag(), true);
      channel.basicQos(1);
    }
    channel.basicReject(head, true);
    channel.basicQos(1);
    JsonNode found = found("redelivery-loop");
    assertThat(found.get("text").textValue())
        .isEqualTo("orders-api gets the same message of billing again and again, 4 times so far");
    assertThat(found.at("/evidence/returns").intValue()).isEqualTo(4);
    assertThat(found.at("/object/name").textValue()).isEqualTo("billing");
    JsonNode unnamed = seenWithoutMonitoring("redelivery-loop");
    assertThat(unnamed.get("text").textValue())
        .isEqualTo("billing delivers the same message again and again, 4 times so far");
    assertThat(unnamed.toString()).doesNotContain("orders-api");
    channel.basicGet("billing", false);
    channel.basicGet("billing", false);
    channel.basicQos(1);
    assertThat(found("redelivery-loop"))
        .as("while a client has it, and another longer")
        .isNotNull();
    channel.basicAck(0, true);
    awaitNothing("redelivery-loop");
  }

  @Test
  void timeThatAcksTakeIsToldOfConsumersAndQueues() throws Exception {
    queue("billing", Map.of());
    BlockingQueue<Long> tags = new LinkedBlockingQueue<>();
    channel.basicQos(1);
    channel.basicConsume(
        "billing",
        false,
        "worker",
        (tag, got) -> tags.add(got.getEnvelope().getDeliveryTag()),
        tag -> {});
    assertThat(http.read("/queues/%2F/billing").at("/consumer_details/0").has("ack_time_ms"))
        .isFalse();
    publish("", "billing", 4);
    for (int i = 0; i < 3; i++) {
      Long tag = tags.poll(10, TimeUnit.SECONDS);
      clock.advance(Duration.ofMillis(2_100));
      channel.basicAck(tag, false);
      channel.basicQos(1);
    }
    JsonNode queue = http.read("/queues/%2F/billing");
    assertThat(queue.at("/consumer_details/0/ack_time_ms").intValue()).isEqualTo(2_100);
    assertThat(queue.at("/message_stats/ack_time_ms").intValue()).isEqualTo(3 * 2_100);
    assertThat(http.read("/consumers?columns=ack_time_ms").at("/0/ack_time_ms").intValue())
        .isEqualTo(2_100);
    assertThat(http.read("/consumers").get(0).has("ack_time_ms"))
        .as("rabbitmqadmin would make a column of it")
        .isFalse();
  }

  @Test
  void refusalIsToldWithItsReasonForAMinute() throws Exception {
    queue("billing", Map.of());
    try (Channel doomed = connection.createChannel()) {
      doomed.queueDeclare("billing", false, false, false, null);
    } catch (IOException refused) {
      assertThat(refused.getCause()).hasMessageContaining("inequivalent arg 'durable'");
    }
    JsonNode found = found("refused");
    assertThat(found.get("text").textValue())
        .isEqualTo("orders-api was refused: queue billing is durable, it asked for not durable");
    assertThat(found.at("/evidence/reason").textValue())
        .isEqualTo(
            "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'billing' in vhost '/':"
                + " received 'false' but current is 'true'");
    assertThat(found.at("/evidence/argument").textValue()).isEqualTo("durable");
    assertThat(found.at("/evidence/received").textValue()).isEqualTo("false");
    assertThat(found.at("/evidence/current").textValue()).isEqualTo("true");
    assertThat(found.at("/act/argument").textValue()).isEqualTo("durable");
    assertThat(found.at("/act/received").textValue()).isEqualTo("false");
    assertThat(found.at("/evidence/code").intValue()).isEqualTo(406);
    assertThat(found.at("/act/label").textValue()).isEqualTo("Compare");
    clock.advance(Duration.ofSeconds(61));
    assertThat(found("refused")).isNull();
  }

  @Test
  void refusedLoginIsToldToWhoMonitorsAlone() throws Exception {
    http.put("/users/plain", Map.of("password", "p", "tags", "management"));
    http.put("/permissions/%2F/plain", Map.of("configure", ".*", "write", ".*", "read", ".*"));
    try {
      broker.connect("stranger", "nobody", "wrong").abort();
    } catch (Exception refused) {
      assertThat(refused)
          .isInstanceOf(com.rabbitmq.client.PossibleAuthenticationFailureException.class);
    }
    awaitFound(
        "refused",
        found -> {
          assertThat(found.get("text").textValue()).startsWith("stranger was refused: login: ");
          assertThat(found.at("/evidence/user").textValue()).isEqualTo("nobody");
          assertThat(found.at("/act/label").textValue()).isEqualTo("Show users");
        });
    assertThat(ofKind(as("plain", "p").read("/dev/findings"), "refused")).isNull();
    http.put("/users/watch", Map.of("password", "p", "tags", "monitoring"));
    JsonNode watched = ofKind(as("watch", "p").read("/dev/findings"), "refused");
    assertThat(watched.at("/act/do").textValue())
        .as("who may not see users")
        .isEqualTo("show-connections");
    assertThat(watched.at("/object/type").textValue()).isEqualTo("connections");
  }

  @Test
  void clientThatOpensAChannelForEachMessageIsNamed() throws Exception {
    for (int i = 0; i < 60; i++) {
      connection.createChannel().close();
    }
    clock.advance(SAMPLE);
    JsonNode found = found("churn");
    assertThat(found.get("text").textValue())
        .isEqualTo("orders-api opens a new channel for nearly each message");
    assertThat(found.at("/evidence/channels_rate").doubleValue()).isGreaterThanOrEqualTo(12);
    clock.advance(SAMPLE);
    assertThat(found("churn")).isNull();
  }

  @Test
  void alarmComesFirst() throws Exception {
    channel.exchangeDeclare("lost", "fanout");
    publish("lost", "k", 1);
    broker.alarms().memoryHighWatermark(ResourceLimit.parse("0"));
    awaitFound("blocked", found -> assertThat(findings().get(0)).isEqualTo(found));
    broker.alarms().memoryHighWatermark(ResourceLimit.parse("1GiB"));
    awaitNothing("blocked");
  }

  @Test
  void pausedQueueSaysSo() throws Exception {
    queue("billing", Map.of());
    publish("", "billing", 1);
    http.put("/dev/queues/%2F/billing/pause", null).isEmpty(204);
    assertThat(found("paused").at("/act/do").textValue()).isEqualTo("resume");
  }

  @Test
  void whoSeesNothingOfAVirtualHostIsToldNothingOfIt() throws Exception {
    http.put("/vhosts/other", Map.of());
    http.put("/users/plain", Map.of("password", "p", "tags", "management"));
    http.put("/permissions/other/plain", Map.of("configure", ".*", "write", ".*", "read", ".*"));
    channel.exchangeDeclare("lost", "fanout");
    publish("lost", "k", 1);
    assertThat(findings()).isNotEmpty();
    assertThat(http.read("/dev/findings?vhost=other")).isEmpty();
    assertThat(as("plain", "p").read("/dev/findings")).isEmpty();
    as("plain", "p").get("/dev/findings?vhost=%2F").hasStatus(401);
    http.get("/dev/findings?vhost=none").isNotFound();
  }

  @Test
  void clockOfTheBrokerIsMovedByTheApi() throws Exception {
    queue("brief", Map.of("x-expires", 1_000));
    long before = http.read("/dev/clock").get("time").longValue();
    JsonNode after = http.post("/dev/clock", Map.of("advance_ms", 1_001)).ok();
    assertThat(after.get("time").longValue()).isEqualTo(before + 1_001);
    assertThat(http.get("/queues/%2F/brief").status()).isEqualTo(404);
    assertThat(http.post("/dev/clock", Map.of("advance_ms", -1)).status()).isEqualTo(400);
  }

  @Test
  void unroutableMandatoryMessageIsNotDropped() throws Exception {
    channel.exchangeDeclare("lost", "fanout");
    channel.basicPublish("lost", "k", true, new AMQP.BasicProperties(), new byte[0]);
    channel.waitForConfirmsOrDie(10_000);
    assertThat(found("dropping")).isNull();
  }
}
