package io.harveymq.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a delayed exchange lets messages go, and what becomes of them before. */
class DelayedExchangeTest {
  private static FieldTable type(String inner) {
    return FieldTable.builder().put("x-delayed-type", inner).build();
  }

  private static BasicProperties delay(FieldValue value, int deliveryMode) {
    return BasicProperties.builder()
        .headers(FieldTable.builder().put("x-delay", value).put("mine", "kept").build())
        .deliveryMode(deliveryMode)
        .build();
  }

  private static void publish(TestChannel channel, String key, long delay, String body) {
    publish(channel, key, delay(FieldValue.of(delay), 2), body);
  }

  private static void publish(
      TestChannel channel, String key, BasicProperties properties, String body) {
    channel.publish("x", key, properties, body.getBytes(StandardCharsets.UTF_8));
  }

  private static TestChannel declared(TestBroker broker) {
    return broker
        .channel()
        .declareExchange("x", "x-delayed-message", type("direct"))
        .declare("q")
        .bind("q", "x", "k");
  }

  private static TestChannel declaredDurable(TestBroker broker) {
    TestChannel channel = broker.channel();
    channel.call(
        new ExchangeMethod.Declare(
            "x", "x-delayed-message", false, true, false, false, false, type("direct")),
        ExchangeMethod.DeclareOk.class);
    channel.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    return channel.bind("q", "x", "k");
  }

  private static DelayedMessages messages(TestBroker broker) {
    return ((DelayedExchange) broker.vhost().exchange("x")).messages();
  }

