package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
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
