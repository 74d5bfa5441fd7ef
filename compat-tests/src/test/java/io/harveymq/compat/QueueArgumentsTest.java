package io.harveymq.compat;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a queue's arguments may be, and what a second declaration may change. */
class QueueArgumentsTest extends CompatTest {

  static Stream<Arguments> goodArguments() {
    return Stream.of(
        arguments("x-message-ttl", 0),
        arguments("x-message-ttl", 315_360_000_000L),
        arguments("x-expires", 60_000),
        arguments("x-max-length", 0),
        arguments("x-max-length-bytes", 1_000_000_000_000L),
        arguments("x-max-priority", 0),
        arguments("x-max-priority", 255),
        arguments("x-overflow", "drop-head"),
        arguments("x-overflow", "reject-publish"),
        arguments("x-overflow", "reject-publish-dlx"),
        arguments("x-dead-letter-exchange", ""),
        arguments("x-dead-letter-exchange", "no-such-exchange"),
        arguments("x-queue-type", "classic"),
        arguments("x-queue-mode", "default"),
        arguments("x-queue-mode", "lazy"),
        arguments("x-queue-version", 1),
        arguments("x-queue-version", 2),
        arguments("x-single-active-consumer", true),
        arguments("x-single-active-consumer", false),
        arguments("x-queue-master-locator", "min-masters"),
        arguments("x-anything-else", "whatever"),
        arguments("not-even-x", 5.5));
  }

