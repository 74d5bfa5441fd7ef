package io.harveymq.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;

/**
 * A broker with all that the examples of the API's description name, and something of each kind
 * that its answers tell of. One thread.
 */
final class DescribedScene implements AutoCloseable {
  private static final AMQP.BasicProperties PROPERTIES =
      new AMQP.BasicProperties.Builder()
          .contentType("application/json")
          .deliveryMode(2)
          .priority(1)
          .correlationId("c")
          .messageId("m")
          .timestamp(new Date(0))
          .appId("shop")
          .headers(Map.of("attempt", 1, "tenant", "acme"))
          .build();

  private final ManagementClient http;
  private final Connection connection;
  private final Map<String, String> values = new HashMap<>();

  private DescribedScene(PageBroker broker, ManagementClient http) throws Exception {
    this.http = http;
    this.connection = broker.connect("orders-api");
    values.put("port", Integer.toString(broker.port()));
    values.put("node", http.read("/overview").get("node").textValue());
  }

  /** Fills a fresh broker. */
  static DescribedScene of(PageBroker broker) throws Exception {
    ManagementClient http = ManagementClient.at(broker.uri(), "guest", "guest");
    DescribedScene scene = new DescribedScene(broker, http);
    scene.administer();
    scene.declare();
    scene.test();
    scene.publish();
    scene.consume();
    scene.names();
    return scene;
  }

  /** What stands in paths, where it is not what the description has as an example. */
  Map<String, String> values() {
    return values;
  }

  private void administer() {
    http.put("/users/orders-api", Map.of("password", "secret", "tags", "management")).isEmpty(201);
    http.put("/users/idle", Map.of("password_hash", "", "tags", "")).isEmpty(201);
    Map<String, String> all = Map.of("configure", ".*", "write", ".*", "read", ".*");
    http.put("/permissions/%2F/orders-api", all).isEmpty(201);
    Map<String, String> topics = Map.of("exchange", "shop", "write", ".*", "read", ".*");
    http.put("/topic-permissions/%2F/orders-api", topics).isEmpty(201);
    http.put("/user-limits/orders-api/max-channels", Map.of("value", 100)).isEmpty(204);
    http.put("/vhost-limits/%2F/max-queues", Map.of("value", 100)).isEmpty(204);
    http.put("/global-parameters/owner", Map.of("value", "orders")).isEmpty(201);
    Map<String, Object> ttl =
        Map.of("pattern", "^orders", "definition", Map.of("message-ttl", 600_000));
    http.put("/policies/%2F/ttl", ttl).isEmpty(201);
    Map<String, Object> lost =
        Map.of("pattern", "^lost", "definition", Map.of("alternate-exchange", "nowhere"));
    http.put("/policies/%2F/alternate", lost).isEmpty(201);
    Map<String, Object> most =
        Map.of("pattern", "^orders", "definition", Map.of("max-length", 1_000));
    http.put("/operator-policies/%2F/short", most).isEmpty(201);
  }

