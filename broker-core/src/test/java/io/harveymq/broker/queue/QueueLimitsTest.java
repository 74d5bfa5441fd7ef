package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.vhost.ManualLoop;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times and limits of queues, on a clock that the test moves. */
class QueueLimitsTest {
  private static final long HOUR = 3_600_000;

  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private static FieldTable.Builder arguments() {
    return FieldTable.builder();
  }

  private static FieldTable.Builder deadTo(String queue) {
    return arguments().put("x-dead-letter-exchange", "").put("x-dead-letter-routing-key", queue);
  }

  private void declare(String queue, FieldTable.Builder arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, false, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
  }

  private void publish(String queue, String expiration, String body) {
    BasicProperties properties = BasicProperties.builder().expiration(expiration).build();
    channel.publish("", queue, properties, body.getBytes(StandardCharsets.UTF_8));
  }

  private void publishPrioritized(String queue, int priority, String body) {
    BasicProperties properties = BasicProperties.builder().priority(priority).build();
    channel.publish("", queue, properties, body.getBytes(StandardCharsets.UTF_8));
  }

  private int ready(String queue) {
    broker.run();
    return broker.queue(queue).readyCount();
  }

  // ---- time to live

  @Test
  void messageExpiresAtItsMillisecondAndNotBefore() {
    declare("q", arguments().put("x-message-ttl", (int) HOUR));
    channel.publish("q", "x");
    broker.advance(HOUR - 1);
    assertThat(ready("q")).isEqualTo(1);
    broker.advance(1);
    assertThat(ready("q")).isZero();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void anHourShowsWhatIsDueInTheOrderOfTime() {
    channel.declare("dead");
    List<String> expected = new ArrayList<>();
    for (int minute = 59; minute > 0; minute -= 7) {
      declare("q" + minute, deadTo("dead"));
      publish("q" + minute, String.valueOf(minute * 60_000), "at " + minute);
      publish("q" + minute, "1", "behind " + minute);
      expected.add(0, "behind " + minute);
      expected.add(0, "at " + minute);
    }
    TestChannel dead = broker.channel().consume("dead", "c", true, FieldTable.EMPTY);
    broker.advance(31 * 60_000 - 1);
    int due = expected.indexOf("at 31");
    assertThat(dead.deliveries()).isEqualTo(expected.subList(0, due));
    broker.advance(HOUR);
    assertThat(dead.deliveries()).isEqualTo(expected.subList(due, expected.size()));
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void liveHeadHidesWhatExpiredBehindIt() {
    channel.declare("q");
    channel.publish("q", "lives");
    publish("q", "10", "hidden");
    broker.advance(HOUR);
    assertThat(ready("q")).isEqualTo(2);
    assertThat(channel.get("q").text()).isEqualTo("lives");
    assertThat(channel.get("q")).isNull();
  }

  @Test
  void messageThatComesBackKeepsItsDeadline() {
    declare("q", arguments().put("x-message-ttl", 1_000));
    channel.publish("q", "x");
    Received held = channel.get("q");
    broker.advance(600);
    channel.requeue(held.deliveryTag());
    broker.advance(399);
    assertThat(ready("q")).isEqualTo(1);
    broker.advance(1);
    assertThat(ready("q")).isZero();
  }

  @Test
  void messageThatComesBackTooLateExpiresThoughAConsumerWaits() {
    declare("q", arguments().put("x-message-ttl", 1_000));
    channel.publish("q", "x");
    Received held = channel.get("q");
    broker.advance(1_001);
    TestChannel waiting = broker.channel().consume("q", "c");
    channel.requeue(held.deliveryTag());
    waiting.expectNothing();
    assertThat(ready("q")).isZero();
  }

  @Test
  void timeToLiveOfZeroReachesAConsumerThatWaits() {
    declare("q", arguments().put("x-message-ttl", 0));
    channel.publish("q", "lost");
    assertThat(ready("q")).isZero();
    TestChannel waiting = broker.channel().prefetch(1).consume("q", "c");
    channel.publish("q", "taken").publish("q", "too many");
    assertThat(waiting.deliveries()).containsExactly("taken");
    assertThat(ready("q")).isZero();
  }

  @Test
  void timeToLiveOfZeroReachesAConsumerThatWaitsThoughTheTurnsHaveNoRoom() {
    declare("q", arguments().put("x-message-ttl", 0));
    channel.declare("busy");
    broker.fill("busy", 20_000);
    TestChannel waiting = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    TestChannel busy = broker.channel();
    busy.client().socket().discardOutput();
    // a millisecond passes with each turn
    broker.afterTurn(() -> broker.loop().advance(1, () -> {}));
    busy.send(new BasicMethod.Consume("busy", "b", false, true, false, true, FieldTable.EMPTY));
    channel.publish("q", "delivered");
    broker.run();
    assertThat(waiting.deliveries()).containsExactly("delivered");
  }

  @Test
  void consumerWhoseWindowOpensGetsTheFirstThatIsAlive() {
    channel.declare("q");
    TestChannel consumer = broker.channel().prefetch(1).consume("q", "c");
    publish("q", "100000", "held");
    publish("q", "10", "dead");
    publish("q", "20", "dead, too");
    publish("q", "100000", "alive");
    assertThat(consumer.deliveries()).containsExactly("held");
    broker.advance(15);
    assertThat(ready("q")).isEqualTo(2);
    broker.advance(1_000);
    assertThat(ready("q")).isEqualTo(1);
    consumer.ack(1);
    assertThat(consumer.deliveries()).containsExactly("alive");
  }

  @Test
  void whatNoConsumerTookIsOverForTheNextOneInTheSameMillisecond() {
    channel.declare("q").publish("q", "x");
    publish("q", "0", "y");
    broker.run();
    channel.consume("q", "c", true, FieldTable.EMPTY);
    assertThat(channel.deliveries()).containsExactly("x");
  }

  @Test
  void getAtTheVeryMillisecondFindsNothing() {
    declare("q", arguments().put("x-message-ttl", 50));
    channel.publish("q", "x");
    broker.run();
    broker.loop().advance(50, () -> {});
    assertThat(channel.get("q")).isNull();
  }

  @Test
  void expiredMessageOfAHigherPriorityGoesWhateverIsBelow() {
    declare("q", arguments().put("x-max-priority", 5));
    publishPrioritized("q", 0, "low");
    channel.publish(
        "", "q", BasicProperties.builder().priority(5).expiration("10").build(), new byte[1]);
    broker.advance(10);
    assertThat(channel.drain("q")).containsExactly("low");
  }

  @Test
  void messagesOfAPriorityExpireWhenThoseAboveAreGone() {
    channel.declare("dead");
    declare("q", deadTo("dead").put("x-max-priority", 5));
    publishPrioritized("q", 5, "high");
    publish("q", "10", "low");
    broker.advance(HOUR);
    assertThat(ready("q")).isEqualTo(2);
    channel.ack(channel.get("q").deliveryTag());
    assertThat(ready("q")).isZero();
    assertThat(channel.drain("dead")).containsExactly("low");
  }

  // ---- queue expiry

  @Test
  void queueExpiresAfterItsLastUse() {
    declare("q", arguments().put("x-expires", 1_000));
    broker.advance(900);
    assertThat(channel.get("q")).as("a get is use").isNull();
    broker.advance(900);
    channel.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class);
    broker.advance(900);
    channel.publish("q", "is no use");
    broker.advance(99);
    assertThat(broker.vhost().queueOrNull("q")).isNotNull();
    broker.advance(1);
    assertThat(broker.vhost().queueOrNull("q")).isNull();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void queueWithAConsumerDoesNotExpireAndItsTimeBeginsWhenTheLastOneLeaves() {
    declare("q", arguments().put("x-expires", 1_000));
    TestChannel consumer = broker.channel().consume("q", "c");
    broker.advance(HOUR);
    assertThat(broker.vhost().queueOrNull("q")).isNotNull();
    consumer.cancel("c");
    broker.advance(999);
    assertThat(broker.vhost().queueOrNull("q")).isNotNull();
    broker.advance(1);
    assertThat(broker.vhost().queueOrNull("q")).isNull();
  }

  @Test
  void nothingOfADeletedQueueFallsDue() {
    declare("q", arguments().put("x-expires", 1_000).put("x-message-ttl", 500));
    TestChannel consumer = broker.channel().prefetch(1).consume("q", "c");
    channel.publish("q", "held").publish("q", "waits");
    assertThat(consumer.deliveries()).containsExactly("held");
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    consumer.expect(BasicMethod.Cancel.class);
    assertThat(broker.home().deadlines().count()).as("the timeout of the delivery").isEqualTo(1);
    channel.declare("q");
    consumer.requeue(1);
    broker.advance(HOUR);
    assertThat(broker.vhost().queueOrNull("q")).isNotNull();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void channelThatEndsAfterItsQueueSetsNoDeadline() {
    declare("q", arguments().put("x-expires", 1_000));
    TestChannel consumer = broker.channel().consume("q", "c");
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    broker.run();
    consumer.client().drop();
    broker.run();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void tenThousandQueuesCostOneTimer() {
    int queues = 10_000;
    channel.declare("dead");
    ManualLoop loop = broker.loop();
    broker.advance(120_000);
    int before = loop.timers();
    for (int i = 0; i < queues; i++) {
      declare("q" + i, deadTo("dead").put("x-message-ttl", 5_000).put("x-expires", 60_000 + i));
      channel.publish("q" + i, String.valueOf(i));
      broker.run();
    }
    assertThat(broker.home().deadlines().count()).isEqualTo(2 * queues);
    assertThat(loop.timers()).isLessThanOrEqualTo(before + 1);
    broker.advance(5_000);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < queues; i++) {
      expected.add(String.valueOf(i));
    }
    assertThat(ready("dead")).isEqualTo(queues);
    TestChannel dead = broker.channel().consume("dead", "c", true, FieldTable.EMPTY);
    assertThat(dead.deliveries()).isEqualTo(expected);
    broker.advance(60_000 - 5_000 + queues / 2);
    assertThat(broker.vhost().queueOrNull("q" + (queues / 2 - 1))).isNull();
    assertThat(broker.vhost().queueOrNull("q" + (queues / 2 + 1))).isNotNull();
    broker.advance(queues);
    assertThat(broker.vhost().queues()).hasSize(1);
    assertThat(broker.home().deadlines().count()).isZero();
  }

  // ---- length

  @Test
  void priorityQueueThatIsFullDropsTheHighestFirst() {
    channel.declare("dead");
    declare("q", deadTo("dead").put("x-max-priority", 9).put("x-max-length", 2));
    publishPrioritized("q", 1, "1a");
    publishPrioritized("q", 9, "9a");
    publishPrioritized("q", 5, "5a");
    publishPrioritized("q", 0, "0a");
    broker.run();
    assertThat(channel.drain("dead")).containsExactly("9a", "5a");
    assertThat(channel.drain("q")).containsExactly("1a", "0a");
  }

  @Test
  void whatAConsumerCanTakeIsNotOvertakenByWhatComesInTheSameTurn() {
    declare("q", arguments().put("x-max-priority", 5));
    TestChannel consumer = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    publishPrioritized("q", 1, "first");
    publishPrioritized("q", 5, "second");
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertThat(consumer.deliveries()).containsExactly("first", "second");
  }

  @Test
  void onlyBytesOfBodiesCount() {
    declare("q", arguments().put("x-max-length-bytes", 10));
    BasicProperties large =
        BasicProperties.builder()
            .headers(arguments().put("large", "x".repeat(500)).build())
            .build();
    for (int i = 0; i < 4; i++) {
      channel.publish("", "q", large, new byte[3]);
    }
    assertThat(ready("q")).isEqualTo(3);
    assertThat(broker.queue("q").bodyBytes()).isEqualTo(9);
    channel.get("q");
    assertThat(broker.queue("q").bodyBytes()).isEqualTo(6);
    channel.publish("", "q", large, new byte[4]);
    assertThat(ready("q")).isEqualTo(3);
    channel.requeue(1);
    assertThat(ready("q")).isEqualTo(3);
    assertThat(broker.queue("q").bodyBytes()).isEqualTo(10);
  }

  @Test
  void queueStaysAtItsLengthHoweverMuchComesAtOnce() {
    declare("q", arguments().put("x-max-length", 100));
    broker.fill("q", 50_000);
    assertThat(ready("q")).isEqualTo(100);
    assertThat(channel.drain("q")).hasSize(100);
  }

  @Test
  void whatIsTooMuchEvenAloneGoesForThatThoughItExpires() {
    channel.declare("dead");
    declare("q", deadTo("dead").put("x-max-length-bytes", 3).put("x-message-ttl", 0));
    channel.publish("q", "four").publish("q", "two");
    assertThat(new String(channel.get("dead").properties(), StandardCharsets.ISO_8859_1))
        .contains("maxlen")
        .doesNotContain("expired");
    assertThat(new String(channel.get("dead").properties(), StandardCharsets.ISO_8859_1))
        .contains("expired");
  }

  @Test
  void declarationCountsWhatTheLimitLeaves() {
    declare("q", arguments().put("x-max-length", 3));
    for (int i = 0; i < 10; i++) {
      channel.publish("q", "x");
    }
    assertThat(channel.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class).messageCount())
        .isEqualTo(3);
  }

  // ---- what is counted

  private long count(Counter counter) {
    broker.run();
    return broker.queue("q").counters().get(counter);
  }

  @Test
  void whatALimitDropsIsCountedWhereverItGoesAndWhatExpiresIsNot() {
    channel.declare("dead");
    declare("q", deadTo("dead").put("x-max-length", 2).put("x-message-ttl", (int) HOUR));
    for (int i = 0; i < 5; i++) {
      channel.publish("q", "x");
    }
    assertThat(count(Counter.DROPPED_MAXLEN)).isEqualTo(3);
    assertThat(count(Counter.DEAD_LETTERED_MAXLEN)).isEqualTo(3);
    broker.advance(HOUR);
    assertThat(ready("q")).isZero();
    assertThat(count(Counter.DROPPED_MAXLEN)).as("what expired").isEqualTo(3);
    assertThat(count(Counter.REJECTED_MAXLEN)).isZero();
  }

  @Test
  void whatIsOverTheBytesIsCountedAndWhatComesBackToAFullQueue() {
    declare("q", arguments().put("x-max-length-bytes", 4));
    channel.publish("q", "1234");
    Received held = channel.get("q");
    channel.publish("q", "5678");
    assertThat(count(Counter.DROPPED_MAXLEN)).isZero();
    channel.requeue(held.deliveryTag());
    assertThat(count(Counter.DROPPED_MAXLEN)).isEqualTo(1);
    channel.publish("q", "too large");
    assertThat(count(Counter.DROPPED_MAXLEN)).as("with all that were there").isEqualTo(3);
  }

  @Test
  void whatAFullQueueRefusesIsCountedBeItADeadLetterThen() {
    channel.declare("dead");
    for (String overflow : List.of("reject-publish", "reject-publish-dlx")) {
      declare("q", deadTo("dead").put("x-max-length", 2).put("x-overflow", overflow));
      for (int i = 0; i < 5; i++) {
        channel.publish("q", "x");
      }
      assertThat(count(Counter.REJECTED_MAXLEN)).as(overflow).isEqualTo(3);
      assertThat(count(Counter.DROPPED_MAXLEN)).as(overflow).isZero();
      broker.home().run(() -> broker.vhost().deleteQueue(broker.queue("q")));
    }
    assertThat(ready("dead")).as("of the second").isEqualTo(3);
  }

  @Test
  void bytesAreThoseOfAllMessagesWhereverTheyAre() {
    declare("q", arguments());
    channel.publish("q", "1234").publish("q", "56");
    channel.get("q");
    broker.run();
    assertThat(broker.queue("q").currentCounters().get(Counter.MESSAGE_BYTES)).isEqualTo(6);
  }
}
