package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Declaring, looking at and deleting streams. */
class StreamDeclareTest extends CompatTest {
  private static Map<String, Object> stream(Map<String, Object> more) {
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("x-queue-type", "stream");
    return arguments;
  }

  private static Closing refused(String text) {
    return Closing.channel(406, "PRECONDITION_FAILED - " + text, AmqpMethod.QUEUE_DECLARE);
  }

  private String newStream() throws Exception {
    String queue = name("s");
    channel.queueDeclare(queue, true, false, false, stream(Map.of()));
    return queue;
  }

  static Stream<Arguments> goodArguments() {
    return Stream.of(
        arguments("x-max-length-bytes", 20_000_000_000L),
        arguments("x-max-age", "7D"),
        arguments("x-max-age", "007Y"),
        arguments("x-stream-max-segment-size-bytes", 3_000_000_000L),
        arguments("x-stream-max-segment-size-bytes", 0),
        arguments("x-initial-cluster-size", 1),
        arguments("x-queue-leader-locator", "client-local"),
        arguments("x-credit", 3),
        arguments("x-unheard-of", 3));
  }

  @ParameterizedTest
  @MethodSource("goodArguments")
  void goodArgumentIsAcceptedAndAcceptedAgain(String argument, Object value) throws Exception {
    String queue = name("s");
    Map<String, Object> arguments = stream(Map.of(argument, value));
    channel.queueDeclare(queue, true, false, false, arguments);
    DeclareOk again = channel.queueDeclare(queue, true, false, false, arguments);
    assertThat(again.getMessageCount()).isZero();
    assertThat(again.getConsumerCount()).isZero();
  }

  static Stream<Arguments> badArguments() {
    return Stream.of(
        arguments("x-max-length-bytes", -1, "{value_negative,-1}"),
        arguments("x-max-length-bytes", "a", "\"expected integer, got longstr\""),
        arguments("x-max-age", "1", "invalid_max_age"),
        arguments("x-max-age", "7X", "invalid_max_age"),
        arguments("x-max-age", "0D", "invalid_max_age"),
        arguments("x-max-age", "1.5h", "invalid_max_age"),
        arguments("x-max-age", 5, "{unacceptable_type,signedint}"),
        arguments("x-stream-max-segment-size-bytes", -1, "{value_negative,-1}"),
        arguments("x-initial-cluster-size", 0, "{value_zero,0}"),
        arguments("x-queue-leader-locator", "here", "invalid_queue_locator_arg"));
  }

  @ParameterizedTest
  @MethodSource("badArguments")
  void badArgumentIsRefused(String argument, Object value, String term) throws Exception {
    String queue = name("s");
    assertChannelError(
        refused(
            "invalid arg '%s' for queue '%s' in vhost '/': %s".formatted(argument, queue, term)),
        ch -> ch.queueDeclare(queue, true, false, false, stream(Map.of(argument, value))));
  }

  static Stream<Arguments> argumentsOfOthers() {
    return Stream.of(
        arguments("x-max-length", 1),
        arguments("x-message-ttl", 1),
        arguments("x-expires", 100),
        arguments("x-dead-letter-exchange", "amq.direct"),
        arguments("x-overflow", "drop-head"),
        arguments("x-single-active-consumer", true),
        arguments("x-max-priority", 3),
        arguments("x-queue-mode", "lazy"),
        arguments("x-delivery-limit", 3));
  }

  @ParameterizedTest
  @MethodSource("argumentsOfOthers")
  void argumentOfOtherQueueTypesIsRefused(String argument, Object value) throws Exception {
    String queue = name("s");
    assertChannelError(
        refused(
            "invalid arg '%s' for queue '%s' in vhost '/' of queue type rabbit_stream_queue"
                .formatted(argument, queue)),
        ch -> ch.queueDeclare(queue, true, false, false, stream(Map.of(argument, value))));
  }

