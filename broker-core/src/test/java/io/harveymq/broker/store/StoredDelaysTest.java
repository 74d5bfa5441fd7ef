package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.exchange.DelayedExchange;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.Test;

/** What the store has of messages that wait in a delayed exchange, and of those it let go. */
class StoredDelaysTest {
  private final MemoryStore memory = new MemoryStore();
  private final FullStore store = new FullStore(memory);
  private final TestBroker broker = TestBroker.on(store);
  private final TestChannel channel = broker.channel();

  private void declare() {
    FieldTable type = FieldTable.builder().put("x-delayed-type", "fanout").build();
    channel.call(
        new ExchangeMethod.Declare(
            "x", "x-delayed-message", false, true, false, false, false, type),
        ExchangeMethod.DeclareOk.class);
    channel.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    channel.bind("q", "x", "");
  }

  private void publish(int size) {
    FieldTable headers = FieldTable.builder().put("x-delay", 1_000).build();
    BasicProperties properties = BasicProperties.builder().headers(headers).deliveryMode(2).build();
    channel.publish("x", "", properties, new byte[size]);
  }

  private static int waiting(TestBroker broker) {
    return ((DelayedExchange) broker.vhost().exchange("x")).messages().count();
  }

  @Test
  void aMessageThatFallsDueOnAFullDiskIsNotLostByACrash() {
    declare();
    publish(5);
    broker.run();
    store.full(true);
    broker.advance(1_000);
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);

    TestBroker next = TestBroker.on(memory);
    next.run();
    assertThat(waiting(next) + next.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void aMessageIsInTheQueueAndNoMoreInTheExchangeByOneCommit() {
    declare();
    publish(5);
    broker.run();
    broker.holdStore(true);
    broker.advance(1_000);
    TestBroker before = TestBroker.on(memory);
    before.run();
    assertThat(waiting(before)).isEqualTo(1);
    assertThat(before.queue("q").readyCount()).isZero();

    broker.holdStore(false);
    broker.run();
    TestBroker after = TestBroker.on(memory);
    after.run();
    assertThat(waiting(after)).isZero();
    assertThat(after.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void acknowledgementsGiveTheBytesOfBodies() {
    declare();
    publish(5);
    publish(700);
    broker.run();
    broker.advance(1_000);
    assertThat(store.ackedBytes()).isEqualTo(705);
  }
}
