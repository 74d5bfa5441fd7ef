package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.FullStore;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long messages wait, by a clock that is moved by hand. */
class ArrivalTest {
  private static final int SHARE = 8 << 20;
  private static final BasicProperties PERSISTENT =
      BasicProperties.builder().deliveryMode(2).build();

  private final MemoryStore store = new MemoryStore();
  private final TestBroker broker = TestBroker.on(store, SHARE);
  private final TestChannel channel = broker.channel();

  private void declare(String queue, FieldTable arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
  }

  private static List<Long> ages(TestBroker broker, String queue) {
    long now = broker.home().now();
    return broker.queue(queue).lanes().waiting().stream()
        .map(waiting -> waiting.message().ageSeconds(now))
        .toList();
  }

  private static long oldest(TestBroker broker, String queue) {
    int second = broker.queue(queue).lanes().oldest();
    return second == 0 ? -1 : broker.home().now() / 1_000 - second;
  }

  @Test
  void agesCountFromTheArrivalAndTheOldestIsTheFirst() {
    declare("q", FieldTable.EMPTY);
    assertThat(oldest(broker, "q")).as("an empty queue").isEqualTo(-1);
    channel.publish("q", "first");
    broker.advance(40_000);
    channel.publish("q", "second");
    broker.advance(20_000);
    assertThat(ages(broker, "q")).containsExactly(60L, 20L);
    assertThat(oldest(broker, "q")).isEqualTo(60);
    channel.get("q");
    assertThat(oldest(broker, "q")).as("the first is taken").isEqualTo(20);
  }

  @Test
  void whatComesBackIsAsOldAsBefore() {
    declare("q", FieldTable.EMPTY);
    channel.publish("q", "first");
    broker.advance(40_000);
    channel.publish("q", "second");
    long tag = channel.get("q").deliveryTag();
    broker.advance(5_000);
    channel.requeue(tag);
    broker.run();
    assertThat(ages(broker, "q")).containsExactly(45L, 5L);
    assertThat(oldest(broker, "q")).isEqualTo(45);
  }

  @Test
  void aQuorumQueueThatPutsItBehindTheOthersDoesNotSayWhichIsTheOldest() {
    declare(
        "q",
        FieldTable.builder().put("x-queue-type", "quorum").put("x-delivery-limit", -1).build());
    channel.publish("q", "first");
    broker.advance(40_000);
    channel.publish("q", "second");
    channel.requeue(channel.get("q").deliveryTag());
    broker.advance(5_000);
    assertThat(ages(broker, "q")).containsExactly(5L, 45L);
    assertThat(oldest(broker, "q")).isEqualTo(-1);
    channel.get("q");
    channel.get("q");
    channel.publish("q", "third");
    broker.advance(2_000);
    assertThat(oldest(broker, "q")).as("in order again").isEqualTo(2);
  }

  @Test
  void whatAnExchangeRememberedIsNewInAQueueThatIsBoundLater() {
    channel.declareExchange("x", "x-recent-history", FieldTable.EMPTY);
    channel.declare("early").bind("early", "x", "");
    channel.publish("x", "k", "m");
    broker.advance(40_000);
    channel.declare("late").bind("late", "x", "");
    broker.advance(2_000);
    assertThat(ages(broker, "early")).containsExactly(42L);
    assertThat(ages(broker, "late")).containsExactly(2L);
  }

  @Test
  void ofPrioritiesTheOldestCountsNotTheFirst() {
    declare("q", FieldTable.builder().put("x-max-priority", 5).build());
    channel.publish("q", "low");
    broker.advance(40_000);
    channel.publish("", "q", BasicProperties.builder().priority(5).build(), new byte[] {1});
    broker.advance(1_000);
    assertThat(ages(broker, "q")).containsExactly(1L, 41L);
    assertThat(oldest(broker, "q")).isEqualTo(41);
  }

  @Test
  void aDeadLetterIsAsOldAsItsDeath() {
    declare("dead", FieldTable.EMPTY);
    declare(
        "q",
        FieldTable.builder()
            .put("x-dead-letter-exchange", "")
            .put("x-dead-letter-routing-key", "dead")
            .build());
    channel.publish("q", "m");
    broker.advance(40_000);
    channel.send(new BasicMethod.Reject(channel.get("q").deliveryTag(), false));
    broker.advance(3_000);
    assertThat(ages(broker, "dead")).containsExactly(3L);
  }

  @Test
  void aRestartKnowsWhenMessagesCame() {
    declare("q", FieldTable.EMPTY);
    channel.publish("", "q", PERSISTENT, new byte[5]);
    broker.advance(40_000);
    channel.publish("", "q", PERSISTENT, new byte[5]);
    long now = broker.home().now();
    broker.end();
    TestBroker next = TestBroker.on(store, SHARE, now);
    next.channel().prefetch(1).consume("q", "c").nextDelivery();
    next.advance(2_000);
    assertThat(ages(next, "q")).containsExactly(2L);
    assertThat(oldest(next, "q")).isEqualTo(2);
  }

  @Test
  void afterARestartTheOldestIsFoundOutThoughItStaysInTheStore() {
    declare("q", FieldTable.EMPTY);
    declare("p", FieldTable.builder().put("x-max-priority", 5).build());
    channel.publish("", "q", PERSISTENT, new byte[5]);
    channel.publish("", "p", PERSISTENT, new byte[5]);
    broker.advance(40_000);
    channel.publish("", "q", PERSISTENT, new byte[5]);
    channel.publish(
        "", "p", BasicProperties.builder().deliveryMode(2).priority(5).build(), new byte[5]);
    long now = broker.home().now();
    broker.end();
    FullStore counting = new FullStore(store);
    TestBroker next = TestBroker.on(counting, SHARE, now);
    for (String queue : List.of("q", "p")) {
      next.home().run(() -> assertThat(oldest(next, queue)).as("not known yet").isEqualTo(-1));
      next.run();
      assertThat(oldest(next, queue)).as(queue).isEqualTo(40);
      assertThat(next.queue(queue).lanes().inMemory()).as(queue).isZero();
    }
    assertThat(counting.reads()).as("messages read for it").isZero();
    next.advance(5_000);
    assertThat(oldest(next, "q")).as("remembered").isEqualTo(45);
    next.channel().get("q");
    assertThat(oldest(next, "q")).as("the first is taken").isEqualTo(5);
    next.home().run(() -> next.queue("q").purge());
    assertThat(oldest(next, "q")).as("an empty queue").isEqualTo(-1);
  }

  @Test
  void whatWasOnlyInTheStoreIsAsOldAsBefore() {
    int count = 10_000;
    declare("q", FieldTable.EMPTY);
    for (int i = 0; i < count; i++) {
      channel.publish("", "q", BasicProperties.EMPTY, new byte[1_000]);
    }
    broker.advance(40_000);
    assertThat(broker.queue("q").lanes().inMemory()).as("others are stored").isLessThan(count);
    for (int i = 0; i < count - 2; i++) {
      channel.send(new BasicMethod.Get("q", true));
      assertThat(channel.next().method()).isInstanceOf(BasicMethod.GetOk.class);
    }
    assertThat(ages(broker, "q")).containsExactly(40L, 40L);
  }
}