  @Test
  void segmentsHaveALargestSize() throws Exception {
    assertChannelError(
        refused("Exceeded max value for x-stream-max-segment-size-bytes"),
        ch ->
            ch.queueDeclare(
                name("s"),
                true,
                false,
                false,
                stream(Map.of("x-stream-max-segment-size-bytes", 3_000_000_001L))));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 256})
  void filtersHaveASmallestAndALargestSize(int size) throws Exception {
    assumeThat(Target.current().filtersStreams()).isTrue();
    assertChannelError(
        refused("Invalid value for  x-stream-filter-size-bytes"),
        ch ->
            ch.queueDeclare(
                name("s"), true, false, false, stream(Map.of("x-stream-filter-size-bytes", size))));
  }

  @Test
  void aStreamIsDurableNamedAndForAll() throws Exception {
    String queue = name("s");
    String resource = "for queue '" + queue + "' in vhost '/'";
    assertChannelError(
        refused("invalid property 'non-durable' " + resource),
        ch -> ch.queueDeclare(queue, false, false, false, stream(Map.of())));
    assertChannelError(
        refused("invalid property 'exclusive-owner' " + resource),
        ch -> ch.queueDeclare(queue, true, true, false, stream(Map.of())));
    assertChannelError(
        refused("invalid property 'auto-delete' " + resource),
        ch -> ch.queueDeclare(queue, false, true, true, stream(Map.of())));
    assertChannelError(
        refused("Cannot declare a server-named queue for type rabbit_stream_queue"),
        ch -> ch.queueDeclare("", true, false, false, stream(Map.of())));
  }

  @Test
  void aSecondDeclarationHasToBeEquivalent() throws Exception {
    String queue = newStream();
    assertChannelError(
        refused(
            "inequivalent arg 'x-max-age' for queue '"
                + queue
                + "' in vhost '/': received the value '1D' of type 'longstr' but current is none"),
        ch -> ch.queueDeclare(queue, true, false, false, stream(Map.of("x-max-age", "1D"))));
    assertChannelError(
        refused(
            "inequivalent arg 'x-queue-type' for queue '"
                + queue
                + "' in vhost '/': received none but current is the value 'stream' of type"
                + " 'longstr'"),
        ch -> ch.queueDeclare(queue, true, false, false, null));
  }

  @Test
  void passiveDeclareCountsMessagesAndNoConsumers() throws Exception {
    String queue = newStream();
    fill(queue, "one", "two", "three");
    channel.basicQos(1);
    Deliveries.from(channel, queue);

    // RabbitMQ counts now and then.
    await().until(() -> ready(queue) == 3);
    assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isZero();
  }

  @Test
  void getAndPurgeAreNotForStreams() throws Exception {
    String queue = newStream();
    String resource = "queue '" + queue + "' in vhost '/'";
    assertConnectionError(
        Closing.connection(
            540,
            "NOT_IMPLEMENTED - basic.get not supported by stream queues " + resource,
            AmqpMethod.BASIC_GET),
        ch -> ch.basicGet(queue, false));
    assertConnectionError(
        Closing.connection(
            540,
            "NOT_IMPLEMENTED - queue.purge not supported by stream queues " + resource,
            AmqpMethod.QUEUE_PURGE),
        ch -> ch.queuePurge(queue));
  }

  @Test
  void deleteAsksForNothingAndTellsItsConsumers() throws Exception {
    String queue = newStream();
    fill(queue, "one", "two");
    channel.basicQos(5);
    Deliveries deliveries = new Deliveries(channel);
    String tag = channel.basicConsume(queue, false, deliveries);

    assertThat(channel.queueDelete(queue, true, true).getMessageCount()).isZero();
    assertThat(deliveries.nextCancel()).isEqualTo(tag);
    assertChannelError(
        Closing.channel(
            404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclarePassive(queue));
    channel.queueDeclare(queue, true, false, false, stream(Map.of()));
    fill(queue, "new");
    Deliveries anew = new Deliveries(channel);
    channel.basicConsume(queue, false, Map.of("x-stream-offset", "first"), anew);
    assertThat(anew.nextText()).isEqualTo("new");
  }
}
