package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From 4.3 on a quorum queue counts failed deliveries and those that came back. */
class DeliveryCountTest {
  private final TestBroker broker = TestBroker.of(Compatibility.V4_3);
  private final TestChannel channel = broker.channel();

  private static FieldTable.Builder quorum() {
    return FieldTable.builder().put("x-queue-type", "quorum");
  }

  private static TestChannel declare(TestChannel channel, FieldTable.Builder arguments) {
    channel.call(
        new QueueMethod.Declare("q", false, true, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
    return channel;
  }

  private static Long header(Received delivery, String name) {
    FieldTable headers = BasicProperties.of(delivery.properties()).headers();
    FieldValue value = headers == null ? null : headers.get(name);
    return value == null ? null : Long.valueOf(value.asLong());
  }

  private static void assertCounts(Received delivery, Long failures, Long acquired) {
    assertThat(header(delivery, "x-delivery-count")).as("x-delivery-count").isEqualTo(failures);
    assertThat(header(delivery, "x-acquired-count")).as("x-acquired-count").isEqualTo(acquired);
  }

  private void nack(Received delivery) {
    channel.send(new BasicMethod.Nack(delivery.deliveryTag(), false, true));
  }

  @Test
  void aRejectedDeliveryFailedAndANackedOneDidNot() {
    declare(channel, quorum()).publish("q", "a").consume("q", "c");
    Received first = channel.nextDelivery();
    assertCounts(first, null, null);
    nack(first);
    Received second = channel.nextDelivery();
    assertCounts(second, null, 1L);
    assertThat(second.redelivered()).isTrue();
    channel.requeue(second.deliveryTag());
    Received third = channel.nextDelivery();
    assertCounts(third, 1L, 2L);
    channel.requeueUpTo(third.deliveryTag());
    assertCounts(channel.nextDelivery(), 1L, 3L);
  }

  @Test
  void countsGoAlongToTheEndOfAQueueWithoutALimit() {
    declare(channel, quorum().put("x-delivery-limit", -1)).publish("q", "a");
    nack(channel.get("q"));
    channel.requeue(channel.get("q").deliveryTag());
    broker.run();
    assertCounts(channel.get("q"), 1L, 2L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWentToTheEndOfALongQueueIsRedeliveredWhenItIsReadBack(boolean restarted) {
    MemoryStore store = new MemoryStore();
    TestBroker longQueue = TestBroker.on(store, Compatibility.V4_3);
    TestChannel client = longQueue.channel();
    declare(client, quorum().put("x-delivery-limit", -1));
    String filler = "x".repeat(100_000);
    client.publish("q", "nacked").publish("q", "rejected");
    for (int i = 0; i < 200; i++) {
      client.publish("q", filler);
    }
    longQueue.run();
    client.send(new BasicMethod.Nack(client.get("q").deliveryTag(), false, true));
    client.requeue(client.get("q").deliveryTag());
    longQueue.run();
    if (restarted) {
      longQueue.end();
      longQueue = TestBroker.on(store, Compatibility.V4_3);
      client = longQueue.channel();
    }
    for (int i = 0; i < 200; i++) {
      Received fresh = client.get("q");
      assertThat(fresh.text()).isEqualTo(filler);
      assertThat(fresh.redelivered()).isFalse();
      client.ack(fresh.deliveryTag());
    }
    Received nacked = client.get("q");
    assertThat(nacked.text()).isEqualTo("nacked");
    assertThat(nacked.redelivered()).isTrue();
    assertCounts(nacked, null, 1L);
    Received rejected = client.get("q");
    assertThat(rejected.redelivered()).isTrue();
    assertCounts(rejected, 1L, 1L);
  }

  @Test
  void theDeliveryLimitLooksAtFailuresOnly() {
    declare(channel, quorum().put("x-delivery-limit", 1)).publish("q", "a").consume("q", "c");
    for (int i = 0; i < 5; i++) {
      nack(channel.nextDelivery());
    }
    channel.requeue(channel.nextDelivery().deliveryTag());
    Received last = channel.nextDelivery();
    assertCounts(last, 1L, 6L);
    channel.requeue(last.deliveryTag());
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isZero();
  }

  @Test
  void aLostConnectionAndAClosedChannelFail() {
    declare(channel, quorum()).publish("q", "a");
    TestChannel lost = broker.channel().consume("q", "c");
    lost.nextDelivery();
    lost.client().drop();
    broker.run();
    TestChannel closed = broker.channel();
    assertCounts(closed.get("q"), 1L, 1L);
    closed.close();
    assertCounts(channel.get("q"), 2L, 2L);
  }

  @Test
  void whatACancelledConsumerHoldsFailsWithItsChannel() {
    declare(channel, quorum()).publish("q", "a");
    TestChannel other = broker.channel().consume("q", "c");
    other.nextDelivery();
    other.cancel("c");
    assertThat(broker.queue("q").readyCount()).isZero();
    other.close();
    assertCounts(channel.get("q"), 1L, 1L);
  }

  @Test
  void recoverIsNoFailure() {
    declare(channel, quorum()).publish("q", "a").consume("q", "c").nextDelivery();
    channel.send(new BasicMethod.Recover(true));
    Received again = channel.next();
    if (again.method() instanceof BasicMethod.RecoverOk) {
      again = channel.next();
    }
    assertCounts(again, null, 1L);
  }

  @Test
  void manyAtOnceAreNoFailureEither() {
    int count = 3_000;
    declare(channel, quorum());
    broker.fill("q", count);
    List<String> bodies = channel.consume("q", "c").deliveries();
    assertThat(bodies).hasSize(count);
    channel.send(new BasicMethod.Cancel("c", true)).requeueUpTo(0);
    broker.run();
    assertCounts(channel.get("q"), null, 1L);
  }

  @Test
  void inATransactionTheMethodCountsToo() {
    declare(channel, quorum()).publish("q", "a");
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    nack(channel.get("q"));
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    Received second = channel.get("q");
    assertCounts(second, null, 1L);
    channel.requeue(second.deliveryTag());
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertCounts(channel.get("q"), 1L, 2L);
  }

  @Test
  void classicQueuesShowNoCounts() {
    channel.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    channel.publish("q", "a");
    nack(channel.get("q"));
    Received again = channel.get("q");
    assertThat(again.redelivered()).isTrue();
    assertCounts(again, null, null);
  }

  @Test
  void upTo42EveryReturnIsAFailure() {
    TestBroker older = TestBroker.of(Compatibility.V4_2);
    TestChannel there = declare(older.channel(), quorum()).publish("q", "a");
    there.send(new BasicMethod.Nack(there.get("q").deliveryTag(), false, true));
    Received second = there.get("q");
    assertCounts(second, 1L, null);
    there.requeue(second.deliveryTag());
    assertCounts(there.get("q"), 2L, null);
  }

  @Test
  void bothCountsSurviveARestart() {
    MemoryStore store = new MemoryStore();
    TestBroker before = TestBroker.on(store, Compatibility.V4_3);
    TestChannel first = declare(before.channel(), quorum());
    first.publish("", "q", BasicProperties.builder().deliveryMode(2).build(), new byte[1]);
    first.requeue(first.get("q").deliveryTag());
    for (int i = 0; i < 3; i++) {
      first.send(new BasicMethod.Nack(first.get("q").deliveryTag(), false, true));
    }
    before.run().end();
    TestChannel second = TestBroker.on(store, Compatibility.V4_3).channel();
    Received delivery = second.get("q");
    assertCounts(delivery, 1L, 4L);
    assertThat(delivery.redelivered()).isTrue();
  }

  @Test
  void theStoreStillLearnsWhatCameBackToAClassicQueueWithPriorities() {
    MemoryStore store = new MemoryStore();
    TestBroker before = TestBroker.on(store, Compatibility.V4_3);
    TestChannel first = before.channel();
    FieldTable priorities = FieldTable.builder().put("x-max-priority", 5).build();
    first.call(
        new QueueMethod.Declare("q", false, true, false, false, false, priorities),
        QueueMethod.DeclareOk.class);
    BasicProperties urgent = BasicProperties.builder().deliveryMode(2).priority(5).build();
    first.publish("", "q", urgent, new byte[1]);
    first.send(new BasicMethod.Nack(first.get("q").deliveryTag(), false, true));
    before.run();
    long log = before.queue("q").log() + 5;
    assertThat(store.read(log, 0, 1_000).get(0).deliveries()).isEqualTo(1);
  }
}
