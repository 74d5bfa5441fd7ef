package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** An embedded broker with a directory and the HTTP API, for queues that are longer than memory. */
final class LongQueueBroker implements AutoCloseable {
  private final Broker broker;
  private final Management management;
  private final Connection connection;

  private LongQueueBroker(Broker broker) throws Exception {
    this.broker = broker;
    this.management = Management.start(broker, ManagementOptions.loopback());
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(broker.port());
    factory.setAutomaticRecoveryEnabled(false);
    this.connection = factory.newConnection();
  }

  static LongQueueBroker start(Path data) throws Exception {
    BrokerConfig config = BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).build();
    MapDbStore store = MapDbStore.open(data, StoreOptions.defaults());
    return new LongQueueBroker(Broker.start(config, store));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + management.port());
  }

  ManagementClient http() {
    return ManagementClient.at(uri(), "guest", "guest");
  }

  /** Declares a durable queue. */
  void declare(String queue) throws Exception {
    declare(queue, Map.of());
  }

  /** The same with arguments. */
  void declare(String queue, Map<String, Object> arguments) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, arguments);
    }
  }

  /** Publishes persistent messages and waits until the queue has them. */
  void publish(String queue, String... bodies) throws Exception {
    publish(queue, 0, bodies);
  }

  /** The same of a priority. */
  void publish(String queue, int priority, String... bodies) throws Exception {
    AMQP.BasicProperties persistent =
        new AMQP.BasicProperties.Builder().deliveryMode(2).priority(priority).build();
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (String body : bodies) {
        channel.basicPublish("", queue, persistent, body.getBytes(StandardCharsets.UTF_8));
      }
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  /** A durable queue with m0, m1 and so on, a space, and the padding; not all are in memory. */
  void fill(String queue, int count, String padding) throws Exception {
    declare(queue);
    String[] bodies = new String[count];
    for (int i = 0; i < count; i++) {
      bodies[i] = "m" + i + " " + padding;
    }
    publish(queue, bodies);
    assertThat(http().read("/queues/%2F/" + queue).get("messages_paged_out").intValue())
        .as("messages that are on the disk only")
        .isGreaterThan(count / 10);
  }

  @Override
  public void close() {
    connection.abort(5_000);
    management.close();
    broker.close();
  }
}
