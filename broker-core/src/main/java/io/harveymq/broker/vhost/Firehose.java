package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RabbitMQ's firehose of one virtual host: a copy of each message published goes to the exchange
 * amq.rabbitmq.trace with the routing key {@code publish.<exchange>}, a copy of each delivered with
 * {@code deliver.<queue>}. There is one only while it is switched on. Owned by the home loop.
 */
public final class Firehose {
  /** The exchange that the copies go to. */
  public static final String EXCHANGE = "amq.rabbitmq.trace";

  private static final int LONGEST_KEY = 255;

  /**
   * Where a message was published or delivered.
   *
   * @param connection its name, such as {@code 127.0.0.1:50000 -> 127.0.0.1:5672}
   * @param client the name that the client gave it; null for none
   */
  public record Tap(String connection, int channel, String user, String client) {
    /** By a user of the management. */
    public static Tap ofHttp(String user) {
      return new Tap("HTTP", 0, user, null);
    }
  }

  private final VirtualHost vhost;
  private final String node;

  Firehose(VirtualHost vhost, String node) {
    this.vhost = vhost;
    this.node = node;
  }

  /**
   * A message was published by a client.
   *
   * @param properties as they came, CC and BCC included
   */
  public void published(Message message, byte[] properties, Route route, Tap tap) {
    if (isOfNoInterest(message)) {
      return;
    }
    List<FieldValue> queues =
        Arrays.stream(route.queues())
            .map(AmqpQueue::name)
            .filter(name -> !ReplyQueues.isReplyKey(name))
            .sorted()
            .<FieldValue>map(FieldValue::of)
            .toList();
    FieldTable.Builder headers = described(message, properties);
    where(headers, tap).put("routed_queues", FieldValue.of(queues));
    send("publish." + message.exchange(), headers.build(), message);
  }

  /** A message was given to a client, by basic.deliver or basic.get-ok. */
  public void delivered(Message message, AmqpQueue queue, boolean redelivered, Tap tap) {
    if (isOfNoInterest(message) || ReplyQueues.isReplyKey(queue.name())) {
      return;
    }
    FieldTable.Builder headers = described(message, message.properties());
    where(headers.put("redelivered", redelivered ? 1 : 0), tap);
    send("deliver." + queue.name(), headers.build(), message);
  }

  private boolean isOfNoInterest(Message message) {
    return vhost.exchange(EXCHANGE).isUnused() || message.exchange().equals(EXCHANGE);
  }

  private FieldTable.Builder described(Message message, byte[] properties) {
    List<FieldValue> keys = new ArrayList<>();
    keys.add(FieldValue.of(message.routingKey()));
    if (SenderSelectedKeys.mayBeIn(properties)) {
      SenderSelectedKeys.of(BasicProperties.trusted(properties).headers())
          .forEach(key -> keys.add(FieldValue.of(key)));
    }
    return FieldTable.builder()
        .put("exchange_name", message.exchange())
        .put("routing_keys", FieldValue.of(keys))
        .put("properties", table(BasicProperties.trusted(message.properties())))
        .put("node", node);
  }

  private FieldTable.Builder where(FieldTable.Builder headers, Tap tap) {
    return headers
        .put("vhost", vhost.name())
        .put("connection", tap.connection)
        .put("channel", tap.channel)
        .put("user", tap.user);
  }

  /** The properties in RabbitMQ's order, the last one first. */
  private static FieldTable table(BasicProperties properties) {
    FieldTable.Builder table = FieldTable.builder();
    put(table, "cluster_id", properties.clusterId());
    put(table, "app_id", properties.appId());
    put(table, "user_id", properties.userId());
    put(table, "type", properties.type());
    Long timestamp = properties.timestamp();
    if (timestamp != null) {
      table.put("timestamp", number(timestamp));
    }
    put(table, "message_id", properties.messageId());
    put(table, "expiration", properties.expiration());
    put(table, "reply_to", properties.replyTo());
    put(table, "correlation_id", properties.correlationId());
    if (properties.priority() >= 0) {
      table.put("priority", properties.priority());
    }
    if (properties.deliveryMode() >= 0) {
      table.put("delivery_mode", properties.deliveryMode());
    }
    if (properties.headers() != null) {
      table.put("headers", properties.headers());
    }
    put(table, "content_encoding", properties.contentEncoding());
    put(table, "content_type", properties.contentType());
    return table.build();
  }

  /** RabbitMQ writes every number in 32 bits; this takes what it needs. */
  private static FieldValue number(long value) {
    return value == (int) value ? FieldValue.of((int) value) : FieldValue.of(value);
  }

  private static void put(FieldTable.Builder table, String name, String value) {
    if (value != null) {
      table.put(name, value);
    }
  }

  private void send(String key, FieldTable headers, Message message) {
    Exchange exchange = vhost.exchange(EXCHANGE);
    byte[] properties = BasicProperties.builder().headers(headers).build().encoded();
    byte[] address = Content.address(EXCHANGE, cut(key));
    vhost.publish(exchange, new Message(address, properties, message.body()));
  }

  /** The name of an exchange or queue can be as long as a whole routing key. */
  private static String cut(String key) {
    String shorter = key;
    while (shorter.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
      shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
    }
    return shorter;
  }
}
