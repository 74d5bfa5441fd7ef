package io.harveymq.fuzz;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConfirmMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import io.harveymq.codec.TxMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence of methods that are valid by themselves, by several clients on several channels, with
 * few names so that they meet. Nothing but AMQP's errors may come of it; when all are gone and
 * their queues and exchanges deleted, nothing is left.
 */
public final class BrokerTarget {
  private static final int MOST_STEPS = 200;
  private static final String[] QUEUES = {"a", "b", "c", ""};
  private static final String[] EXCHANGES = {
    "x", "y", "amq.direct", "amq.topic", "amq.headers", ""
  };
  private static final String[] TYPES = {
    "direct",
    "fanout",
    "topic",
    "headers",
    "x-delayed-message",
    "x-consistent-hash",
    "x-modulus-hash",
    "x-random",
    "x-recent-history",
    "none"
  };
  private static final String[] KEYS = {"a", "b", "a.b", "#", "*.b", "1", ""};

  private final Choices choices;
  private final TestBroker broker;
  private final List<TestClient> clients = new ArrayList<>();
  private long lastTag;

  private BrokerTarget(Choices choices) {
    this.choices = choices;
    Compatibility version = choices.of(Compatibility.V4_2, Compatibility.profile("3.10"));
    this.broker = TestBroker.on(choices.flag() ? new MemoryStore() : null, version).like(version);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    new BrokerTarget(new Choices(input)).run();
  }

  private void run() {
    for (int i = 0; i < 2; i++) {
      clients.add(connected());
    }
    for (int step = 0; step < MOST_STEPS && choices.more(); step++) {
      int who = choices.octet();
      step(who & 1, 1 + (who >> 1 & 1));
      if ((who & 4) == 0) {
        broker.run();
      }
      answer();
      FaultLog.check();
    }
    broker.run();
    answer();
    for (AmqpQueue queue : broker.vhost().queues()) {
      if (queue.readyCount() < 0 || queue.unackedCount() < 0) {
        throw new AssertionError("counts of " + queue.name());
      }
    }
    cleanUp();
    ConnectionTarget.end(broker, clients.toArray(TestClient[]::new));
  }

  /** Exchanges that keep messages give them back. */
  private void cleanUp() {
    TestClient client = connected();
    clients.add(client);
    for (String exchange : EXCHANGES) {
      if (exchange.length() == 1) {
        client.send(1, new ExchangeMethod.Delete(exchange, false, true));
      }
    }
    broker.run();
  }

  private TestClient connected() {
    TestClient client = broker.connect();
    client.channel(1);
    client.channel(2);
    return client;
  }

  // ---- what comes from the broker

  private void answer() {
    for (int i = 0; i < clients.size(); i++) {
      TestClient client = clients.get(i);
      for (int channel = 0; channel <= 2; channel++) {
        for (Received received : client.arrived(channel)) {
          answer(client, channel, received.method());
        }
      }
      if (!client.socket().isActive()) {
        clients.set(i, connected());
      }
    }
  }

  private void answer(TestClient client, int channel, Method method) {
    if (method instanceof ConnectionMethod.Close close) {
      refused(close.replyCode(), close.replyText());
      client.send(0, new ConnectionMethod.CloseOk());
      broker.run();
      client.drop();
    } else if (method instanceof ChannelMethod.Close close) {
      refused(close.replyCode(), close.replyText());
      client.send(channel, new ChannelMethod.CloseOk());
      client.send(channel, new ChannelMethod.Open());
    } else if (method instanceof BasicMethod.Deliver deliver) {
      lastTag = deliver.deliveryTag();
    } else if (method instanceof BasicMethod.GetOk got) {
      lastTag = got.deliveryTag();
    }
  }

  private static void refused(int code, String text) {
    if (code == ReplyCode.INTERNAL_ERROR.code() || code == ReplyCode.FRAME_ERROR.code()) {
      throw new AssertionError("refused with " + text);
    }
  }

  // ---- what goes to it

