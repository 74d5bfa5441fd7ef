package io.harveymq.broker.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store has not taken yet ends somewhere, and all of it is taken later. */
class StoreBehindTest {
  private static final int MOST_BYTES = 8 << 20;
  private static final int MOST_CHANGES = 32_768;

  private static final BasicProperties PERSISTENT =
      BasicProperties.builder().deliveryMode(2).build();

  private final TestBroker broker = TestBroker.on(new MemoryStore());
  private TestChannel publisher;

  @BeforeEach
  void start() {
    publisher = broker.channel();
    publisher.call(durable("q"), QueueMethod.DeclareOk.class);
    broker.holdStore(true);
    publish(1, 10);
    broker.run();
    assertThat(broker.home().store().changes()).as("the first one is handed over").isZero();
  }

  private static QueueMethod.Declare durable(String queue) {
    return new QueueMethod.Declare(queue, false, true, false, false, false, FieldTable.EMPTY);
  }

  private void publish(int count, int size) {
    byte[] body = new byte[size];
    for (int i = 0; i < count; i++) {
      publisher.publish("", "q", PERSISTENT, body);
    }
  }

  private int arrived() {
    return broker.queue("q").readyCount();
  }

  @Test
  void publishersAreNotReadWhileManyBytesWait() {
    int size = 100_000;
    int count = 3 * MOST_BYTES / size;
    publish(count, size);
    broker.run();
    assertThat((arrived() - 1) * size).isBetween(MOST_BYTES, MOST_BYTES * 5 / 4);
    assertThat(publisher.client().socket().unread()).isGreaterThan(MOST_BYTES);
    broker.holdStore(false);
    broker.run();
    assertThat(arrived()).isEqualTo(1 + count);
  }

  @Test
  void publishersAreNotReadWhileManyChangesWait() {
    int count = MOST_CHANGES + 1_000;
    broker.holdStore(false);
    publish(count, 1);
    TestChannel consumer = broker.channel().consume("q", "c");
    assertThat(consumer.deliveries()).hasSize(1 + count);
    consumer.cancel("c");
    broker.run().holdStore(true);
    publish(1, 1);
    broker.run();
    consumer.ackUpTo(1 + count);
    broker.run();
    assertThat(broker.home().store().changes()).isGreaterThan(MOST_CHANGES);
    int before = arrived();
    publish(10_000, 1);
    broker.run();
    assertThat(arrived() - before).isLessThan(5_000);
    assertThat(publisher.client().socket().unread()).isPositive();
    broker.holdStore(false);
    broker.run();
    assertThat(arrived() - before).isEqualTo(10_000);
  }

  @Test
  void whoDeclaresIsNotReadEither() {
    int count = MOST_CHANGES + 10_000;
    TestChannel declarer = broker.channel();
    for (int i = 0; i < count; i++) {
      declarer.send(
          new QueueMethod.Declare("d" + i, false, true, false, false, true, FieldTable.EMPTY));
    }
    broker.run();
    assertThat(broker.home().store().changes()).isLessThan(MOST_CHANGES * 5 / 4);
    assertThat(declarer.client().socket().unread()).isPositive();
    broker.holdStore(false);
    broker.run();
    assertThat(broker.queue("d" + (count - 1))).isNotNull();
  }
}
