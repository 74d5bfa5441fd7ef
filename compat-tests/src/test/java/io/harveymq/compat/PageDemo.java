package io.harveymq.compat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A shop at work, for pages that have something to show: it publishes orders, most services keep
 * up, one rejects some orders, and nobody reads the reports. Publishes on a thread of its own.
 */
final class PageDemo implements AutoCloseable {
  private static final List<String> KEYS =
      List.of("order.eu.paid", "order.us.paid", "order.eu.placed", "order.us.cancelled");

  private final List<Connection> connections = new ArrayList<>();
  private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger published = new AtomicInteger();
  private final PageBroker broker;
  private final Channel shop;

  PageDemo(PageBroker broker) throws Exception {
    this.broker = broker;
    shop = channel("web-shop");
    declare();
    consume("billing-service", "billing", 20);
    consume("billing-service-2", "billing", 20);
    consume("shipping", "shipping", 50);
    consume("mailer", "mails", 10);
    pace.scheduleAtFixedRate(this::publish, 0, 25, TimeUnit.MILLISECONDS);
  }

  /** How many orders have been published so far. */
  int published() {
    return published.get();
  }

  private Channel channel(String client) throws Exception {
    Connection connection = broker.connect(client);
    connections.add(connection);
    return connection.createChannel();
  }

  private void declare() throws IOException {
    shop.exchangeDeclare("orders", "topic", true);
    shop.exchangeDeclare("mail", "direct", true);
    shop.exchangeDeclare("dead-orders", "fanout", true);
    shop.exchangeBind("mail", "orders", "order.*.placed");
    Map<String, Object> dead = Map.of("x-dead-letter-exchange", "dead-orders");
    queue("billing", dead, "orders", "order.*.paid");
    queue("shipping", Map.of("x-queue-type", "quorum"), "orders", "order.#");
    queue("mails", Map.of("x-max-priority", 5), "mail", "order.eu.placed");
    queue("reports", Map.of("x-max-length", 1_000_000), "orders", "order.#");
    queue("billing.dead", Map.of("x-message-ttl", 86_400_000), "dead-orders", "");
    shop.queueDeclare("ad-hoc", false, false, true, null);
  }

  private void queue(String queue, Map<String, Object> arguments, String exchange, String key)
      throws IOException {
    shop.queueDeclare(queue, true, false, false, arguments);
    shop.queueBind(queue, exchange, key);
  }

  private void publish() {
    try {
      int n = published.incrementAndGet();
      AMQP.BasicProperties properties =
          new AMQP.BasicProperties.Builder()
              .contentType("application/json")
              .deliveryMode(2)
              .messageId("order-" + (40_000 + n))
              .timestamp(Date.from(Instant.now()))
              .headers(Map.of("tenant", n % 3 == 0 ? "acme" : "globex", "attempt", 1))
              .build();
      String body =
          "{\"order\": %d, \"customer\": \"c-%d\", \"total\": %d.90, \"currency\": \"EUR\"}"
              .formatted(40_000 + n, n % 97, n % 250);
      shop.basicPublish(
          "orders", KEYS.get(n % KEYS.size()), properties, body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closed) {
      throw new IllegalStateException("the demo cannot publish", closed);
    }
  }

  private void consume(String client, String queue, int prefetch) throws Exception {
    Channel channel = channel(client);
    channel.basicQos(prefetch);
    channel.basicConsume(
        queue,
        false,
        client,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
              throws IOException {
            if (queue.equals("billing") && body[body.length - 24] == '7') {
              channel.basicReject(envelope.getDeliveryTag(), false);
            } else {
              channel.basicAck(envelope.getDeliveryTag(), false);
            }
          }
        });
  }

  @Override
  public void close() {
    pace.shutdownNow();
    for (Connection connection : connections) {
      connection.abort(5_000);
    }
  }
}