  @Test
  void eachMessageComesWhenItIsDueAndInOrder() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    publish(channel, "k", 3_000, "3 s");
    publish(channel, "k", 1_000, "1 s");
    publish(channel, "k", 1_000, "1 s, too");
    publish(channel, "k", 0, "at once");
    publish(channel, "k", -5, "at once, too");
    channel.publish("x", "k", "without");
    assertThat(channel.drain("q")).containsExactly("at once", "at once, too", "without");
    broker.advance(999);
    assertThat(channel.drain("q")).isEmpty();
    broker.advance(1);
    assertThat(channel.drain("q")).containsExactly("1 s", "1 s, too");
    broker.advance(2_000);
    assertThat(channel.drain("q")).containsExactly("3 s");
    assertThat(messages(broker).count()).isZero();
  }

  @Test
  void theHeaderIsNegatedAndTheRestIsKept() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    publish(channel, "k", 5_000, "body");
    broker.advance(5_000);
    Received got = channel.get("q");
    BasicProperties properties = BasicProperties.of(got.properties());
    assertThat(properties.headers().get("x-delay")).isEqualTo(FieldValue.of(-5_000));
    assertThat(properties.headers().get("mine")).isEqualTo(FieldValue.of("kept"));
    assertThat(properties.deliveryMode()).isEqualTo(2);
    assertThat(((BasicMethod.GetOk) got.method()).exchange()).isEqualTo("x");
    assertThat(((BasicMethod.GetOk) got.method()).routingKey()).isEqualTo("k");
  }

  @Test
  void anyNumberAndDigitsAreDelays() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    List<FieldValue> delays =
        List.of(
            new FieldValue.Int8((byte) 100),
            new FieldValue.UInt8(100),
            new FieldValue.Int16((short) 100),
            new FieldValue.UInt16(100),
            FieldValue.of(100),
            new FieldValue.UInt32(100),
            FieldValue.of(100L),
            new FieldValue.Float64(100.9),
            FieldValue.of("100"));
    for (FieldValue delay : delays) {
      publish(channel, "k", delay(delay, 1), "delayed");
    }
    publish(channel, "k", delay(FieldValue.of("soon"), 1), "at once");
    publish(channel, "k", delay(FieldValue.of(true), 1), "at once");
    assertThat(channel.drain("q")).containsExactly("at once", "at once");
    broker.advance(100);
    assertThat(channel.drain("q")).hasSize(delays.size());
  }

  @Test
  void aDelayOfMoreThanFortyNineDaysIsKept() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    long delay = 5_000_000_000L;
    publish(channel, "k", delay, "late");
    publish(channel, "k", Long.MAX_VALUE, "never");
    broker.advance(delay - 1);
    assertThat(channel.drain("q")).isEmpty();
    broker.advance(1);
    Received got = channel.get("q");
    assertThat(BasicProperties.of(got.properties()).headers().get("x-delay"))
        .isEqualTo(FieldValue.of(-delay));
    assertThat(messages(broker).count()).isEqualTo(1);
  }

  @Test
  void bindingsCountWhenTheMessageIsLetGo() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    publish(channel, "k", 1_000, "moved");
    publish(channel, "nowhere", 1_000, "lost");
    channel.unbind("q", "x", "k").declare("r").bind("r", "x", "k");
    broker.advance(1_000);
    assertThat(channel.drain("q")).isEmpty();
    assertThat(channel.drain("r")).containsExactly("moved");
  }

  @Test
  void everyInnerTypeRoutes() {
    TestBroker broker = TestBroker.start();
    for (String inner : List.of("fanout", "topic", "x-random", "x-modulus-hash")) {
      String name = "to-" + inner;
      TestChannel channel =
          broker
              .channel()
              .declareExchange(name, "x-delayed-message", type(inner))
              .declare(inner)
              .bind(inner, name, "#");
      channel.publish(name, "a.b", delay(FieldValue.of(10), 1), new byte[1]);
      channel.publish(name, "a.b", "without");
      broker.advance(10);
      assertThat(channel.drain(inner)).hasSize(2);
    }
  }

  @Test
  void aDelayedMessageCountsAsRouted() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker).confirm();
    channel
        .client()
        .push(
            channel
                .client()
                .encode(
                    1,
                    new BasicMethod.Publish("x", "k", true, false),
                    delay(FieldValue.of(10), 1),
                    new byte[1]));
    channel.expect(BasicMethod.Ack.class);
    channel.expectNothing();
  }

  @Test
  void theTypeMustBeGivenAndExist() {
    TestBroker broker = TestBroker.start();
    for (FieldTable wrong :
        List.of(
            FieldTable.EMPTY,
            type("nonsense"),
            FieldTable.builder().put("x-delayed-type", 5).build())) {
      TestChannel channel = broker.channel();
      channel.send(
          new ExchangeMethod.Declare(
              "x", "x-delayed-message", false, false, false, false, false, wrong));
      assertThat(channel.expectClose(406).replyText())
          .isEqualTo(
              "PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing"
                  + " exchange type");
    }
  }

  @Test
  void waitingMessagesCanBeListedAndCancelled() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    publish(channel, "k", 2_000, "second");
    publish(channel, "k", 1_000, "first");
    publish(channel, "k", 3_000, "third");
    broker.run();
    List<DelayedMessage> listed = messages(broker).first(2);
    assertThat(listed).extracting(DelayedMessage::routingKey).containsExactly("k", "k");
    assertThat(listed.get(0).due()).isLessThan(listed.get(1).due());
    assertThat(messages(broker).cancel(listed.get(0))).isTrue();
    assertThat(messages(broker).cancel(listed.get(0))).isFalse();
    broker.advance(3_000);
    assertThat(channel.drain("q")).containsExactly("second", "third");
  }

  @Test
  void memoryIsGivenBackWhenTheExchangeIsDeleted() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = declared(broker);
    long before = broker.run().memory().used();
    for (int i = 0; i < 100; i++) {
      publish(channel, "k", 1_000, "x".repeat(1_000));
    }
    assertThat(broker.run().memory().used()).isGreaterThan(before + 100_000);
    channel.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    broker.advance(2_000);
    assertThat(broker.memory().used()).isEqualTo(before);
    assertThat(channel.drain("q")).isEmpty();
  }

  @Test
  void persistentMessagesOfADurableExchangeSurviveWithTheirTime() {
    MemoryStore store = new MemoryStore();
    TestBroker broker = TestBroker.on(store);
    TestChannel channel = declaredDurable(broker).confirm();
    publish(channel, "k", 2_000, "later");
    publish(channel, "k", 1_000, "soon");
    publish(channel, "k", delay(FieldValue.of(1_000), 1), "transient");
    assertThat(channel.client().all(1))
        .extracting(Received::method)
        .isNotEmpty()
        .allMatch(method -> method instanceof BasicMethod.Ack);
    broker.advance(500);
    broker = TestBroker.on(store);
    broker.run();
    assertThat(messages(broker).count()).isEqualTo(2);
    channel = broker.channel();
    assertThat(channel.drain("q")).isEmpty();
    broker.advance(1_000);
    assertThat(channel.drain("q")).containsExactly("soon");
    broker.advance(1_000);
    assertThat(channel.drain("q")).containsExactly("later");
    channel.client().drop();
    broker.run();

    broker = TestBroker.on(store);
    broker.run();
    assertThat(messages(broker).count()).isZero();
    assertThat(broker.queue("q").readyCount()).isEqualTo(2);
  }

  @Test
  void whatTheMemoryIsTooShortForComesBackInOrder() {
    MemoryStore store = new MemoryStore();
    TestBroker broker = TestBroker.on(store, 4 << 20);
    TestChannel channel = declaredDurable(broker);
    String padding = "x".repeat(10_000);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int mode = 1 + i % 2;
      publish(channel, "k", delay(FieldValue.of(1_000 + i % 3), mode), i + " " + padding);
    }
    for (int r = 0; r < 3; r++) {
      int rest = r;
      IntStream.range(0, 600).filter(i -> i % 3 == rest).forEach(i -> expected.add("" + i));
    }
    assertThat(broker.run().memory().used()).isLessThan(3 << 20);
    broker.advance(2_000);
    assertThat(channel.drain("q")).extracting(body -> body.split(" ")[0]).isEqualTo(expected);
  }
}
