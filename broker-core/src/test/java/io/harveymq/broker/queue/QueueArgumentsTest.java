package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.argument.Equivalence;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are what a RabbitMQ 3.10.8 answered. */
class QueueArgumentsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x-message-ttl=I:-1 | {value_negative,-1}",
        "x-message-ttl=l:315360000001 | {value_too_large,315360000001}",
        "x-message-ttl=S:a | \"expected integer, got longstr\"",
        "x-message-ttl=d:1 | \"expected integer, got double\"",
        "x-message-ttl=f:1 | \"expected integer, got float\"",
        "x-message-ttl=T:5 | \"expected integer, got timestamp\"",
        "x-message-ttl=t:true | \"expected integer, got bool\"",
        "x-message-ttl=V: | \"expected integer, got void\"",
        "x-message-ttl=D:5 | \"expected integer, got decimal\"",
        "x-message-ttl=F: | \"expected integer, got table\"",
        "x-message-ttl=x:a | \"expected integer, got binary\"",
        "x-expires=I:0 | {value_zero,0}",
        "x-expires=I:-5 | {value_negative,-5}",
        "x-expires=l:315360000001 | {value_too_large,315360000001}",
        "x-expires=S:0 | \"expected integer, got longstr\"",
        "x-dead-letter-routing-key=S:a | routing_key_but_no_dlx_defined",
        "x-dead-letter-routing-key=I:1 | {unacceptable_type,signedint}",
        "x-max-length=I:-1 | {value_negative,-1}",
        "x-max-length=S:5 | \"expected integer, got longstr\"",
        "x-max-length-bytes=I:-1 | {value_negative,-1}",
        "x-max-priority=I:256 | {max_value_exceeded,256}",
        "x-max-priority=I:-1 | {value_negative,-1}",
        "x-max-priority=S:a | \"expected integer, got longstr\"",
        "x-overflow=S:nope | invalid_overflow",
        "x-overflow=I:1 | {unacceptable_type,signedint}",
        "x-queue-mode=S:nope | \"unsupported queue mode 'nope'\"",
        "x-queue-mode=S: | \"unsupported queue mode ''\"",
        "x-queue-mode=S:l\"a\\b | \"unsupported queue mode 'l\\\"a\\\\b'\"",
        "x-queue-mode=S:bär | \"unsupported queue mode 'bär'\"",
        "x-queue-mode=S:BÄR | [117,110,115,117,112,112,111,114,116,101,100,32,113,117,101,117,101,"
            + "32,109,111,100,101,32,39,66,195,132,82,39]",
        "x-queue-mode=I:1 | {unacceptable_type,signedint}",
        "x-queue-version=I:3 | \"unsupported queue version '3'\"",
        "x-queue-version=I:-3 | {value_negative,-3}",
        "x-queue-version=S:a | \"expected integer, got longstr\"",
        "x-single-active-consumer=I:1 | {unacceptable_type,signedint}",
        "x-single-active-consumer=S:true | {unacceptable_type,longstr}",
        "x-queue-type=S:foo | \"unsupported queue type 'foo'\"",
        "x-queue-type=S:Classic | \"unsupported queue type 'Classic'\"",
        "x-queue-type=I:1 | {unacceptable_type,signedint}",
        "x-queue-type=x:classic | {unacceptable_type,binary}",
        "x-max-age=S:1Q x-queue-type=S:stream | invalid_max_age",
        "x-max-age=S:0Y x-queue-type=S:stream | invalid_max_age",
        "x-max-age=I:3 x-queue-type=S:stream | {unacceptable_type,signedint}",
        "x-dead-letter-strategy=S:a x-queue-type=S:quorum | invalid_dlx_strategy",
        "x-quorum-initial-group-size=I:0 x-queue-type=S:quorum | {value_zero,0}",
        "x-queue-leader-locator=S:zz x-queue-type=S:quorum | invalid_queue_locator_arg",
      })
  void badValueIsRefusedInRabbitMqWords(String arguments, String error) {
    String name = arguments.substring(0, arguments.indexOf('='));
    assertRefused(arguments, "invalid arg '" + name + "' for queue 'q' in vhost '/': " + error);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "x-delivery-limit=I:1, classic",
    "x-max-in-memory-length=S:q, classic",
    "x-max-in-memory-bytes=I:1, classic",
    "x-dead-letter-strategy=S:a, classic",
    "x-max-age=S:1D, classic",
    "x-stream-max-segment-size-bytes=I:1, classic",
    "x-initial-cluster-size=I:1, classic",
    "x-quorum-initial-group-size=I:1, classic",
    "x-max-priority=I:1 x-queue-type=S:quorum, quorum",
    "x-queue-mode=S:lazy x-queue-type=S:quorum, quorum",
    "x-message-ttl=I:-1 x-queue-type=S:stream, stream",
  })
  void argumentOfAnotherQueueTypeIsRefused(String arguments, String type) {
    String name = arguments.substring(0, arguments.indexOf('='));
    assertRefused(
        arguments,
        "invalid arg '%s' for queue 'q' in vhost '/' of queue type rabbit_%s_queue"
            .formatted(name, type));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x-queue-mode=S:z x-queue-type=S:z x-dead-letter-exchange=I:1 | invalid type 'signedint'"
            + " for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'",
        "x-queue-mode=S:z x-expires=I:-1 x-queue-type=S:z | invalid arg 'x-queue-type' for queue"
            + " 'q' in vhost '/': \"unsupported queue type 'z'\"",
        "x-delivery-limit=S:z x-message-ttl=I:-1 x-expires=I:-1 | invalid arg 'x-expires' for queue"
            + " 'q' in vhost '/': {value_negative,-1}",
        "x-max-age=S:z x-delivery-limit=S:z | invalid arg 'x-max-age' for queue 'q' in vhost '/' of"
            + " queue type rabbit_classic_queue",
      })
  void firstFailureInRabbitMqOrderIsReported(String arguments, String text) {
    assertRefused(arguments, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-message-ttl=l:315360000000",
        "x-message-ttl=I:0",
        "x-message-ttl=B:5",
        "x-message-ttl=b:5",
        "x-message-ttl=s:5",
        "x-message-ttl=u:5",
        "x-message-ttl=i:5",
        "x-max-length=l:9223372036854775807",
        "x-max-priority=I:0",
        "x-max-priority=I:255",
        "x-overflow=S:reject-publish-dlx",
        "x-queue-version=l:2",
        "x-queue-mode=S:lazy",
        "x-queue-type=S:classic",
        "x-queue-master-locator=I:1",
        "x-queue-leader-locator=S:balanced",
        "x-unknown=S:a",
        "x-stream-offset=S:a",
        "x-dead-letter-exchange=S: x-dead-letter-routing-key=S:k",
        "x-queue-type=S:quorum x-delivery-limit=S:unchecked",
        "x-queue-type=S:stream x-max-age=S:007D",
      })
  void goodValuesAreTaken(String arguments) {
    assertThat(parse(arguments).table()).isEqualTo(Arguments.of(arguments));
  }

  @Test
  void emptyTableGivesTheSharedInstance() {
    assertThat(QueueArguments.parse("q", "/", FieldTable.EMPTY, Compatibility.V4_2))
        .isSameAs(QueueArguments.NONE);
    assertThat(QueueArguments.NONE.queueType()).isEqualTo(QueueType.CLASSIC);
    assertThat(QueueArguments.NONE.messageTtl()).isNull();
    assertThat(QueueArguments.NONE.singleActiveConsumer()).isFalse();
  }

  @Test
  void valuesAreParsedIntoFields() {
    QueueArguments a =
        parse(
            "x-expires=I:1 x-message-ttl=s:2 x-max-length=l:3 x-max-length-bytes=B:4"
                + " x-max-priority=I:5 x-overflow=S:reject-publish x-dead-letter-exchange=S:dlx"
                + " x-dead-letter-routing-key=S:k x-single-active-consumer=t:true");
    assertThat(a.expires()).isEqualTo(1);
    assertThat(a.messageTtl()).isEqualTo(2);
    assertThat(a.maxLength()).isEqualTo(3);
    assertThat(a.maxLengthBytes()).isEqualTo(4);
    assertThat(a.maxPriority()).isEqualTo(5);
    assertThat(a.overflow()).isEqualTo(OverflowBehaviour.REJECT_PUBLISH);
    assertThat(a.deadLetterExchange()).isEqualTo("dlx");
    assertThat(a.deadLetterRoutingKey()).isEqualTo("k");
    assertThat(a.singleActiveConsumer()).isTrue();
    assertThat(a.queueType()).isEqualTo(QueueType.CLASSIC);
    assertThat(parse("x-queue-type=S:stream").queueType()).isEqualTo(QueueType.STREAM);
    assertThat(parse("x-queue-type=S:quorum").queueType()).isEqualTo(QueueType.QUORUM);
  }

  private static void compare(QueueArguments current, FieldTable received) {
    Equivalence equivalence = new Equivalence(ResourceName.queue("/", "q"));
    current.compare(received, equivalence);
    equivalence.check();
  }

  @Test
  void firstDifferenceIsToldAndTheOthersAreKnown() {
    QueueArguments current = parse("x-expires=I:1 x-message-ttl=I:2 x-max-length=I:3");
    FieldTable received = Arguments.of("x-expires=I:1 x-message-ttl=I:7 x-max-priority=I:5");
    assertThatThrownBy(() -> compare(current, received))
        .isInstanceOfSatisfying(
            ChannelException.class,
            refusal -> {
              assertThat(refusal.besides()).hasSize(2).doesNotHaveDuplicates();
              assertThat(refusal.replyText()).startsWith("PRECONDITION_FAILED - inequivalent arg");
              assertThat(refusal.replyText() + refusal.besides())
                  .contains("'x-message-ttl'", "'x-max-length'", "'x-max-priority'")
                  .doesNotContain("x-expires");
            });
  }

  @Test
  void upTo42NobodyChecksOrComparesTheConsumerTimeout() {
    QueueArguments classic = parse("x-consumer-timeout=I:5000", Compatibility.V4_2);
    assertThat(classic.consumerTimeout()).isEqualTo(5_000);
    compare(classic, Arguments.of("x-consumer-timeout=I:6000"));
    assertThat(parse("x-consumer-timeout=d:1", Compatibility.V4_2).consumerTimeout()).isNull();
  }

  @Test
  void from43OnOnlyQuorumQueuesHaveAConsumerTimeoutWhichIsCheckedAndCompared() {
    String quorum = "x-queue-type=S:quorum x-consumer-timeout=";
    QueueArguments taken = parse(quorum + "I:5000", Compatibility.V4_3);
    assertThat(taken.consumerTimeout()).isEqualTo(5_000);
    assertThatThrownBy(() -> compare(taken, Arguments.of(quorum + "I:6000")))
        .hasMessageContaining("inequivalent arg 'x-consumer-timeout' for queue 'q' in vhost '/'");
    assertThatThrownBy(() -> parse(quorum + "d:1", Compatibility.V4_3))
        .hasMessage(
            "PRECONDITION_FAILED - invalid arg 'x-consumer-timeout' for queue 'q' in vhost '/':"
                + " \"expected integer, got double\"");
    assertThatThrownBy(() -> parse(quorum + "I:-1", Compatibility.V4_3))
        .hasMessageEndingWith("{value_negative,-1}");
    assertThatThrownBy(() -> parse("x-consumer-timeout=I:5000", Compatibility.V4_3))
        .hasMessage(
            "PRECONDITION_FAILED - invalid arg 'x-consumer-timeout' for queue 'q' in vhost '/' of"
                + " queue type rabbit_classic_queue");
  }

  @Test
  void whatAnEarlierVersionTookIsRecoveredByALaterOne() {
    FieldTable stored = Arguments.of("x-consumer-timeout=I:5000");
    assertThat(QueueArguments.recovered(stored, Compatibility.V4_3).table()).isEqualTo(stored);
  }

  @Test
  void comparisonShowsArraysAsErlangLists() {
    FieldValue array =
        FieldValue.of(
            List.of(
                FieldValue.of(1),
                FieldValue.of("x"),
                FieldValue.of(FieldTable.builder().put("a", new FieldValue.Float64(1.5)).build())));
    FieldTable received = FieldTable.builder().put("x-queue-master-locator", array).build();
    assertThatThrownBy(() -> compare(QueueArguments.NONE, received))
        .hasMessageEndingWith(
            "received the value"
                + " '[{signedint,1},{longstr,<<\"x\">>},{table,[{<<\"a\">>,double,1.5}]}]' of type"
                + " 'array' but current is none");
  }

  private static QueueArguments parse(String arguments) {
    return parse(arguments, Compatibility.V4_2);
  }

  private static QueueArguments parse(String arguments, Compatibility version) {
    return QueueArguments.parse("q", "/", Arguments.of(arguments), version);
  }

  private static void assertRefused(String arguments, String text) {
    assertThatThrownBy(() -> parse(arguments))
        .isInstanceOf(ChannelException.class)
        .hasMessage("PRECONDITION_FAILED - " + text);
  }
}
