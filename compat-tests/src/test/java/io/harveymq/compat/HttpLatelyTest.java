package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Harvey's own part of the API remembers: ages, keys that came, dead letters, what went. */
class HttpLatelyTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  private static String keys(String queue) {
    return "/dev/queues/%2F/" + queue + "/keys";
  }

  private static String deleted(String queue) {
    return "/dev/deleted/%2F?kind=queue&name=" + queue;
  }

  @Test
  void messagesHaveAnAgeAndAQueueTheTimeOfItsOldest() throws Exception {
    String queue = newQueue();
    assertThat(http.read("/queues/%2F/" + queue).has("oldest_since")).isFalse();
    long before = System.currentTimeMillis() / 1_000 * 1_000;
    fill(queue, "m");
    long since = http.read("/queues/%2F/" + queue).get("oldest_since").longValue();
    assertThat(since).isBetween(before, System.currentTimeMillis());
    JsonNode message = http.read("/dev/queues/%2F/" + queue + "/messages").at("/items/0");
    assertThat(message.get("age_ms").longValue())
        .isBetween(0L, System.currentTimeMillis() - before + 1_000);
    String empty = newQueue();
    for (String way : List.of("false", "true")) {
      List<String> sorted =
          HttpAnswer.column(
              http.read("/queues/%2F?columns=name&sort=oldest_since&sort_reverse=" + way), "name");
      assertThat(sorted.indexOf(queue)).as(way).isBetween(0, sorted.indexOf(empty) - 1);
    }
  }

  @Test
  void messagesAreSeenWithTheirAgeAfterARestart() throws Exception {
    MemoryStore store = new MemoryStore();
    BrokerConfig config =
        BrokerConfig.builder()
            .bindAddress("127.0.0.1")
            .amqpPort(0)
            .clock(new ManualClock())
            .build();
    try (Broker first = Broker.start(config, store)) {
      ConnectionFactory factory = factory();
      factory.setPort(first.port());
      try (Connection client = factory.newConnection()) {
        Channel own = client.createChannel();
        own.confirmSelect();
        own.queueDeclare("q", true, false, false, null);
        own.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, bytes("m"));
        own.waitForConfirmsOrDie(10_000);
      }
    }
    ManualClock later = new ManualClock();
    later.advance(Duration.ofMinutes(14));
    BrokerConfig next =
        BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).clock(later).build();
    try (Broker second = Broker.start(next, store);
        Management management = Management.start(second, ManagementOptions.loopback())) {
      URI uri = URI.create("http://127.0.0.1:" + management.port());
      ManagementClient own = ManagementClient.at(uri, "guest", "guest");
      Awaitility.await("the store's answer")
          .until(() -> own.read("/queues/%2F/q").has("oldest_since"));
      assertThat(own.read("/queues/%2F/q").get("messages_ready_ram").intValue())
          .as("none was taken into memory for that")
          .isZero();
      JsonNode message = own.read("/dev/queues/%2F/q/messages").at("/items/0");
      assertThat(message.get("payload").textValue()).isEqualTo("m");
      assertThat(message.get("age_ms").longValue()).isBetween(840_000L, 900_000L);
      assertThat(later.millis() - own.read("/queues/%2F/q").get("oldest_since").longValue())
          .isBetween(840_000L, 900_000L);
    }
  }

  @Test
  void keysAreToldToWhoMayReadTheQueue() throws Exception {
    String queue = newQueue("amq.topic", "order.#");
    publish("amq.topic", "order.eu", "m");
    fill(queue, "m");
    JsonNode seen = http.read(keys(queue));
    assertThat(HttpAnswer.column(seen, "exchange")).containsExactlyInAnyOrder("amq.topic", "");
    assertThat(HttpAnswer.column(seen, "routing_key")).containsExactlyInAnyOrder("order.eu", queue);
    String user = newUser("management");
    permit(user, "/", "", "", "");
    ManagementClient.as(user, "p").get(keys(queue)).hasStatus(401);
    http.get(keys("no-" + queue)).hasStatus(404);
  }

  @Test
  void whoDeletedAQueueIsToldToWhoMayKnow() throws Exception {
    String queue = newQueue();
    channel.queueDelete(queue);
    JsonNode gone = http.read(deleted(queue)).get(0);
    assertThat(gone.get("cause").textValue()).isEqualTo("client");
    assertThat(gone.get("user").textValue()).isEqualTo("guest");
    assertThat(gone.get("connection").textValue()).contains(" -> ");
    String user = newUser("management");
    ManagementClient other = ManagementClient.as(user, "p");
    other.get(deleted(queue)).hasStatus(401);
    permit(user, "/", "", "", "");
    JsonNode seen = other.read(deleted(queue)).get(0);
    assertThat(seen.get("name").textValue()).isEqualTo(queue);
    assertThat(seen.has("user") || seen.has("connection") || seen.has("client")).isFalse();
    assertThat(http.read("/dev/deleted/%2F?kind=exchange&name=" + queue)).isEmpty();
  }

  @Test
  void whatTheApplicationAroundTheBrokerDeletesIsNotSaidToComeOverHttp() throws Exception {
    try (PageBroker broker = PageBroker.start()) {
      ManagementClient own = ManagementClient.at(broker.uri(), "guest", "guest");
      for (String queue : List.of("over-http", "of-guest", "of-nobody")) {
        own.put("/queues/%2F/" + queue, Map.of()).isEmpty(201);
      }
      own.delete("/queues/%2F/over-http").isEmpty(204);
      broker.commands().carryOut("guest", "/", delete("of-guest")).toCompletableFuture().get();
      broker.commands().carryOut("/", delete("of-nobody")).toCompletableFuture().get();
      JsonNode gone = own.read("/dev/deleted/%2F");
      assertThat(HttpAnswer.column(gone, "name"))
          .containsExactly("of-nobody", "of-guest", "over-http");
      assertThat(HttpAnswer.column(gone, "cause")).containsExactly("embedded", "embedded", "http");
      assertThat(gone.at("/1/user").textValue()).isEqualTo("guest");
      assertThat(gone.at("/0").has("user")).isFalse();
    }
  }

  private static QueueMethod.Delete delete(String queue) {
    return new QueueMethod.Delete(queue, false, false, false);
  }

  @Test
  void deadLettersAreCountedWhereTheyComeAndWhereTheyDied() throws Exception {
    String dead = newQueue();
    String queue = name("q");
    channel.queueDeclare(
        queue,
        false,
        false,
        false,
        Map.of(
            "x-message-ttl", 0, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
    fill(queue, "m", "n");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> http.read("/queues/%2F/" + dead).get("messages").intValue() == 2);
    JsonNode target = http.read("/queues/%2F/" + dead).get("message_stats");
    assertThat(target.get("dead_letter_in").intValue()).isEqualTo(2);
    assertThat(target.has("publish")).as("as in RabbitMQ").isFalse();
    assertThat(
            http.read("/queues/%2F/" + queue).at("/message_stats/dead_lettered_expired").intValue())
        .isEqualTo(2);
  }
}
