package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is the single active consumer, step by step. */
class SingleActiveConsumerTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  @BeforeEach
  void declare() {
    FieldTable arguments = FieldTable.builder().put("x-single-active-consumer", true).build();
    channel.call(
        new QueueMethod.Declare("q", false, false, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
  }

  private TestChannel consumer(int prefetch, int priority) {
    FieldTable arguments = FieldTable.builder().put("x-priority", priority).build();
    return broker.channel().prefetch(prefetch).consume("q", "c", false, arguments);
  }

  @Test
  void cancelOfOneWithAFullWindowHandsOverWhatWaits() {
    TestChannel first = consumer(1, 0);
    TestChannel second = consumer(1, 0);
    channel.publish("q", "1").publish("q", "2").publish("q", "3");
    assertThat(first.deliveries()).containsExactly("1");
    second.expectNothing();
    first.cancel("c");
    assertThat(second.deliveries()).containsExactly("2");
    first.requeue(1);
    second.ack(1);
    assertThat(second.deliveries()).containsExactly("1");
    first.expectNothing();
  }

  @Test
  void nextIsTheHighestPriorityAndOfThoseTheOneThatWaitsLongest() {
    TestChannel first = consumer(0, 0);
    TestChannel low = consumer(0, -5);
    TestChannel high = consumer(0, 7);
    TestChannel highToo = consumer(0, 7);
    TestChannel middle = consumer(0, 3);
    for (TestChannel active : new TestChannel[] {first, high, highToo, middle, low}) {
      channel.publish("q", "x");
      assertThat(active.deliveries()).containsExactly("x");
      active.cancel("c");
    }
    channel.publish("q", "nobody");
    broker.run();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void oneThatWasActiveAndComesAgainWaitsLast() {
    TestChannel first = consumer(0, 0);
    TestChannel second = consumer(0, 0);
    first.cancel("c");
    first.consume("q", "again");
    channel.publish("q", "x");
    assertThat(second.deliveries()).containsExactly("x");
    second.client().drop();
    assertThat(first.deliveries()).containsExactly("x");
  }

  @Test
  void exclusiveOnesAreRefusedWhetherOthersWaitOrNot() {
    for (int consumers = 0; consumers < 2; consumers++) {
      TestChannel exclusive = broker.channel();
      exclusive.send(
          new BasicMethod.Consume("q", "e", false, false, true, false, FieldTable.EMPTY));
      assertThat(exclusive.expectClose(403).replyText())
          .isEqualTo("ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use");
      consumer(0, 0);
    }
  }

  @Test
  void lastOneThatLeavesTakesAnAutoDeleteQueueAlong() {
    FieldTable arguments = FieldTable.builder().put("x-single-active-consumer", true).build();
    channel.call(
        new QueueMethod.Declare("auto", false, false, false, true, false, arguments),
        QueueMethod.DeclareOk.class);
    TestChannel first = broker.channel().consume("auto", "1");
    TestChannel second = broker.channel().consume("auto", "2");
    second.cancel("2");
    assertThat(broker.vhost().queueOrNull("auto")).isNotNull();
    first.cancel("1");
    broker.run();
    assertThat(broker.vhost().queueOrNull("auto")).isNull();
  }
}