  private void step(int who, int channel) {
    TestClient client = clients.get(who);
    if (!client.socket().isActive()) {
      return;
    }
    switch (choices.below(20)) {
      case 0, 1 -> client.send(channel, declareQueue());
      case 2 -> client.send(channel, declareExchange());
      case 3 -> client.send(channel, bind());
      case 4, 5, 6, 7 -> publish(client, channel);
      case 8, 9 -> client.send(channel, consume());
      case 10 -> client.send(channel, new BasicMethod.Get(queue(), choices.flag()));
      case 11, 12 -> client.send(channel, settle());
      case 13 -> client.send(channel, rare());
      case 14 -> client.send(channel, unbindOrDelete());
      case 15 -> client.send(channel, new BasicMethod.Qos(0, choices.below(4), choices.flag()));
      case 16 -> broker.advance(1L << choices.below(20));
      case 17 -> client.socket().takeOnly(choices.flag() ? Long.MAX_VALUE : choices.octet());
      case 18 -> {
        client.drop();
        broker.run();
      }
      default -> client.send(channel, tx());
    }
  }

  private String queue() {
    return choices.of(QUEUES);
  }

  private String exchange() {
    return choices.of(EXCHANGES);
  }

  private Method declareQueue() {
    int flags = choices.octet();
    return new QueueMethod.Declare(
        queue(),
        (flags & 1) != 0 && (flags & 2) != 0,
        (flags & 4) != 0,
        (flags & 8) != 0 && (flags & 16) != 0,
        (flags & 32) != 0,
        (flags & 64) != 0,
        arguments());
  }

  private FieldTable arguments() {
    FieldTable.Builder table = FieldTable.builder();
    for (int count = choices.below(4); count > 0; count--) {
      argument(table);
    }
    return table.build();
  }

  private void argument(FieldTable.Builder table) {
    switch (choices.below(18)) {
      case 0 -> table.put("x-message-ttl", choices.below(5_000));
      case 1 -> table.put("x-expires", 1 + choices.below(5_000));
      case 2 -> table.put("x-max-length", choices.below(5));
      case 3 -> table.put("x-max-length-bytes", choices.below(200));
      case 4 ->
          table.put("x-overflow", choices.of("drop-head", "reject-publish", "reject-publish-dlx"));
      case 5 -> table.put("x-dead-letter-exchange", exchange());
      case 6 -> table.put("x-dead-letter-routing-key", choices.of(KEYS));
      case 7 -> table.put("x-max-priority", choices.below(12));
      case 8 -> table.put("x-queue-type", choices.of("classic", "quorum", "stream"));
      case 9 -> table.put("x-single-active-consumer", choices.flag());
      case 10 -> table.put("x-delivery-limit", choices.below(4));
      case 11 -> table.put("alternate-exchange", exchange());
      case 12 -> table.put("x-delayed-type", choices.of(TYPES));
      case 13 -> table.put("x-match", choices.of("all", "any", "all-with-x", "any-with-x"));
      case 14 -> table.put("x-recent-history-length", choices.below(4));
      case 15 -> table.put("x-priority", choices.octet() - 100);
      case 16 -> table.put("x-stream-offset", choices.of("first", "last", "next"));
      default -> table.put(choices.of("k", "x-max-age", "x-dead-letter-strategy"), value());
    }
  }

  private FieldValue value() {
    return switch (choices.below(6)) {
      case 0 -> FieldValue.of(choices.octet());
      case 1 -> FieldValue.of(choices.text(6));
      case 2 -> new FieldValue.Float64(choices.octet() / 2.0);
      case 3 -> new FieldValue.Timestamp(choices.octet());
      case 4 -> FieldValue.of(FieldTable.builder().put("k", choices.octet()).build());
      default -> FieldValue.of("at-least-once");
    };
  }

  private Method declareExchange() {
    int flags = choices.octet();
    return new ExchangeMethod.Declare(
        exchange(),
        choices.of(TYPES),
        (flags & 1) != 0 && (flags & 2) != 0,
        (flags & 4) != 0,
        (flags & 8) != 0,
        (flags & 16) != 0 && (flags & 32) != 0,
        (flags & 64) != 0,
        arguments());
  }