  private void declare() throws Exception {
    Channel channel = connection.createChannel();
    channel.exchangeDeclare("shop", "topic", true);
    channel.exchangeDeclare("lost", "fanout", true);
    channel.exchangeDeclare("copy", "fanout", true);
    channel.exchangeBind("copy", "shop", "order.*");
    channel.exchangeDeclare(
        "shop.later", "x-delayed-message", true, false, Map.of("x-delayed-type", "topic"));
    Map<String, Object> dead =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "orders.dead");
    channel.queueDeclare("orders", true, false, false, dead);
    channel.queueDeclare("orders.dead", true, false, false, null);
    channel.queueDeclare("full", true, false, false, full());
    channel.queueDeclare("replicated", true, false, false, Map.of("x-queue-type", "quorum"));
    channel.queueDeclare("log", true, false, false, Map.of("x-queue-type", "stream"));
    channel.queueDeclare("mine", false, true, false, Map.of("x-single-active-consumer", true));
    channel.queueDeclare("fleeting", false, true, false, null);
    channel.queueDelete("fleeting");
    channel.queueBind("orders", "shop", "order.*");
    channel.queueBind("orders.dead", "shop", "failed.#");
    channel.queueBind("log", "copy", "");
    channel.close();
  }

  private static Map<String, Object> full() {
    return Map.of(
        "x-max-length", 1, "x-overflow", "reject-publish", "x-dead-letter-exchange", "missing");
  }

  private void test() {
    http.put("/dev/stories/%2F", Map.of()).isEmpty(204);
    post("/dev/recordings/%2F", Map.of("exchange", "shop"));
    post("/dev/faults/%2F", Map.of("kind", "nack", "exchange", "none", "count", 3, "every", 2));
    post("/dev/faults/%2F", Map.of("kind", "cut", "user", "none", "operation", "basic.get"));
  }

  private void post(String path, Map<String, Object> body) {
    http.post(path, body).hasStatus(200);
  }

  private void publish() throws Exception {
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    byte[] order = "{\"id\":1}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 6; i++) {
      channel.basicPublish("shop", "order.new", PROPERTIES, order);
    }
    channel.basicPublish("shop", "order.plain", null, new byte[] {(byte) 0xFF});
    channel.basicPublish("shop", "failed.new", PROPERTIES, order);
    channel.basicPublish("shop", "return.new", PROPERTIES, order);
    channel.basicPublish("shop", "return.it", true, PROPERTIES, order);
    channel.basicPublish("lost", "", PROPERTIES, order);
    channel.basicPublish("", "replicated", PROPERTIES, order);
    channel.basicPublish("", "full", PROPERTIES, order);
    channel.basicPublish("", "full", PROPERTIES, order);
    AMQP.BasicProperties later = PROPERTIES.builder().headers(Map.of("x-delay", 60_000)).build();
    channel.basicPublish("shop.later", "order.new", later, order);
    channel.waitForConfirms();
    http.post("/dev/replays/%2F?recording=1&speed=max&times=1&wait=10000", null).hasStatus(200);
    Channel transaction = connection.createChannel();
    transaction.txSelect();
    transaction.basicPublish("shop", "order.new", PROPERTIES, order);
  }

  private void consume() throws Exception {
    Channel channel = connection.createChannel();
    channel.basicQos(10);
    channel.basicQos(20, true);
    GetResponse first = channel.basicGet("orders", false);
    channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
    GetResponse second = channel.basicGet("orders", false);
    channel.basicReject(second.getEnvelope().getDeliveryTag(), false);
    GetResponse third = channel.basicGet("orders", false);
    for (int i = 0; i < 6; i++) {
      channel.basicNack(third.getEnvelope().getDeliveryTag(), false, true);
      third = channel.basicGet("orders", false);
    }
    channel.basicGet("orders", true);
    channel.basicGet("mine", true);
    channel.basicConsume("orders", false, "worker", (tag, delivery) -> {}, tag -> {});
    channel.basicConsume("mine", false, "waits", (tag, delivery) -> {}, tag -> {});
    refuse();
  }

  /** Closes a channel, by a declaration that differs from what is there. */
  private void refuse() throws Exception {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclare("orders", false, false, false, null);
      throw new AssertionError("a queue was declared twice, otherwise");
    } catch (java.io.IOException expected) {
      // this is what findings tell of
    }
  }

  private void names() {
    values.put("connection", http.read("/connections").get(0).get("name").textValue());
    JsonNode consumers = http.read("/consumers?sort=consumer_tag&sort_reverse=true");
    values.put("channel", consumers.get(0).at("/channel_details/name").textValue());
    long id = http.read("/dev/messages/search?vhost=%2F").at("/items/0/id").asLong();
    values.put("story", Long.toString(id));
  }

  @Override
  public void close() {
    connection.abort(5_000);
  }
}
