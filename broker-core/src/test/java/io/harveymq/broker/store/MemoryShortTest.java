package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many or long queues in the store and little memory. */
class MemoryShortTest {
  private static final int SHARE = 8 << 20;
  private static final byte[] BODY = new byte[1_000];
  private static final BasicProperties PERSISTENT =
      BasicProperties.builder().deliveryMode(2).build();

  private final MemoryStore store = new MemoryStore();

  private static void fill(TestBroker broker, TestChannel channel, String queue, int messages) {
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    for (int i = 0; i < messages; i++) {
      channel.publish("", queue, PERSISTENT, BODY);
    }
    broker.run();
  }

  @Test
  void aConsumerThatNeverAcknowledgesStopsAtTheShareAndGoesOnWhenItDoes() {
    TestBroker broker = TestBroker.on(store, SHARE);
    fill(broker, broker.channel(), "q", 20_000);
    TestChannel consumer = broker.channel().consume("q", "c");
    int delivered = consumer.deliveries().size();
    assertThat(delivered).isLessThan(20_000);
    assertThat(broker.memory().used()).isLessThan(SHARE * 3 / 2);
    for (int more = delivered; more > 0; ) {
      consumer.ackUpTo(0);
      more = consumer.deliveries().size();
      delivered += more;
    }
    assertThat(delivered).isEqualTo(20_000);
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void idleConsumersOfManyLongQueuesLoadNoMoreThanTheShare() {
    TestBroker first = TestBroker.on(store);
    TestChannel publisher = first.channel();
    for (int q = 0; q < 40; q++) {
      fill(first, publisher, "q" + q, 2_000);
    }
    TestBroker broker = TestBroker.on(store, SHARE);
    List<TestChannel> consumers = new ArrayList<>();
    for (int q = 0; q < 40; q++) {
      consumers.add(broker.channel().prefetch(1).consume("q" + q, "c"));
    }
    broker.run();
    assertThat(broker.memory().used()).isLessThan(SHARE);
    for (TestChannel consumer : consumers) {
      assertThat(consumer.deliveries()).as("each gets what it can take").hasSize(1);
    }
  }

  @Test
  void publishersToManyQueuesWithoutConsumersGoOn() {
    TestBroker broker = TestBroker.on(store, SHARE);
    TestChannel publisher = broker.channel();
    for (int q = 0; q < 100; q++) {
      fill(broker, publisher, "q" + q, 200);
    }
    assertThat(broker.queue("q99").readyCount()).isEqualTo(200);
    assertThat(broker.memory().used()).isLessThan(SHARE);
  }
}