  private Method bind() {
    String key = choices.of(KEYS);
    return choices.flag()
        ? new QueueMethod.Bind(queue(), exchange(), key, choices.flag(), arguments())
        : new ExchangeMethod.Bind(exchange(), exchange(), key, choices.flag(), arguments());
  }

  private Method unbindOrDelete() {
    return switch (choices.below(4)) {
      case 0 -> new QueueMethod.Unbind(queue(), exchange(), choices.of(KEYS), arguments());
      case 1 ->
          new ExchangeMethod.Unbind(exchange(), exchange(), choices.of(KEYS), false, arguments());
      case 2 -> new QueueMethod.Delete(queue(), choices.flag(), choices.flag(), choices.flag());
      default -> new ExchangeMethod.Delete(exchange(), choices.flag(), choices.flag());
    };
  }

  private void publish(TestClient client, int channel) {
    BasicProperties.Builder properties = BasicProperties.builder();
    int flags = choices.octet();
    if ((flags & 1) != 0) {
      properties.deliveryMode(2);
    }
    if ((flags & 2) != 0) {
      properties.expiration(choices.of("0", "1", "1000", choices.text(3)));
    }
    if ((flags & 4) != 0) {
      properties.priority(choices.octet());
    }
    if ((flags & 8) != 0) {
      properties.replyTo(choices.of("amq.rabbitmq.reply-to", "b", choices.text(8)));
    }
    if ((flags & 16) != 0) {
      properties.headers(headers());
    }
    boolean mandatory = (flags & 32) != 0;
    BasicMethod.Publish publish =
        new BasicMethod.Publish(exchange(), choices.of(KEYS), mandatory, false);
    byte[] body = choices.bytes(choices.below(40));
    client.push(client.encode(channel, publish, properties.build(), body));
  }

  private FieldTable headers() {
    FieldTable.Builder table = FieldTable.builder();
    for (int count = choices.below(4); count > 0; count--) {
      switch (choices.below(6)) {
        case 0 -> table.put("CC", FieldValue.of(List.of(FieldValue.of(choices.of(KEYS)))));
        case 1 -> table.put("BCC", FieldValue.of(List.of(FieldValue.of(choices.of(KEYS)))));
        case 2 -> table.put("x-delay", choices.below(3_000));
        case 3 -> table.put("x-death", FieldValue.of(List.of(value())));
        case 4 -> table.put("x-stream-filter-value", value());
        default -> table.put(choices.of("k", "CC", "x-delay", choices.text(4)), value());
      }
    }
    return table.build();
  }

  private Method consume() {
    int flags = choices.octet();
    return new BasicMethod.Consume(
        (flags & 128) != 0 ? "amq.rabbitmq.reply-to" : queue(),
        choices.of("", "t", "u"),
        false,
        (flags & 1) != 0,
        (flags & 2) != 0 && (flags & 4) != 0,
        (flags & 8) != 0,
        (flags & 16) != 0 ? arguments() : FieldTable.EMPTY);
  }

  private Method settle() {
    long tag = choices.flag() ? lastTag : choices.below(8);
    return switch (choices.below(4)) {
      case 0 -> new BasicMethod.Nack(tag, choices.flag(), choices.flag());
      case 1 -> new BasicMethod.Reject(tag, choices.flag());
      default -> new BasicMethod.Ack(tag, choices.flag());
    };
  }

  private Method rare() {
    return switch (choices.below(6)) {
      case 0 -> new BasicMethod.Recover(choices.flag());
      case 1 -> new BasicMethod.Cancel(choices.of("", "t", "u"), choices.flag());
      case 2 -> new QueueMethod.Purge(queue(), choices.flag());
      case 3 -> new ChannelMethod.Flow(choices.flag());
      case 4 -> new ConfirmMethod.Select(choices.flag());
      default -> new BasicMethod.RecoverAsync(choices.flag());
    };
  }

  private Method tx() {
    return switch (choices.below(3)) {
      case 0 -> new TxMethod.Select();
      case 1 -> new TxMethod.Commit();
      default -> new TxMethod.Rollback();
    };
  }
}
