package io.harveymq.broker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the broker tells of a message, step by step. */
class StoriesTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();
  private long nanos;

  private void record() {
    record(broker);
  }

  private void record(TestBroker of) {
    of.home().run(() -> of.vhost().recordStories(() -> nanos));
  }

  private Stories stories() {
    return broker.vhost().stories();
  }

  private void declare(String queue, Map<String, Object> arguments) {
    FieldTable.Builder table = FieldTable.builder();
    arguments.forEach(
        (name, value) -> {
          if (value instanceof Integer number) {
            table.put(name, number);
          } else {
            table.put(name, (String) value);
          }
        });
    boolean durable = arguments.containsKey("x-queue-type");
    channel.call(
        new QueueMethod.Declare(queue, false, durable, false, false, false, table.build()),
        QueueMethod.DeclareOk.class);
  }

  private Story newest() {
    return stories().story(stories().ids().get(0));
  }

  private Story oldest() {
    List<Long> ids = stories().ids();
    return stories().story(ids.get(ids.size() - 1));
  }

  /** Event and queue of each step, with what else it says. */
  private static List<String> steps(Story story) {
    List<String> steps = new ArrayList<>();
    for (StoryStep step : story.steps()) {
      StringBuilder text = new StringBuilder(step.event().name().toLowerCase(Locale.ROOT));
      if (step.queue() != null) {
        text.append(' ').append(step.queue());
      }
      if (step.position() >= 0) {
        text.append(" behind ").append(step.position());
      }
      if (step.reader() != null) {
        text.append(" by ").append(step.reader().tag()).append(step.reader().noAck() ? "!" : "");
        text.append(step.reader().redelivered() ? " again" : "");
      }
      if (step.target() != null) {
        text.append(" to '").append(step.target().exchange()).append("' ");
        text.append(step.target().routingKey()).append(" ").append(step.target().queues());
      }
      steps.add(text.toString());
    }
    return steps;
  }

  private static String places(Story story) {
    List<String> places = new ArrayList<>();
    story.places().forEach(place -> places.add(place.queue() + " " + place.state()));
    return String.join(", ", places);
  }

  @Test
  void nothingIsKeptUntilItIsSwitchedOnAndMessagesOfBeforeHaveNoStory() {
    channel.declare("q").publish("q", "before");
    assertThat(stories()).isNull();
    assertThat(broker.vhost().onlookers()).isNull();
    record();
    channel.publish("q", "after");
    assertThat(channel.drain("q")).containsExactly("before", "after");
    assertThat(stories().ids()).hasSize(1);
    assertThat(new String(newest().published().message().body(), StandardCharsets.UTF_8))
        .isEqualTo("after");
    broker.home().run(broker.vhost()::endStories);
    channel.publish("q", "later");
    assertThat(channel.drain("q")).containsExactly("later");
    assertThat(broker.vhost().onlookers()).isNull();
  }

  @Test
  void tellsWhoPublishedAndHowLongEachStageLasted() {
    record();
    channel.declare("q").publish("q", "first");
    BasicProperties properties = BasicProperties.builder().messageId("m1").build();
    channel.publish("amq.topic", "a.b", properties, new byte[] {'x'});
    channel.bind("q", "amq.topic", "a.*");
    channel.publish("amq.topic", "a.b", properties, new byte[10_000]);
    broker.advance(5_000);
    channel.get("q");
    long tag = channel.get("q").deliveryTag();
    broker.advance(700);
    channel.ack(tag);
    broker.run();
    Story story = newest();
    assertThat(story.published().message().exchange()).isEqualTo("amq.topic");
    assertThat(story.published().message().routingKey()).isEqualTo("a.b");
    assertThat(story.published().size()).isEqualTo(10_000);
    assertThat(story.published().queues()).isEqualTo(1);
    assertThat(story.published().message().body()).hasSize(Stories.KEPT_BYTES);
    assertThat(BasicProperties.trusted(story.published().message().properties()).messageId())
        .isEqualTo("m1");
    assertThat(story.published().by().user()).isEqualTo("guest");
    assertThat(story.published().by().connection()).isNotEmpty();
    assertThat(steps(story))
        .containsExactly("entered q behind 1", "got q by null", "acked q by null");
    long time = story.published().time();
    assertThat(story.steps())
        .extracting(StoryStep::time)
        .containsExactly(time, time + 5_000, time + 5_700);
    assertThat(places(story)).isEqualTo("q GONE");
    assertThat(story.places().get(0).since()).isEqualTo(time + 5_700);
  }

  @Test
  void whatReachesNoQueueIsLostOrGoesBack() {
    record();
    channel.publish("amq.direct", "nowhere", "lost");
    assertThat(steps(newest())).containsExactly("unroutable");
    channel.publishMandatory("amq.direct", "nowhere", "back");
    assertThat(steps(newest())).containsExactly("returned");
    assertThat(places(newest())).isEmpty();
  }

  @Test
  void deliveriesAreToldWithTheirConsumerAndWhatItSaid() {
    record();
    channel.declare("q").consume("q", "worker").publish("q", "a");
    channel.requeue(channel.nextDelivery().deliveryTag());
    long tag = channel.nextDelivery().deliveryTag();
    assertThat(places(newest())).isEqualTo("q UNACKED");
    channel.send(new BasicMethod.Nack(tag, false, false));
    broker.run();
    assertThat(steps(newest()))
        .containsExactly(
            "entered q behind 0",
            "delivered q by worker",
            "requeued q by worker",
            "delivered q by worker again",
            "rejected q by worker again");
    assertThat(places(newest())).isEqualTo("q GONE");
  }

  @Test
  void deliveryThatNeedsNoAckIsTheEnd() {
    record();
    channel.declare("q").consume("q", "fast", true, FieldTable.EMPTY).publish("q", "a");
    assertThat(channel.deliveries()).containsExactly("a");
    assertThat(steps(newest())).containsExactly("entered q behind 0", "delivered q by fast!");
    assertThat(places(newest())).isEqualTo("q GONE");
  }

  @Test
  void messageComesBackWhenItsChannelEnds() {
    record();
    channel.declare("q");
    TestChannel other = broker.channel();
    other.consume("q", "short");
    channel.publish("q", "a");
    other.nextDelivery();
    other.close();
    broker.run();
    assertThat(steps(newest()))
        .containsExactly("entered q behind 0", "delivered q by short", "channel_closed q by short");
    assertThat(places(newest())).isEqualTo("q READY");
  }

  @Test
  void fullQueueRefusesOrDropsTheOldest() {
    record();
    declare("drops", Map.of("x-max-length", 1));
    channel.publish("drops", "a").publish("drops", "b");
    broker.run();
    assertThat(steps(oldest())).containsExactly("entered drops behind 0", "maxlen drops");
    assertThat(steps(newest())).containsExactly("entered drops behind 1");
    declare("refuses", Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    channel.publish("refuses", "a").publish("refuses", "b");
    broker.run();
    assertThat(steps(newest())).containsExactly("refused refuses");
    assertThat(places(newest())).isEmpty();
  }

  @Test
  void queueWithoutPatienceDropsWhatFindsNoConsumer() {
    declare("ttl", Map.of("x-message-ttl", 0));
    record();
    channel.publish("ttl", "a");
    broker.run();
    assertThat(steps(newest())).containsExactly("entered ttl behind 0", "expired ttl");
  }

  @Test
  void deadLettersGoOnInTheSameStoryAroundSeveralQueues() {
    channel.declare("end");
    declare("second", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "end"));
    declare(
        "first",
        Map.of(
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            "second",
            "x-message-ttl",
            1_000));
    record();
    channel.publish("first", "a");
    broker.advance(1_000);
    channel.send(new BasicMethod.Reject(channel.get("second").deliveryTag(), false));
    broker.run();
    Received letter = channel.get("end");
    channel.ack(letter.deliveryTag());
    broker.run();
    assertThat(stories().ids()).hasSize(1);
    assertThat(steps(newest()))
        .containsExactly(
            "entered first behind 0",
            "expired first",
            "dead_lettered first to '' second 1",
            "entered second behind 0",
            "got second by null",
            "rejected second by null",
            "dead_lettered second to '' end 1",
            "entered end behind 0",
            "got end by null",
            "acked end by null");
    assertThat(places(newest())).isEqualTo("first GONE, second GONE, end GONE");
  }

  @Test
  void tellsOfDeadLettersThatAreLostOrWouldGoRound() {
    record();
    declare("lost", Map.of("x-dead-letter-exchange", "none", "x-message-ttl", 10));
    channel.publish("lost", "a");
    broker.advance(10);
    assertThat(steps(newest())).endsWith("expired lost", "dead_letter_lost lost");
    declare(
        "round",
        Map.of(
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            "round",
            "x-message-ttl",
            10));
    channel.publish("round", "a");
    broker.advance(10);
    assertThat(steps(newest()))
        .endsWith("dead_lettered round to '' round 1", "dead_letter_cycle round");
  }

  @Test
  void deliveryLimitAndCountsOfQuorumQueuesAreTold() {
    declare("q", Map.of("x-queue-type", "quorum", "x-delivery-limit", 1));
    record();
    channel.publish("q", "a");
    for (int i = 0; i < 2; i++) {
      channel.send(new BasicMethod.Reject(channel.get("q").deliveryTag(), true));
      broker.run();
    }
    assertThat(steps(newest()))
        .containsExactly(
            "entered q behind 0",
            "got q by null",
            "requeued q by null",
            "got q by null again",
            "requeued q by null again",
            "delivery_limit q");
  }

  @Test
  void purgedAndDeletedQueuesTakeWhatWaits() {
    record();
    channel
        .declare("q")
        .declare("other")
        .bind("q", "amq.fanout", "")
        .bind("other", "amq.fanout", "");
    channel.publish("amq.fanout", "", "held").publish("amq.fanout", "", "waits");
    long held = channel.get("q").deliveryTag();
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    broker.run();
    assertThat(places(oldest())).isEqualTo("q UNACKED, other READY");
    assertThat(places(newest())).isEqualTo("q GONE, other READY");
    assertThat(steps(newest())).endsWith("purged q");
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    channel.call(new QueueMethod.Delete("other", false, false, false), QueueMethod.DeleteOk.class);
    assertThat(steps(newest())).endsWith("purged q", "queue_deleted other");
    channel.requeue(held);
    broker.run();
    assertThat(steps(oldest()))
        .endsWith("queue_deleted other", "requeued q by null", "queue_deleted q");
    assertThat(places(oldest())).isEqualTo("q GONE, other GONE");
  }

  @Test
  void transactionThatIsRolledBackEndsTheStory() {
    record();
    channel.declare("q").call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("q", "a");
    channel.call(new TxMethod.Rollback(), TxMethod.RollbackOk.class);
    assertThat(steps(newest())).containsExactly("rolled_back");
    channel.publish("q", "b");
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertThat(steps(newest())).containsExactly("entered q behind 0");
  }

  @Test
  void delayedMessageGoesOnWhenItsTimeHasCome() {
    FieldTable type = FieldTable.builder().put("x-delayed-type", "fanout").build();
    channel.declareExchange("later", "x-delayed-message", type).declare("q").bind("q", "later", "");
    record();
    FieldTable delay = FieldTable.builder().put("x-delay", 1_000).build();
    BasicProperties properties = BasicProperties.builder().headers(delay).build();
    channel.publish("later", "k", properties, new byte[1]);
    assertThat(steps(newest())).containsExactly("delayed");
    broker.advance(1_000);
    assertThat(steps(newest())).containsExactly("delayed", "entered q behind 0");
    assertThat(newest().steps().get(1).time()).isEqualTo(newest().published().time() + 1_000);
  }

  @Test
  void streamKeepsWhatItGives() {
    declare("s", Map.of("x-queue-type", "stream"));
    record();
    channel.publish("s", "a").publish("s", "b");
    FieldTable first = FieldTable.builder().put("x-stream-offset", "first").build();
    channel.prefetch(10).consume("s", "reader", false, first);
    channel.ack(channel.nextDelivery().deliveryTag());
    channel.nextDelivery();
    channel.publish("s", "c");
    channel.nextDelivery();
    assertThat(steps(oldest())).containsExactly("entered s behind 0", "delivered s by reader");
    assertThat(steps(newest())).containsExactly("entered s behind 2", "delivered s by reader");
    assertThat(places(newest())).isEqualTo("s READY");
  }

  @Test
  void storyGoesOnWhenTheMessageWasReadBackFromTheStore() {
    TestBroker small = TestBroker.on(new MemoryStore(), 1 << 20);
    TestChannel other = small.channel();
    other.declare("q");
    record(small);
    byte[] body = new byte[64 << 10];
    for (int i = 0; i < 64; i++) {
      other.publish("", "q", BasicProperties.builder().build(), body);
    }
    small.run();
    assertThat(small.queue("q").lanes().inMemory()).as("some are in the store only").isLessThan(64);
    for (int i = 0; i < 64; i++) {
      other.ack(other.get("q").deliveryTag());
    }
    small.run();
    Stories all = small.vhost().stories();
    assertThat(all.ids()).hasSize(64);
    for (long id : all.ids()) {
      assertThat(steps(all.story(id))).hasSize(3).endsWith("got q by null", "acked q by null");
    }
  }

  // ---- bounds

  @Test
  void keepsTheLastMessagesOnly() {
    record();
    channel.declare("q");
    for (int i = 0; i < Stories.MOST + 10; i++) {
      channel.publish("q", "x");
    }
    broker.run();
    assertThat(stories().state().kept()).isEqualTo(Stories.MOST);
    assertThat(stories().state().recorded()).isEqualTo(Stories.MOST + 10);
    assertThat(stories().story(1)).isNull();
    assertThat(oldest().id()).isEqualTo(11);
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    assertThat(steps(oldest())).endsWith("purged q");
  }

  @Test
  void neverKeepsMoreBytesThanItsShareAndSharesWithOthers() {
    StoryBudget budget = broker.home().storyBudget();
    record();
    channel.declare("q");
    byte[] large = new byte[Stories.KEPT_BYTES];
    BasicProperties properties = BasicProperties.builder().appId("x".repeat(250)).build();
    long most = budget.share();
    int enough = (int) (most / Stories.KEPT_BYTES) + 10;
    for (int i = 0; i < Math.min(enough, 3 * Stories.MOST); i++) {
      channel.publish("", "q", properties, large);
      assertThat(stories().state().bytes()).isLessThanOrEqualTo(most);
    }
    broker.run();
    Stories another = new Stories(broker.vhost(), () -> nanos);
    assertThat(budget.share()).isEqualTo(most / 2);
    assertThat(stories().state().bytes()).isBetween(most / 4, most / 2);
    another.end();
    assertThat(budget.share()).isEqualTo(most);
  }

  @Test
  void storyOfAMessageThatGoesRoundIsBounded() {
    record();
    channel.declare("q").publish("q", "x");
    for (int i = 0; i < 100; i++) {
      channel.requeue(channel.get("q").deliveryTag());
      broker.run();
    }
    Story story = newest();
    assertThat(story.steps()).hasSize(MessageStory.MOST_STEPS);
    assertThat(story.leftOut()).isEqualTo(201 - MessageStory.MOST_STEPS);
    assertThat(steps(story)).startsWith("entered q behind 0", "got q by null");
    assertThat(story.places()).hasSize(1);
  }

  @Test
  void messageInManyQueuesIsFollowedInSomeOfThem() {
    record();
    for (int i = 0; i < MessageStory.MOST_PLACES + 5; i++) {
      channel.declare("q" + i).bind("q" + i, "amq.fanout", "");
    }
    channel.publish("amq.fanout", "", "x");
    assertThat(newest().places()).hasSize(MessageStory.MOST_PLACES);
    assertThat(newest().unfollowed()).isEqualTo(5);
    assertThat(newest().published().queues()).isEqualTo(MessageStory.MOST_PLACES + 5);
    assertThat(channel.drain("q" + (MessageStory.MOST_PLACES + 1))).containsExactly("x");
  }

  @Test
  void endsByItselfWhenNobodyLooksWhateverTheBrokersClockSays() {
    record();
    channel.declare("q").publish("q", "x");
    broker.advance(TimeUnit.HOURS.toMillis(5));
    assertThat(stories()).isNotNull();
    nanos += TimeUnit.MINUTES.toNanos(Stories.MINUTES - 1);
    broker.home().run(stories()::look);
    nanos += TimeUnit.MINUTES.toNanos(Stories.MINUTES - 1);
    broker.advance(60_000);
    assertThat(stories()).isNotNull();
    nanos += TimeUnit.MINUTES.toNanos(1);
    broker.advance(60_000);
    assertThat(stories()).isNull();
    assertThat(broker.home().storyBudget().share()).isEqualTo(new StoryBudget().share());
    record();
    assertThat(stories().ids()).isEmpty();
    channel.publish("q", "y");
    assertThat(newest().id()).as("numbers are not used again").isEqualTo(2);
  }
}
