package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues that are longer than what they may keep in memory. */
class BacklogTest {
  private static final int SHARE = 8 << 20;
  private static final int BODY = 1_000;

  private final MemoryStore store = new MemoryStore();
  private final TestBroker broker = TestBroker.on(store, SHARE);

  private static BasicProperties mode(int deliveryMode) {
    return BasicProperties.builder().deliveryMode(deliveryMode).build();
  }

  private TestChannel channel(boolean durable) {
    TestChannel channel = broker.channel();
    channel.call(
        new QueueMethod.Declare("q", false, durable, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    return channel;
  }

  private static byte[] body(int number) {
    byte[] body = new byte[BODY];
    byte[] digits = String.valueOf(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, body, 0, digits.length);
    return body;
  }

  private void publish(TestChannel channel, int from, int count, int deliveryMode) {
    for (int i = from; i < from + count; i++) {
      channel.publish("", "q", mode(deliveryMode), body(i));
      assertThat(broker.memory().used()).isLessThan(SHARE);
    }
    broker.run();
  }

  private static List<Integer> numbers(List<String> bodies) {
    List<Integer> numbers = new ArrayList<>();
    bodies.forEach(body -> numbers.add(Integer.valueOf(body.trim())));
    return numbers;
  }

  private static void expectRange(List<Integer> numbers, int from, int count) {
    assertThat(numbers).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(numbers.get(i)).isEqualTo(from + i);
    }
  }

  @ParameterizedTest(name = "durable {0}, delivery mode {1}")
  @CsvSource({"true, 2", "true, 1", "false, 2", "false, 1"})
  void memoryStaysBoundedAndAllComesInOrder(boolean durable, int deliveryMode) {
    TestChannel publisher = channel(durable);
    publish(publisher, 0, 20_000, deliveryMode);
    assertThat(broker.queue("q").readyCount()).isEqualTo(20_000);
    assertThat(broker.memory().used()).isLessThan(SHARE / 4);
    TestChannel consumer = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    expectRange(numbers(consumer.deliveries()), 0, 20_000);
    assertThat(broker.queue("q").readyCount()).isZero();
    publish(publisher, 20_000, 10, deliveryMode);
    expectRange(numbers(consumer.deliveries()), 20_000, 10);
    broker.advance(1_000);
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void getsWaitForWhatIsReadBack() {
    TestChannel channel = channel(true);
    publish(channel, 0, 10_000, 2);
    broker.holdStore(true);
    int got = 0;
    while (true) {
      channel.send(new BasicMethod.Get("q", true));
      var answer = channel.next();
      if (answer == null) {
        break;
      }
      assertThat(Integer.parseInt(answer.text().trim())).isEqualTo(got++);
    }
    assertThat(got).isBetween(1, 9_999);
    channel.send(new BasicMethod.Get("q", true));
    broker.holdStore(false);
    assertThat(Integer.parseInt(channel.next().text().trim())).isEqualTo(got++);
    assertThat(Integer.parseInt(channel.next().text().trim())).isEqualTo(got++);
    List<String> rest = new ArrayList<>();
    for (; got < 10_000; got++) {
      rest.add(channel.get("q").text());
    }
    assertThat(channel.get("q")).isNull();
    assertThat(Integer.parseInt(rest.get(rest.size() - 1).trim())).isEqualTo(9_999);
  }

  @Test
  void aPurgeTakesWhatIsInTheStoreAndNotWhatCameBackMeanwhile() {
    TestChannel channel = channel(true);
    publish(channel, 0, 10_000, 2);
    channel.get("q");
    broker.holdStore(true);
    TestChannel consumer = broker.channel().prefetch(6_000).consume("q", "c");
    int delivered = consumer.deliveries().size();
    assertThat(delivered).as("waits for what is being read").isLessThan(6_000);
    int left = 10_000 - 1 - delivered;
    assertThat(
            channel
                .call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class)
                .messageCount())
        .isEqualTo(left);
    publish(channel, 10_000, 5, 2);
    broker.holdStore(false);
    expectRange(numbers(consumer.deliveries()), 10_000, 5);
    assertThat(broker.queue("q").readyCount()).isZero();
  }

  @Test
  void aGetThatWaitsForTheStoreFindsNothingWhenTheQueueIsPurgedMeanwhile() {
    TestChannel channel = channel(true);
    publish(channel, 0, 10_000, 2);
    broker.holdStore(true);
    TestChannel getting = broker.channel();
    do {
      getting.send(new BasicMethod.Get("q", true));
    } while (getting.next() != null);
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    getting.expect(BasicMethod.GetEmpty.class);
  }

  @Test
  void aDeletedQueueLeavesNothing() {
    TestChannel channel = channel(true);
    publish(channel, 0, 10_000, 2);
    QueueMethod.DeleteOk deleted =
        channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    assertThat(deleted.messageCount()).isEqualTo(10_000);
    broker.advance(1_000);
    assertThat(broker.memory().used()).isZero();
    assertThat(store.logs()).isEmpty();
    assertThat(store.load()).doesNotHaveAnyElementsOfTypes(Definition.Queue.class);
  }

  @Test
  void whatIsPutBackComesBeforeWhatIsInTheStore() {
    TestChannel channel = channel(true);
    publish(channel, 0, 10_000, 2);
    for (int i = 0; i < 3; i++) {
      channel.get("q");
    }
    channel.requeueUpTo(3);
    TestChannel consumer = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    expectRange(numbers(consumer.deliveries()), 0, 10_000);
  }

  @Test
  void aLongQueueIsThereAfterARestartWithoutBeingRead() {
    TestChannel channel = channel(true);
    publish(channel, 0, 10_000, 2);
    TestBroker again = TestBroker.on(store, SHARE);
    assertThat(again.queue("q").readyCount()).isEqualTo(10_000);
    assertThat(again.memory().used()).isZero();
    TestChannel consumer = again.channel().consume("q", "c", true, FieldTable.EMPTY);
    expectRange(numbers(consumer.deliveries()), 0, 10_000);
  }
}
