package io.harveymq.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What recordings take, and when they end, event by event. */
class RecordingsTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel().declare("q");

  private Recordings recordings() {
    return broker.vhost().recordings();
  }

  private RecordingBudget budget() {
    return broker.home().recordingBudget();
  }

  private long begin(RecordingRule.Builder rule) {
    long[] id = new long[1];
    broker.home().run(() -> id[0] = recordings().begin("guest", rule.build()).id());
    return id[0];
  }

  private Recording stop(long id) {
    broker.home().run(() -> recordings().stop(id));
    return recordings().recording(id);
  }

  private List<RecordedMessage> messages(long id) {
    return recordings().messages(id, 0, Integer.MAX_VALUE);
  }

  private List<String> bodies(long id) {
    return messages(id).stream()
        .map(one -> new String(one.content().body(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void takesWhatIsPublishedWhileItIsOnAndNothingBeforeOrAfter() {
    channel.publish("q", "before");
    assertThat(broker.vhost().onlookers()).isNull();
    long id = begin(RecordingRule.builder());
    broker.advance(500);
    channel.publish("q", "first");
    broker.advance(1_500);
    channel.publish("q", "second").publish("q", "third");
    broker.run();
    Recording over = stop(id);
    channel.publish("q", "after");
    broker.run();
    assertThat(bodies(id)).containsExactly("first", "second", "third");
    assertThat(messages(id))
        .extracting(RecordedMessage::atMillis)
        .containsExactly(500L, 2_000L, 2_000L);
    assertThat(over.on()).isFalse();
    assertThat(over.end()).isEqualTo(RecordingEnd.ASKED);
    assertThat(over.messages()).isEqualTo(3);
    assertThat(over.lengthMillis()).isEqualTo(2_000);
    assertThat(broker.vhost().onlookers()).isNull();
    assertThat(broker.home().deadlines().count()).isZero();
    assertThat(channel.drain("q")).containsExactly("before", "first", "second", "third", "after");
  }

  @Test
  void eachMessageIsAsItWasPublishedWithWhomAndWhereTo() {
    channel.declare("hidden").bind("q", "amq.topic", "a.#");
    long id = begin(RecordingRule.builder());
    BasicProperties properties =
        BasicProperties.builder()
            .messageId("m1")
            .headers(
                FieldTable.builder()
                    .put("BCC", FieldValue.of(List.of(FieldValue.of("hidden"))))
                    .put("n", 7)
                    .build())
            .build();
    channel.publish("", "q", properties, new byte[] {1, 2});
    channel.publish("amq.topic", "a.b", BasicProperties.EMPTY, new byte[0]);
    channel.publishMandatory("amq.topic", "nowhere", "lost");
    broker.run();
    RecordedMessage first = messages(id).get(0);
    assertThat(first.content().properties()).isEqualTo(properties.encoded());
    assertThat(first.content().body()).containsExactly(1, 2);
    assertThat(first.queues()).containsExactlyInAnyOrder("q", "hidden");
    assertThat(first.mandatory()).isFalse();
    assertThat(first.by().user()).isEqualTo("guest");
    RecordedMessage second = messages(id).get(1);
    assertThat(second.content().exchange()).isEqualTo("amq.topic");
    assertThat(second.content().routingKey()).isEqualTo("a.b");
    assertThat(second.queues()).containsExactly("q");
    RecordedMessage third = messages(id).get(2);
    assertThat(third.mandatory()).isTrue();
    assertThat(third.queues()).isEmpty();
    assertThat(third.by()).isSameAs(first.by());
  }

  @Test
  void ofAnExchangeOrOfAQueue() {
    channel.declare("other").bind("q", "amq.fanout", "");
    long exchange = begin(RecordingRule.builder().exchange("amq.fanout"));
    long unnamed = begin(RecordingRule.builder().exchange(""));
    long queue = begin(RecordingRule.builder().queue("q"));
    channel.publish("amq.fanout", "k", "1").publish("q", "2").publish("other", "3");
    broker.run();
    assertThat(bodies(exchange)).containsExactly("1");
    assertThat(bodies(unnamed)).containsExactly("2", "3");
    assertThat(bodies(queue)).containsExactly("1", "2");
    assertThatThrownBy(() -> RecordingRule.builder().exchange("x").queue("q").build())
        .hasMessage("give exchange or queue, or neither for all that is published");
  }

  @Test
  void repliesToARequesterAreNotRecorded() {
    TestChannel requester = broker.channel();
    requester.consume("amq.rabbitmq.reply-to", "c", true, FieldTable.EMPTY);
    long id = begin(RecordingRule.builder());
    BasicProperties replyTo = BasicProperties.builder().replyTo("amq.rabbitmq.reply-to").build();
    requester.publish("", "q", replyTo, new byte[0]);
    broker.run();
    String key = BasicProperties.of(properties(channel)).replyTo();
    channel.publish(key, "reply");
    broker.run();
    assertThat(requester.deliveries()).containsExactly("reply");
    assertThat(messages(id)).hasSize(1);
    assertThat(messages(id).get(0).content().properties()).isEqualTo(replyTo.encoded());
  }

  private static byte[] properties(TestChannel of) {
    return of.get("q").properties();
  }

  @Test
  void endsWhenItHasEnoughMessages() {
    long id = begin(RecordingRule.builder().maxMessages(2));
    channel.publish("q", "1").publish("q", "2").publish("q", "3");
    broker.run();
    assertThat(bodies(id)).containsExactly("1", "2");
    assertThat(recordings().recording(id).end()).isEqualTo(RecordingEnd.MESSAGES);
  }

  @Test
  void endsBeforeItTakesMoreBytesAndLeavesNoGap() {
    long id = begin(RecordingRule.builder().maxBytes(1_000));
    channel.publish("q", "1").publish("q", "2".repeat(2_000)).publish("q", "3");
    broker.run();
    assertThat(bodies(id)).containsExactly("1");
    Recording over = recordings().recording(id);
    assertThat(over.end()).isEqualTo(RecordingEnd.BYTES);
    assertThat(over.bytes()).isPositive().isLessThan(1_000);
  }

  @Test
  void endsWhenTheMemoryOfAllIsUsedUpAndADeletedOneGivesItBack() {
    long first = begin(RecordingRule.builder());
    channel.publish("q", "1");
    broker.run();
    long left = budget().limit() - recordings().recording(first).bytes();
    assertThat(budget().record(left - 10)).isTrue();
    channel.publish("q", "2");
    broker.run();
    assertThat(recordings().recording(first).end()).isEqualTo(RecordingEnd.MEMORY);
    assertThat(bodies(first)).containsExactly("1");
    long bytes = recordings().recording(first).bytes();
    broker.home().run(() -> assertThat(recordings().remove(first)).isTrue());
    assertThat(budget().record(bytes)).isTrue();
    assertThat(budget().record(11)).isFalse();
    broker.home().run(() -> assertThat(recordings().remove(first)).isFalse());
    assertThat(recordings().messages(first, 0, 1)).isNull();
  }

  @Test
  void endsWhenItsTimeIsOverByTheBrokersClock() {
    long id = begin(RecordingRule.builder().lasting(Duration.ofSeconds(10)));
    broker.advance(9_999);
    assertThat(recordings().recording(id).leftMillis()).isEqualTo(1);
    broker.advance(1);
    Recording over = recordings().recording(id);
    assertThat(over.end()).isEqualTo(RecordingEnd.TIME);
    assertThat(over.lengthMillis()).isEqualTo(10_000);
    assertThat(over.leftMillis()).isZero();
    assertThat(broker.vhost().onlookers()).isNull();
  }

  @Test
  void someMessagesCanBeAskedFor() {
    long id = begin(RecordingRule.builder());
    channel.publish("q", "1").publish("q", "2").publish("q", "3");
    broker.run();
    assertThat(recordings().messages(id, 1, 1)).containsExactly(messages(id).get(1));
    assertThat(recordings().messages(id, 2, Integer.MAX_VALUE)).hasSize(1);
    assertThat(recordings().messages(id, 7, 10)).isEmpty();
  }

  @Test
  void thereAreSoManyAndNumbersAreNotUsedAgain() {
    long last = 0;
    for (int i = 0; i < Recordings.MOST; i++) {
      last = begin(RecordingRule.builder());
    }
    assertThatThrownBy(() -> recordings().begin(null, RecordingRule.builder().build()))
        .hasMessage("vhost '/' has 32 recordings; delete one before");
    long gone = last;
    broker.home().run(() -> recordings().remove(gone));
    assertThat(begin(RecordingRule.builder())).isEqualTo(gone + 1);
  }

  @Test
  void theyGoWithTheirVirtualHost() {
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("other")));
    Recordings others = broker.access().vhosts().get("other").recordings();
    broker.home().run(() -> others.begin(null, RecordingRule.builder().build()));
    assertThat(broker.home().deadlines().count()).isEqualTo(1);
    broker.change(editor -> editor.deleteVhost("other"));
    broker.run();
    assertThat(others.all()).isEmpty();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void limitsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> RecordingRule.builder().maxMessages(0).build())
        .hasMessage("max_messages has to be from 1 to 100000");
    assertThatThrownBy(() -> RecordingRule.builder().maxBytes(0).build())
        .hasMessage("max_bytes has to be from 1 to 9223372036854775807");
    assertThatThrownBy(() -> RecordingRule.builder().lasting(Duration.ofDays(2)).build())
        .hasMessage("for_ms has to be from 1 to 86400000");
  }

  @Test
  void publishesThatAreRefusedAreNotThere() {
    long id = begin(RecordingRule.builder());
    channel.publish("missing", "k", "m");
    channel.expectClose(404);
    assertThat(messages(id)).isEmpty();
  }

  @Test
  void whoseExclusiveQueueItWasForIsNotedThen() {
    channel.declare("own", true, false);
    channel.bind("own", "amq.fanout", "");
    long all = begin(RecordingRule.builder());
    long ofQueue = begin(RecordingRule.builder().queue("own"));
    channel.publish("own", "private").publish("amq.fanout", "", "public").publish("q", "too");
    broker.run();
    broker.home().run(() -> broker.vhost().deleteQueue(broker.queue("own")));
    assertThat(messages(all))
        .extracting(RecordedMessage::guard)
        .containsExactly(new RecordedMessage.Guard("guest", false), null, null);
    assertThat(messages(ofQueue))
        .extracting(RecordedMessage::guard)
        .containsOnly(new RecordedMessage.Guard("guest", false));
  }

  @Test
  void thatTopicPermissionsDecideIsNotedThen() {
    channel.bind("q", "amq.topic", "#");
    long id = begin(RecordingRule.builder());
    channel.publish("amq.topic", "a.b", "m");
    broker.run();
    assertThat(messages(id))
        .extracting(RecordedMessage::guard)
        .containsExactly(new RecordedMessage.Guard(null, true));
  }

  @Test
  void repliesAreNotRecordedUnderTheNameOfTheirQueueEither() {
    TestChannel requester = broker.channel();
    requester.send(
        new BasicMethod.Consume(
            "amq.rabbitmq.reply-to", "c", false, true, false, false, FieldTable.EMPTY));
    BasicProperties request = BasicProperties.builder().replyTo("amq.rabbitmq.reply-to").build();
    requester.publish("", "q", request, new byte[1]);
    broker.run();
    String key = BasicProperties.of(channel.get("q").properties()).replyTo();
    assertThat(key).startsWith("amq.rabbitmq.reply-to.");
    long id = begin(RecordingRule.builder().queue(key));
    channel.publish(key, "the reply");
    broker.run();
    assertThat(messages(id)).isEmpty();
  }
}
