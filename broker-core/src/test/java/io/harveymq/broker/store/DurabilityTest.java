package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurabilityTest {
  private static final BasicProperties PERSISTENT =
      BasicProperties.builder().deliveryMode(2).build();

  private final MemoryStore store = new MemoryStore();
  private TestBroker broker = TestBroker.on(store);

  private static QueueMethod.Declare durable(String queue) {
    return new QueueMethod.Declare(queue, false, true, false, false, false, FieldTable.EMPTY);
  }

  private static TestChannel declare(TestChannel channel, String queue) {
    channel.call(durable(queue), QueueMethod.DeclareOk.class);
    return channel;
  }

  private static TestChannel publish(TestChannel channel, String queue, String body) {
    return channel.publish("", queue, PERSISTENT, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The broker is gone without a word; another one starts on what was committed. */
  private TestBroker crash() {
    broker = TestBroker.on(store);
    return broker;
  }

  /** The broker ends in order; another one starts on what it left. */
  private TestBroker restart() {
    broker.end();
    broker = TestBroker.on(store);
    return broker;
  }

  private static BasicMethod.Ack ack(long tag, boolean multiple) {
    return new BasicMethod.Ack(tag, multiple);
  }

  // ---- confirms

  @Test
  void aPersistentMessageInADurableQueueIsConfirmedAfterItsCommit() {
    TestChannel channel = declare(broker.channel(), "q").confirm();
    broker.holdStore(true);
    publish(channel, "q", "one");
    broker.run();
    publish(channel, "q", "two");
    channel.expectNothing();
    broker.holdStore(false);
    assertThat(channel.next().method()).isEqualTo(ack(1, false));
    assertThat(channel.next().method()).isEqualTo(ack(2, false));
    channel.expectNothing();
  }

  @Test
  void theConfirmsOfOneCommitGoOutAsOne() {
    TestChannel channel = declare(broker.channel(), "q").confirm();
    broker.holdStore(true);
    publish(channel, "q", "handed over at once");
    broker.run();
    for (int i = 0; i < 10; i++) {
      publish(channel, "q", "gathered meanwhile");
    }
    broker.holdStore(false);
    assertThat(channel.next().method()).isEqualTo(ack(1, false));
    assertThat(channel.next().method()).isEqualTo(ack(11, true));
  }

  @Test
  void theNextCommitIsUnderWayWhenConfirmsGoOut() {
    TestChannel channel = declare(broker.channel(), "q").confirm();
    broker.run().holdStore(true);
    publish(channel, "q", "one");
    broker.run();
    publish(channel, "q", "two");
    broker.run();
    assertThat(broker.home().store().changes()).isOne();
    broker.holdStore(false);
    broker.step();
    broker.holdStore(true);
    assertThat(broker.home().store().changes()).isZero();
    assertThat(channel.next().method()).isEqualTo(ack(1, false));
    channel.expectNothing();
  }

  @Test
  void whatNeedNotBeStoredIsConfirmedAtOnceAndSinglyAboveWhatWaits() {
    TestChannel channel = declare(broker.channel(), "q").declare("transient").confirm();
    broker.holdStore(true);
    publish(channel, "q", "waits");
    channel.publish("q", "transient message in a durable queue");
    publish(channel, "transient", "persistent message in a transient queue");
    channel.publish("nowhere", "unroutable");
    assertThat(channel.next().method()).isEqualTo(ack(2, false));
    assertThat(channel.next().method()).isEqualTo(ack(3, false));
    assertThat(channel.next().method()).isEqualTo(ack(4, false));
    channel.expectNothing();
    broker.holdStore(false);
    assertThat(channel.next().method()).isEqualTo(ack(1, false));
    channel.publish("nowhere", "unroutable");
    assertThat(channel.next().method()).isEqualTo(ack(5, false));
  }

  @Test
  void aMessageThatIsAckedWhileItGathersIsNeverWrittenAndConfirmedThen() {
    TestChannel channel = declare(broker.channel(), "q").confirm();
    TestChannel consumer = broker.channel().consume("q", "c");
    broker.holdStore(true);
    publish(channel, "q", "handed over");
    broker.run();
    publish(channel, "q", "gathering");
    assertThat(consumer.deliveries()).containsExactly("handed over", "gathering");
    consumer.ack(2);
    assertThat(channel.next().method()).isEqualTo(ack(2, false));
    channel.expectNothing();
    broker.holdStore(false);
    assertThat(channel.next().method()).isEqualTo(ack(1, false));
    assertThat(crash().channel().drain("q")).containsExactly("handed over");
  }

  @Test
  void aMessageInSeveralDurableQueuesIsConfirmedWhenNoCopyIsLeftToStore() {
    TestChannel channel = declare(declare(broker.channel(), "a"), "b");
    channel.bind("a", "amq.fanout", "").bind("b", "amq.fanout", "").confirm();
    TestChannel consumer = broker.channel().consume("a", "c");
    broker.holdStore(true);
    publish(channel, "a", "keeps the store busy");
    broker.run();
    channel.publish("amq.fanout", "", PERSISTENT, new byte[] {'x'});
    assertThat(consumer.deliveries()).hasSize(2);
    consumer.ack(2);
    channel.expectNothing();
    broker.holdStore(false);
    assertThat(channel.next().method()).isEqualTo(ack(1, false));
    assertThat(channel.next().method()).isEqualTo(ack(2, false));
    TestChannel after = crash().channel();
    assertThat(after.drain("a")).containsExactly("keeps the store busy");
    assertThat(after.drain("b")).containsExactly("x");
  }

  // ---- definitions

  @Test
  void declareOkWaitsForItsCommitAndSoDoesWhatFollowsOnThatChannelOnly() {
    TestChannel channel = broker.channel();
    TestChannel other = channel.client().channel(2);
    broker.holdStore(true);
    channel.send(durable("q"));
    channel.publish("q", "sent behind the declaration");
    channel.send(TestChannel.passive("q"));
    channel.expectNothing();
    other.declare("transient queue");
    other.send(durable("q"));
    other.expectNothing();
    broker.holdStore(false);
    assertThat(channel.expect(QueueMethod.DeclareOk.class).messageCount()).isZero();
    assertThat(channel.expect(QueueMethod.DeclareOk.class).messageCount()).isEqualTo(1);
    other.expect(QueueMethod.DeclareOk.class);
  }

  @Test
  void definitionsComeBackAndWhatIsNotDurableDoesNot() {
    TestChannel channel = declare(broker.channel(), "q").declare("transient");
    FieldTable arguments = FieldTable.builder().put("alternate-exchange", "amq.fanout").build();
    channel.call(
        new ExchangeMethod.Declare("e", "topic", false, true, false, false, false, arguments),
        ExchangeMethod.DeclareOk.class);
    channel.declareExchange("transient exchange", "fanout");
    channel.bind("q", "e", "a.*").bind("q", "amq.direct", "k").bind("q", "amq.direct", "gone");
    channel.bind("transient", "e", "a.*").bind("q", "transient exchange", "");
    channel.unbind("q", "amq.direct", "gone");
    declare(channel, "deleted").bind("deleted", "amq.direct", "d");
    channel.call(
        new QueueMethod.Delete("deleted", false, false, false), QueueMethod.DeleteOk.class);

    TestChannel after = crash().channel();
    assertThat(broker.vhost().queues()).extracting(AmqpQueue::name).containsExactly("q");
    assertThat(broker.vhost().exchangeOrNull("transient exchange")).isNull();
    assertThat(broker.vhost().exchange("e").alternateExchange()).isEqualTo("amq.fanout");
    assertThat(broker.vhost().exchange("amq.direct").bindings()).hasSize(1);
    after.publish("e", "a.b", "by topic").publish("amq.direct", "k", "direct");
    assertThat(after.drain("q")).containsExactly("by topic", "direct");
  }

  @Test
  void anAutoDeleteExchangeGoesFromTheStoreWithItsLastBinding() {
    TestChannel channel = declare(broker.channel(), "q");
    channel.call(
        new ExchangeMethod.Declare(
            "e", "fanout", false, true, true, false, false, FieldTable.EMPTY),
        ExchangeMethod.DeclareOk.class);
    channel.bind("q", "e", "").unbind("q", "e", "");
    crash();
    assertThat(broker.vhost().exchangeOrNull("e")).isNull();
  }

  // ---- messages

  @Test
  void persistentMessagesComeBackInOrderAndTransientOnesAreGone() {
    TestChannel channel = declare(broker.channel(), "q").confirm();
    publish(channel, "q", "one");
    channel.publish("q", "transient");
    publish(channel, "q", "two");
    publish(channel, "q", "three");
    broker.run();
    TestChannel after = crash().channel();
    assertThat(after.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class).messageCount())
        .isEqualTo(3);
    assertThat(after.drain("q")).containsExactly("one", "two", "three");
  }

  @Test
  void whatWasDeliveredBeforeIsFlaggedRedeliveredInItsPlaceAndAckedOnesStayAway() {
    TestChannel channel = declare(broker.channel(), "q");
    for (String body : List.of("a", "b", "c", "d")) {
      publish(channel, "q", body);
    }
    broker.run();
    Received first = channel.get("q");
    Received second = channel.get("q");
    channel.get("q");
    channel.ack(second.deliveryTag()).requeue(first.deliveryTag());
    TestChannel after = restart().channel();
    Received a = after.get("q");
    Received c = after.get("q");
    Received d = after.get("q");
    assertThat(List.of(a.text(), c.text(), d.text())).containsExactly("a", "c", "d");
    assertThat(a.redelivered()).isTrue();
    assertThat(c.redelivered()).isTrue();
    assertThat(d.redelivered()).isFalse();
    assertThat(after.get("q")).isNull();
  }

  @Test
  void afterACrashEverythingIsFlaggedRedelivered() {
    TestChannel channel = declare(broker.channel(), "q");
    publish(channel, "q", "never delivered");
    broker.run();
    TestChannel after = crash().channel();
    publish(after, "q", "new");
    assertThat(after.get("q").redelivered()).isTrue();
    assertThat(after.get("q").redelivered()).isFalse();
  }

  @Test
  void anAckAloneIsCommittedWithoutOtherTraffic() {
    TestChannel channel = declare(broker.channel(), "q");
    publish(channel, "q", "x");
    broker.run();
    channel.ack(channel.get("q").deliveryTag());
    broker.run();
    assertThat(crash().channel().get("q")).isNull();
  }

  @Test
  void aPurgeSparesWhatIsUnacknowledgedEvenInTheStore() {
    TestChannel channel = declare(broker.channel(), "q");
    for (String body : List.of("held", "returned", "waiting", "last")) {
      publish(channel, "q", body);
    }
    broker.run();
    channel.get("q");
    channel.requeue(channel.get("q").deliveryTag());
    QueueMethod.PurgeOk purged =
        channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    assertThat(purged.messageCount()).isEqualTo(3);
    broker.run();
    assertThat(crash().channel().drain("q")).containsExactly("held");
  }

  @Test
  void positionsGoOnAfterARestartOfAnEmptiedQueue() {
    TestChannel channel = declare(broker.channel(), "q");
    for (int i = 0; i < 5; i++) {
      publish(channel, "q", "m" + i);
      channel.ack(channel.get("q").deliveryTag());
    }
    TestChannel after = restart().channel();
    publish(after, "q", "new");
    Received found = restart().channel().get("q");
    assertThat(found.text()).isEqualTo("new");
    assertThat(found.redelivered()).isFalse();
  }

  @Test
  void commitOkWaitsUntilTheTransactionIsStored() {
    TestChannel channel = declare(broker.channel(), "q");
    publish(channel, "q", "before");
    broker.run();
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.ack(channel.get("q").deliveryTag());
    publish(channel, "q", "within");
    broker.run();
    broker.holdStore(true);
    channel.send(new TxMethod.Commit());
    channel.expectNothing();
    broker.holdStore(false);
    channel.expect(TxMethod.CommitOk.class);
    assertThat(crash().channel().drain("q")).containsExactly("within");
  }

  @Test
  void aTransactionThatChangesNothingDurableDoesNotWait() {
    TestChannel channel = broker.channel().declare("transient");
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    broker.holdStore(true);
    publish(channel, "transient", "x");
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
  }
}
