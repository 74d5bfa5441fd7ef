package io.harveymq.broker.queue;

import static io.harveymq.broker.queue.Streams.declared;
import static io.harveymq.broker.queue.Streams.expectRange;
import static io.harveymq.broker.queue.Streams.first;
import static io.harveymq.broker.queue.Streams.offsets;
import static io.harveymq.broker.queue.Streams.publish;
import static io.harveymq.broker.queue.Streams.queue;
import static io.harveymq.broker.queue.Streams.reader;
import static io.harveymq.broker.queue.Streams.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.FullStore;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams step by step, with and without a store. */
class StreamQueueTest {
  private static final int SHARE = 8 << 20;

  private final MemoryStore store = new MemoryStore();

  private TestBroker broker(boolean stored) {
    return stored ? TestBroker.on(store, SHARE) : TestBroker.withMemory(SHARE, SHARE);
  }

  // ---- what is safe is seen

  @Test
  void aMessageIsSeenOnceItIsSafeAndNotBefore() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream()).confirm();
    TestChannel reader = reader(broker, 10, FieldValue.of("next"));
    broker.holdStore(true);
    publish(publisher, 0, 3, 5);
    publish(publisher, 3, 5, 5);
    reader.expectNothing();
    publisher.expectNothing();
    assertThat(queue(broker).readyCount()).isZero();
    broker.holdStore(false);
    broker.run();
    expectRange(offsets(reader), 0, 5);
    assertThat(publisher.expect(BasicMethod.Ack.class).deliveryTag()).isPositive();
    assertThat(queue(broker).readyCount()).isEqualTo(5);
  }

  @Test
  void whatACrashLosesNobodyHasSeenAndItsOffsetsAreUsedAgain() {
    TestBroker crashing = broker(true);
    TestChannel publisher = declared(crashing, stream());
    publish(publisher, 0, 3, 5);
    TestChannel reader = first(crashing, 100);
    expectRange(offsets(reader), 0, 3);
    crashing.holdStore(true);
    publish(publisher, 100, 104, 5);
    reader.expectNothing();

    TestBroker broker = broker(true);
    publish(broker.channel(), 3, 6, 5);
    expectRange(offsets(first(broker, 100)), 0, 6);
  }

  @Test
  void onAFullDiskMessagesWaitUnseenAndKeepTheirOrder() {
    FullStore disk = new FullStore(store);
    TestBroker broker = TestBroker.on(disk, SHARE);
    TestChannel publisher = declared(broker, stream().put("x-stream-max-segment-size-bytes", 400));
    publish(publisher, 0, 5, 10);
    TestChannel reader = first(broker, 100);
    expectRange(offsets(reader), 0, 5);
    disk.full(true);
    publish(publisher, 5, 9, 10);
    publish(publisher, 9, 30, 10);
    broker.advance(1_000);
    reader.expectNothing();
    TestChannel other = first(broker, 100);
    broker.advance(1_000);
    expectRange(offsets(other), 0, 5);
    disk.full(false);
    broker.advance(1_000);
    expectRange(offsets(reader), 5, 30);
    expectRange(offsets(other), 5, 30);
    expectRange(offsets(first(broker(true), 100)), 0, 30);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void alternateAndDelayedExchangesLeadToStreamsToo(boolean stored) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, stream());
    channel
        .declareExchange("all", "fanout")
        .bind("s", "all", "")
        .declareExchange(
            "first", "direct", FieldTable.builder().put("alternate-exchange", "all").build())
        .declareExchange(
            "later",
            "x-delayed-message",
            FieldTable.builder().put("x-delayed-type", "fanout").build())
        .bind("s", "later", "");
    channel.publish("first", "nobody", "0");
    FieldTable delay = FieldTable.builder().put("x-delay", 5_000).build();
    BasicProperties properties = BasicProperties.builder().headers(delay).deliveryMode(2).build();
    channel.publish("later", "", properties, new byte[] {'1'});
    TestChannel reader = first(broker, 10);
    expectRange(offsets(reader), 0, 1);
    broker.advance(6_000);
    expectRange(offsets(reader), 1, 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allMessagesStayAlsoTransientAndEmptyOnes(boolean stored) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, stream());
    BasicProperties passing = BasicProperties.builder().deliveryMode(1).build();
    channel.publish("", "s", passing, new byte[0]);
    channel.publish("", "s", BasicProperties.EMPTY, new byte[] {1});
    broker.run();
    if (stored) {
      broker = broker(true);
    }
    TestChannel reader = first(broker, 10);
    Received empty = reader.nextDelivery();
    assertThat(empty.body()).isEmpty();
    assertThat(BasicProperties.deliveryMode(empty.properties())).isEqualTo(1);
    assertThat(reader.nextDelivery().body()).containsExactly(1);
  }

  // ---- memory

  @Test
  void memoryStaysBoundedAndAllComesInOrderToEachReader() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream());
    TestChannel slow = first(broker, 7);
    for (int i = 0; i < 10_000; i += 500) {
      publish(publisher, i, i + 500, 1_000);
      assertThat(broker.memory().used()).isLessThan(SHARE / 2);
    }
    TestChannel fast = first(broker, 1_000);
    TestChannel middle = reader(broker, 50, FieldValue.of(5_000));
    expectRange(offsets(middle), 5_000, 10_000);
    expectRange(offsets(fast), 0, 10_000);
    expectRange(offsets(slow), 0, 10_000);
    publish(publisher, 10_000, 10_100, 1_000);
    expectRange(offsets(slow), 10_000, 10_100);
    expectRange(offsets(fast), 10_000, 10_100);
    broker.run();
    assertThat(middle.deliveries()).hasSize(50);
    assertThat(queue(broker).unackedCount()).isEqualTo(50);
    middle.close();
    broker.run();
    assertThat(queue(broker).unackedCount()).isZero();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void ofWhatAStuckReaderLeavesUnreadLittleStaysInMemory() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream());
    TestChannel stuck = first(broker, 1);
    for (int i = 0; i < 6_000; i += 200) {
      publish(publisher, i, i + 200, 1_000);
      assertThat(broker.memory().used()).isLessThan(3 << 19);
    }
    assertThat(broker.memory().used()).as("the end is in memory").isGreaterThan(500_000);
    assertThat(stuck.nextDelivery().text().trim()).isEqualTo("0");
  }

  @Test
  void readersAtTheEndAreServedFromMemory() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream());
    publish(publisher, 0, 10, 10);
    TestChannel reader = first(broker, 1_000);
    expectRange(offsets(reader), 0, 10);
    for (int i = 10; i < 100; i += 10) {
      broker.holdStore(true);
      publish(publisher, i, i + 10, 10);
      reader.expectNothing();
      broker.holdStore(false);
      broker.step();
      broker.holdStore(true);
      expectRange(offsets(reader), i, i + 10);
      broker.holdStore(false);
      broker.run();
    }
  }

  @Test
  void aReaderMissesNothingThatItForgotWhenMemoryGotShort() {
    TestBroker broker = broker(true);
    publish(declared(broker, stream()), 0, 1_000, 1_000);
    TestChannel reader = first(broker, 100);
    assertThat(reader.deliveries()).hasSize(100);
    broker.holdStore(true);
    reader.ackUpTo(50);
    assertThat(reader.deliveries()).hasSize(50);
    long most = broker.memory().used();
    broker.memory().add(SHARE / 4 * 3);
    reader.ackUpTo(51);
    assertThat(reader.deliveries()).hasSize(1);
    assertThat(broker.memory().used()).isLessThan(SHARE / 4 * 3 + most - 50_000);
    broker.memory().add(-SHARE / 4 * 3);
    broker.holdStore(false);
    broker.run();
    reader.ackUpTo(151);
    expectRange(offsets(reader), 151, 1_000);
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void anAbandonedReaderLeavesNothingInMemory() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream());
    publish(publisher, 0, 2_000, 1_000);
    TestChannel reader = first(broker, 5);
    assertThat(reader.nextDelivery().deliveryTag()).isEqualTo(1);
    publish(publisher, 2_000, 2_100, 1_000);
    assertThat(reader.deliveries()).hasSize(4);
    reader.close();
    broker.run();
    assertThat(queue(broker).unackedCount()).isZero();
    assertThat(queue(broker).consumerCount()).isZero();
    assertThat(broker.memory().used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDeletedStreamLeavesNothing(boolean stored) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, stream().put("x-stream-max-segment-size-bytes", 9_000));
    publish(channel, 0, 3_000, 100);
    TestChannel reader = first(broker, 5);
    broker.run();
    assertThat(channel.call(delete(), QueueMethod.DeleteOk.class).messageCount()).isZero();
    List<Received> left = new ArrayList<>();
    for (Received one = reader.next(); one != null; one = reader.next()) {
      left.add(one);
    }
    assertThat(left).hasSize(6);
    assertThat(left.get(5).method()).isEqualTo(new BasicMethod.Cancel("c", true));
    reader.close();
    broker.run();
    assertThat(broker.memory().used()).isZero();
    assertThat(store.logs()).isEmpty();
  }

  private static QueueMethod.Delete delete() {
    return new QueueMethod.Delete("s", false, false, false);
  }

  // ---- settling

  @Test
  void refusalsGiveCreditButNotLike310() {
    TestBroker broker = broker(true);
    publish(declared(broker, stream()), 0, 4, 5);
    TestChannel reader = first(broker, 1);
    reader.requeue(reader.nextDelivery().deliveryTag());
    reader.send(new BasicMethod.Nack(reader.nextDelivery().deliveryTag(), true, false));
    assertThat(reader.nextDelivery().text().trim()).isEqualTo("2");

    broker.like(Compatibility.V3_10);
    TestChannel other = first(broker, 5);
    other.nextDelivery();
    other.send(new BasicMethod.Nack(0, true, true));
    while (other.client().arrived(1).size() > 0) {
      assertThat(other.client().isClosed()).isFalse();
    }
    assertThat(other.client().expectClose(540))
        .isEqualTo(
            "NOT_IMPLEMENTED - basic.nack and basic.reject not supported by stream queues queue"
                + " 's' in vhost '/'");
    broker.run();
    assertThat(queue(broker).unackedCount()).isEqualTo(1);
  }

  @Test
  void aReaderThatCanTakeNothingHoldsUpNobodyElse() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream());
    TestChannel stuck = first(broker, 1);
    TestChannel going = first(broker, 1_000);
    publish(publisher, 0, 5_000, 100);
    assertThat(stuck.nextDelivery().text().trim()).isEqualTo("0");
    expectRange(offsets(going), 0, 5_000);
    stuck.expectNothing();
    stuck.ack(1);
    expectRange(offsets(stuck), 1, 5_000);
  }

  @Test
  void filteredReadersSkipWhatTheyDoNotWantAlsoFromTheStore() {
    TestBroker broker = broker(true);
    TestChannel publisher = declared(broker, stream());
    for (int i = 0; i < 3_000; i++) {
      FieldTable.Builder headers = FieldTable.builder();
      if (i % 10 == 0) {
        headers.put("x-stream-filter-value", i % 20 == 0 ? "even" : "odd");
      }
      byte[] body = String.valueOf(i).getBytes(StandardCharsets.US_ASCII);
      publisher.publish("", "s", BasicProperties.builder().headers(headers.build()).build(), body);
    }
    FieldTable arguments =
        FieldTable.builder().put("x-stream-offset", "first").put("x-stream-filter", "odd").build();
    TestChannel reader = broker.channel().prefetch(3).consume("s", "c", false, arguments);
    assertThat(offsets(reader)).hasSize(150).allMatch(offset -> offset % 20 == 10);
  }
}