  @ParameterizedTest
  @MethodSource("goodArguments")
  void goodArgumentIsAcceptedAndAcceptedAgain(String argument, Object value) throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, true, false, Map.of(argument, value));
    channel.queueDeclare(queue, false, true, false, Map.of(argument, value));
  }

  static Stream<Arguments> badArguments() {
    return Stream.of(
        arguments("x-message-ttl", -1, "{value_negative,-1}"),
        arguments("x-message-ttl", 315_360_000_001L, "{value_too_large,315360000001}"),
        arguments("x-message-ttl", "60000", "\"expected integer, got longstr\""),
        arguments("x-message-ttl", 5.5, "\"expected integer, got double\""),
        arguments("x-message-ttl", true, "\"expected integer, got bool\""),
        arguments("x-expires", 0, "{value_zero,0}"),
        arguments("x-expires", -5, "{value_negative,-5}"),
        arguments("x-expires", 315_360_000_001L, "{value_too_large,315360000001}"),
        arguments("x-expires", "1", "\"expected integer, got longstr\""),
        arguments("x-max-length", -1, "{value_negative,-1}"),
        arguments("x-max-length", "1", "\"expected integer, got longstr\""),
        arguments("x-max-length-bytes", -1L, "{value_negative,-1}"),
        arguments("x-max-length-bytes", 1.0f, "\"expected integer, got float\""),
        arguments("x-max-priority", 256, "{max_value_exceeded,256}"),
        arguments("x-max-priority", -1, "{value_negative,-1}"),
        arguments("x-max-priority", "5", "\"expected integer, got longstr\""),
        arguments("x-overflow", "drop-tail", "invalid_overflow"),
        arguments("x-overflow", 1, "{unacceptable_type,signedint}"),
        arguments("x-dead-letter-routing-key", "k", "routing_key_but_no_dlx_defined"),
        arguments("x-dead-letter-routing-key", 1L, "{unacceptable_type,long}"),
        arguments("x-queue-type", "unheard-of", "\"unsupported queue type 'unheard-of'\""),
        arguments("x-queue-type", 5, "{unacceptable_type,signedint}"),
        arguments("x-queue-mode", "hasty", "\"unsupported queue mode 'hasty'\""),
        arguments("x-queue-mode", true, "{unacceptable_type,bool}"),
        arguments("x-queue-version", 3, "\"unsupported queue version '3'\""),
        arguments("x-queue-version", "2", "\"expected integer, got longstr\""),
        arguments("x-single-active-consumer", "true", "{unacceptable_type,longstr}"),
        arguments("x-single-active-consumer", 1, "{unacceptable_type,signedint}"));
  }

  @ParameterizedTest
  @MethodSource("badArguments")
  void badArgumentIsRefused(String argument, Object value, String term) throws Exception {
    String queue = name("q");
    String text =
        "PRECONDITION_FAILED - invalid arg '%s' for queue '%s' in vhost '/': %s"
            .formatted(argument, queue, term);
    assertChannelError(
        Closing.channel(406, text, AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(queue, false, true, false, Map.of(argument, value)));
  }

  @Test
  void deadLetterExchangeMustBeAString() throws Exception {
    String queue = name("q");
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in"
                + " queue '"
                + queue
                + "' in vhost '/'",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(queue, false, true, false, Map.of("x-dead-letter-exchange", 1)));
  }

  @Test
  void deadLetterRoutingKeyNeedsADeadLetterExchange() throws Exception {
    Map<String, Object> both =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "k");
    channel.queueDeclare(name("q"), false, true, false, both);
  }

  @Test
  void argumentOfAnotherQueueTypeIsRefused() throws Exception {
    String queue = name("q");
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg 'x-max-age' for queue '"
                + queue
                + "' in vhost '/' of queue type rabbit_classic_queue",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(queue, false, true, false, Map.of("x-max-age", "1D")));
  }

  @Test
  void firstBadArgumentInRabbitMqsOrderIsReported() throws Exception {
    String queue = name("q");
    Map<String, Object> bad = Map.of("x-overflow", "?", "x-message-ttl", -1, "x-expires", 0);
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg 'x-expires' for queue '"
                + queue
                + "' in vhost '/': {value_zero,0}",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(queue, false, true, false, bad));
  }

  static Stream<Arguments> comparedArguments() {
    return Stream.of(
        arguments("x-message-ttl", 60_000, 20_000, "signedint"),
        arguments("x-expires", 60_000L, 20_000L, "long"),
        arguments("x-max-length", (short) 10, (short) 20, "short"),
        arguments("x-max-length-bytes", (byte) 10, (byte) 20, "byte"),
        arguments("x-max-priority", 5, 6, "signedint"),
        arguments("x-overflow", "drop-head", "reject-publish", "longstr"),
        arguments("x-dead-letter-exchange", "one", "two", "longstr"),
        arguments("x-queue-mode", "lazy", "default", "longstr"),
        arguments("x-queue-version", 1, 2, "signedint"),
        arguments("x-single-active-consumer", true, false, "bool"),
        arguments("x-queue-master-locator", "min-masters", "random", "longstr"));
  }

  @ParameterizedTest
  @MethodSource("comparedArguments")
  void secondDeclarationMustHaveTheSameArgument(
      String argument, Object value, Object other, String type) throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of(argument, value));
    assertInequivalent(
        queue,
        Map.of(argument, other),
        argument,
        "received '" + other + "' but current is '" + value + "'");
    assertInequivalent(
        queue,
        Map.of(),
        argument,
        "received none but current is the value '" + value + "' of type '" + type + "'");
    String without = newQueue();
    assertInequivalent(
        without,
        Map.of(argument, value),
        argument,
        "received the value '" + value + "' of type '" + type + "' but current is none");
  }

  @Test
  void deadLetterRoutingKeyIsComparedToo() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, deadLetter("one"));
    assertInequivalent(
        queue,
        deadLetter("two"),
        "x-dead-letter-routing-key",
        "received 'two' but current is 'one'");
  }

  private static Map<String, Object> deadLetter(String key) {
    return Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", key);
  }

  @Test
  void widthOfAnIntegerDoesNotMatter() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 10));
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 10L));
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", (short) 10));
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", (byte) 10));
    assertInequivalent(
        queue, Map.of("x-max-length", "10"), "x-max-length", "received '10' but current is '10'");
    assertInequivalent(
        queue, Map.of("x-max-length", 10.0), "x-max-length", "received '10.0' but current is '10'");
  }

  @Test
  void classicTypeEqualsNoType() throws Exception {
    String plain = newQueue();
    channel.queueDeclare(plain, false, false, false, Map.of("x-queue-type", "classic"));
    String typed = name("q");
    channel.queueDeclare(typed, false, false, false, Map.of("x-queue-type", "classic"));
    channel.queueDeclare(typed, false, false, false, null);
  }

  @Test
  void unknownArgumentsAreNotCompared() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-mine", 1));
    channel.queueDeclare(queue, false, false, false, Map.of("x-mine", "two"));
    channel.queueDeclare(queue, false, false, false, null);
    channel.queueDeclare(queue, false, false, false, Map.of("x-yours", true));
  }

  @Test
  void durableAndAutoDeleteAreCompared() throws Exception {
    String queue = newQueue();
    assertChannelError(
        inequivalent(queue, "durable", "received 'true' but current is 'false'"),
        ch -> ch.queueDeclare(queue, true, false, false, null));
    assertChannelError(
        inequivalent(queue, "auto_delete", "received 'true' but current is 'false'"),
        ch -> ch.queueDeclare(queue, false, false, true, null));
    assertChannelError(
        inequivalent(queue, "durable", "received 'true' but current is 'false'"),
        ch -> ch.queueDeclare(queue, true, false, true, Map.of("x-message-ttl", 5)));
    String durable = name("q");
    channel.queueDeclare(durable, true, false, true, null);
    assertChannelError(
        inequivalent(durable, "durable", "received 'false' but current is 'true'"),
        ch -> ch.queueDeclare(durable, false, false, true, null));
    assertChannelError(
        inequivalent(durable, "auto_delete", "received 'false' but current is 'true'"),
        ch -> ch.queueDeclare(durable, true, false, false, null));
  }

  @Test
  void badArgumentForAnExistingQueueIsADifference() throws Exception {
    String queue = newQueue();
    assertInequivalent(
        queue,
        Map.of("x-message-ttl", -1),
        "x-message-ttl",
        "received the value '-1' of type 'signedint' but current is none");
  }

  @Test
  void nullArgumentIsOfTypeVoid() throws Exception {
    String queue = name("q");
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("x-message-ttl", null);
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue '"
                + queue
                + "' in vhost '/': \"expected integer, got void\"",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(queue, false, true, false, withNull));
  }

  private void assertInequivalent(
      String queue, Map<String, Object> declared, String argument, String difference)
      throws Exception {
    assertChannelError(
        inequivalent(queue, argument, difference),
        ch -> ch.queueDeclare(queue, false, false, false, declared));
  }

  private static Closing inequivalent(String queue, String argument, String difference) {
    String text =
        "PRECONDITION_FAILED - inequivalent arg '%s' for queue '%s' in vhost '/': %s"
            .formatted(argument, queue, difference);
    return Closing.channel(406, text, AmqpMethod.QUEUE_DECLARE);
  }
}
