package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.impl.AMQConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /channels} and {@code /consumers}. */
class HttpChannelsTest extends HttpTest {
  /** The path of a channel of the test's own connection. */
  private String path(Channel of) {
    return "/channels/" + ManagementClient.segment(peerName() + " (" + of.getChannelNumber() + ")");
  }

  private String peerName() {
    AMQConnection socket = (AMQConnection) connection;
    return "127.0.0.1:%d -> 127.0.0.1:%d".formatted(socket.getLocalPort(), socket.getPort());
  }

  private JsonNode alive(Channel of) {
    String path = path(of);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(http.get(path).status()).isEqualTo(200));
    return eventually(path, found -> assertThat(found.has("reductions")).isTrue());
  }

  @Test
  void channelHasTheFieldsThatClientsRead() {
    JsonNode read = alive(channel);
    assertFields(
        without(read, "idle_since", "message_stats"),
        List.of(
            "acks_uncommitted",
            "confirm",
            "connection_details",
            "consumer_count",
            "consumer_details",
            "deliveries",
            "garbage_collection",
            "global_prefetch_count",
            "messages_unacknowledged",
            "messages_uncommitted",
            "messages_unconfirmed",
            "name",
            "node",
            "number",
            "pending_raft_commands",
            "prefetch_count",
            "publishes",
            "reductions",
            "reductions_details",
            "state",
            "transactional",
            "user",
            "user_who_performed_action",
            "vhost"),
        List.of());
    assertThat(read.get("name").textValue()).isEqualTo(peerName() + " (1)");
    assertThat(read.get("number").intValue()).isEqualTo(1);
    assertThat(read.get("user").textValue()).isEqualTo(BrokerUnderTest.user());
    assertThat(read.get("vhost").textValue()).isEqualTo("/");
    assertThat(read.get("state").textValue()).isEqualTo("running");
    assertFields(read.get("connection_details"), "name", "peer_host", "peer_port");
    assertThat(read.at("/connection_details/name").textValue()).isEqualTo(peerName());
  }

  private static JsonNode without(JsonNode object, String... fields) {
    return ((ObjectNode) object.deepCopy()).remove(List.of(fields));
  }

  @Test
  void channelTellsOfItsMode() throws Exception {
    Channel confirming = connection.createChannel();
    confirming.confirmSelect();
    confirming.basicQos(7);
    Channel transactional = connection.createChannel();
    transactional.txSelect();
    JsonNode confirm =
        eventually(
            pathOfAlive(confirming),
            found -> assertThat(found.path("confirm").booleanValue()).isTrue());
    assertThat(confirm.get("transactional").booleanValue()).isFalse();
    JsonNode tx =
        eventually(
            pathOfAlive(transactional),
            found -> assertThat(found.path("transactional").booleanValue()).isTrue());
    assertThat(tx.get("confirm").booleanValue()).isFalse();
  }

  private String pathOfAlive(Channel of) {
    alive(of);
    return path(of);
  }

  @Test
  void channelCountsItsMessages() throws Exception {
    Channel busy = connection.createChannel();
    String queue = newQueue();
    busy.confirmSelect();
    busy.basicPublish("", queue, null, bytes("a"));
    busy.basicPublish("", queue, null, bytes("b"));
    busy.waitForConfirmsOrDie(10_000);
    busy.basicConsume(queue, false, (tag, delivery) -> {}, tag -> {});
    JsonNode read =
        eventually(
            pathOfAlive(busy),
            found -> {
              assertThat(found.path("messages_unacknowledged").intValue()).isEqualTo(2);
              assertThat(found.at("/message_stats/publish").intValue()).isEqualTo(2);
              assertThat(found.at("/message_stats/deliver").intValue()).isEqualTo(2);
              assertThat(found.path("consumer_details")).hasSize(1);
            });
    assertThat(read.get("consumer_count").intValue()).isEqualTo(1);
    assertThat(read.at("/message_stats/confirm").intValue()).isEqualTo(2);
    assertThat(read.at("/message_stats/deliver_get").intValue()).isEqualTo(2);
    assertThat(read.at("/consumer_details/0/queue/name").textValue()).isEqualTo(queue);
    assertThat(read.get("messages_unconfirmed").intValue()).isZero();
  }

  @Test
  void channelsAreListed() throws Exception {
    alive(channel);
    JsonNode list =
        eventually(
            "/channels",
            found -> assertThat(HttpAnswer.column(found, "name")).contains(peerName() + " (1)"));
    JsonNode listed = only(list, "name", peerName() + " (1)");
    assertThat(HttpAnswer.fields(listed)).doesNotContain("consumer_details", "deliveries");
    http.get("/channels/" + ManagementClient.segment(peerName() + " (99)")).isNotFound();
    http.get("/channels/none").isNotFound();
  }

  @Test
  void consumersAreListed() throws Exception {
    String queue = newQueue();
    channel.basicQos(3);
    String tag = channel.basicConsume(queue, false, (consumer, delivery) -> {}, consumer -> {});
    JsonNode list =
        eventually(
            "/consumers",
            found ->
                assertThat(only(found, "consumer_tag", tag).get("channel_details")).isNotEmpty());
    JsonNode consumer = only(list, "consumer_tag", tag);
    assertFields(
        consumer,
        "arguments",
        "ack_required",
        "active",
        "activity_status",
        "channel_details",
        "consumer_tag",
        "exclusive",
        "prefetch_count",
        "queue");
    assertJson(consumer.get("queue"), Map.of("name", queue, "vhost", "/"));
    assertThat(consumer.get("ack_required").booleanValue()).isTrue();
    assertThat(consumer.get("prefetch_count").intValue()).isEqualTo(3);
    assertFields(
        consumer.get("channel_details"),
        "connection_name",
        "name",
        "node",
        "number",
        "peer_host",
        "peer_port",
        "user");
    assertThat(consumer.at("/channel_details/connection_name").textValue()).isEqualTo(peerName());
    assertThat(HttpAnswer.column(http.read("/consumers/%2F"), "consumer_tag")).contains(tag);
    assertThat(http.read("/consumers/" + newVhost())).isEmpty();
    http.get("/consumers/" + name("none")).isNotFound();
  }
}
