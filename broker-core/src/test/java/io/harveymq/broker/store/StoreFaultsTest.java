package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreFaultsTest {
  private static final BasicProperties PERSISTENT =
      BasicProperties.builder().deliveryMode(2).build();

  private final MemoryStore kept = new MemoryStore();
  private final FullStore store = new FullStore(kept);
  private final TestBroker broker = TestBroker.on(store);
  private final TestChannel publisher = broker.channel();

  StoreFaultsTest() {
    publisher.call(durable("q"), QueueMethod.DeclareOk.class);
    publisher.confirm();
  }

  private static QueueMethod.Declare durable(String queue) {
    return new QueueMethod.Declare(queue, false, true, false, false, false, FieldTable.EMPTY);
  }

  private void publish(String body) {
    publisher.publish("", "q", PERSISTENT, body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> waitingAfterCrash(MemoryStore kept) {
    return TestBroker.on(kept).channel().drain("q");
  }

  @Test
  void onAFullDiskNothingIsConfirmedAndConsumersGoOn() {
    publish("stored");
    assertThat(publisher.next().method()).isEqualTo(new BasicMethod.Ack(1, false));
    store.full(true);
    publish("two");
    publish("three");
    publisher.expectNothing();
    TestChannel consumer = broker.channel().consume("q", "c");
    assertThat(consumer.deliveries()).containsExactly("stored", "two", "three");
    consumer.ack(1).ack(2);
    broker.advance(1_000);
    assertThat(publisher.next().method())
        .as("acknowledged before it could be written")
        .isEqualTo(new BasicMethod.Ack(2, false));
    publisher.expectNothing();
    assertThat(kept.read(1, 0, 1_000)).as("the ack was stored").isEmpty();
  }

  @Test
  void allResumesInOrderWhenThereIsSpaceAgain() {
    store.full(true);
    publish("one");
    broker.advance(300);
    publish("two");
    TestChannel other = broker.channel();
    other.send(durable("declared meanwhile"));
    broker.advance(500);
    publish("three");
    publisher.expectNothing();
    other.expectNothing();
    store.full(false);
    broker.advance(500);
    assertThat(publisher.next().method()).isEqualTo(new BasicMethod.Ack(3, true));
    other.expect(QueueMethod.DeclareOk.class);
    assertThat(waitingAfterCrash(kept)).containsExactly("one", "two", "three");
  }

  @Test
  void aPurgeOnAFullDiskTakesWhatCouldNotBeWritten() {
    publish("stored");
    broker.run();
    store.full(true);
    publish("unwritten");
    broker.advance(300);
    publish("gathering");
    publisher.send(new QueueMethod.Purge("q", false));
    publisher.expect(BasicMethod.Ack.class);
    store.full(false);
    broker.advance(1_000);
    assertThat(waitingAfterCrash(kept)).isEmpty();
  }

  private void selectTx(TestChannel channel) {
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
  }

  @Test
  void aTransactionIsStoredAsAWholeOrNotAtAll() {
    publish("before");
    broker.run();
    TestChannel channel = broker.channel();
    selectTx(channel);
    channel.ack(channel.get("q").deliveryTag());
    channel.publish("", "q", PERSISTENT, "after".getBytes(StandardCharsets.UTF_8));
    broker.run();
    store.full(true);
    channel.send(new TxMethod.Commit());
    broker.advance(1_000);
    channel.expectNothing();
    assertThat(waitingAfterCrash(kept)).containsExactly("before");
  }

  @Test
  void whatNeedsNoSpaceIsAnsweredOnAFullDisk() {
    publish("stored");
    broker.run();
    store.full(true);
    TestChannel channel = broker.channel();
    selectTx(channel);
    channel.ack(channel.get("q").deliveryTag());
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    assertThat(kept.load()).doesNotHaveAnyElementsOfTypes(Definition.Queue.class);
  }

  @Test
  void aQueueThatWasDeclaredAndDeletedOnAFullDiskDoesNotComeBack() {
    store.full(true);
    publish("keeps the disk full");
    broker.run();
    TestChannel channel = broker.channel();
    channel.send(
        new QueueMethod.Declare("ghost", false, true, false, false, true, FieldTable.EMPTY));
    channel.send(new QueueMethod.Delete("ghost", false, false, true));
    broker.advance(1_000);
    store.full(false);
    broker.advance(1_000);
    assertThat(TestBroker.on(kept).vhost().queueOrNull("ghost")).isNull();
  }

  @Test
  void aQueueThatIsDeletedWhileABatchIsRefusedLeavesNothingInTheStore() {
    publish("stored");
    broker.run();
    long log = broker.queue("q").log();
    store.full(true);
    broker.holdStore(true);
    publish("refused");
    broker.run();
    TestChannel channel = broker.channel();
    channel.send(new QueueMethod.Delete("q", false, false, true));
    broker.run();
    broker.holdStore(false);
    broker.advance(1_000);
    store.full(false);
    broker.advance(1_000);
    assertThat(kept.read(log, 0, 1 << 20)).isEmpty();
    assertThat(publisher.next().method()).isEqualTo(new BasicMethod.Ack(1, false));
    assertThat(publisher.next().method()).isEqualTo(new BasicMethod.Ack(2, false));
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aPublisherThatWaitedForTheStoreGoesOnAlthoughAllItSentWasAcknowledgedUnwritten() {
    TestChannel consumer = broker.channel().consume("q", "c");
    broker.holdStore(true);
    broker.channel().send(durable("keeps the store busy"));
    broker.run();
    for (int i = 0; i < 90; i++) {
      publisher.publish("", "q", PERSISTENT, new byte[100_000]);
    }
    broker.run();
    assertThat(consumer.deliveries()).hasSizeLessThan(90);
    consumer.ackUpTo(0);
    broker.run();
    broker.holdStore(false);
    broker.advance(1_000);
    publish("last");
    assertThat(consumer.deliveries()).contains("last");
  }

  @Test
  void aClientThatWasLostWhileTheDiskIsFullIsGoneSoon() {
    store.full(true);
    publish("unwritten");
    broker.run();
    TestChannel lost = broker.channel();
    lost.consume("q", "c");
    lost.send(durable("unanswered"));
    broker.run();
    lost.client().drop();
    broker.run();
    assertThat(broker.channel().get("q").text()).isEqualTo("unwritten");
  }

  @Test
  void aFailedSyncConfirmsNothingAnyMoreAndIsTold() {
    UncheckedIOException reason = new UncheckedIOException(new IOException("Input/output error"));
    store.breakWith(reason);
    publish("one");
    publisher.expectNothing();
    assertThat(broker.storeFailure()).isSameAs(reason);
    store.breakWith(null);
    publish("two");
    broker.advance(10_000);
    publisher.expectNothing();
  }
}
