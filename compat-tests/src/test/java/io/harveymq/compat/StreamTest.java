package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing to streams and reading them. */
class StreamTest extends CompatTest {
  private static final Map<String, Object> STREAM = Map.of("x-queue-type", "stream");
  private static final Map<String, Object> FIRST = Map.of("x-stream-offset", "first");

  private String newStream() throws Exception {
    String queue = name("s");
    channel.queueDeclare(queue, true, false, false, STREAM);
    return queue;
  }

  /** Each message is confirmed before the next, so that each is a chunk of its own in RabbitMQ. */
  private String newStream(int messages) throws Exception {
    String queue = newStream();
    for (int i = 0; i < messages; i++) {
      fill(queue, "m" + i);
    }
    return queue;
  }

  private Deliveries read(String queue, int prefetch, Map<String, Object> arguments)
      throws Exception {
    Channel reading = connection.createChannel();
    reading.basicQos(prefetch);
    Deliveries deliveries = new Deliveries(reading);
    reading.basicConsume(queue, false, arguments, deliveries);
    return deliveries;
  }

  private static Map<String, Object> from(Object offset) {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-stream-offset", offset);
    return arguments;
  }

  private static long offset(Delivery delivery) {
    Object offset = delivery.getProperties().getHeaders().get("x-stream-offset");
    assertThat(offset).isInstanceOf(Long.class);
    return (Long) offset;
  }

  private static List<Long> offsets(Deliveries deliveries, int count) throws Exception {
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Delivery delivery = deliveries.next();
      offsets.add(offset(delivery));
      assertThat(Deliveries.text(delivery)).isEqualTo("m" + offset(delivery));
      assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
    }
    return offsets;
  }

  private static List<Long> range(int from, int to) {
    return IntStream.range(from, to).mapToObj(Long::valueOf).toList();
  }

  @Test
  void allThatIsPublishedCanBeReadAgainAndAgain() throws Exception {
    String queue = newStream(5);
    for (int round = 0; round < 2; round++) {
      Deliveries deliveries = read(queue, 10, FIRST);
      assertThat(offsets(deliveries, 5)).isEqualTo(range(0, 5));
      deliveries.getChannel().basicAck(0, true);
      deliveries.getChannel().close();
    }
    assertThat(offsets(read(queue, 10, from(3)), 2)).isEqualTo(range(3, 5));
  }

  static Stream<Arguments> places() {
    Instant now = Instant.now();
    return Stream.of(
        arguments("first", 0),
        arguments("last", 4),
        arguments("next", 5),
        arguments(0, 0),
        arguments(3, 3),
        arguments((short) 3, 3),
        arguments(4L, 4),
        arguments(5, 5),
        arguments(-7, 0),
        arguments("1h", 0),
        arguments("2Y", 0),
        arguments(Date.from(now.minusSeconds(86_400)), 0),
        arguments(Date.from(now.plusSeconds(86_400)), 5));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aConsumerBeginsWhereItWants(Object place, int first) throws Exception {
    String queue = newStream(5);
    Deliveries deliveries = read(queue, 10, from(place));
    fill(queue, "m5");
    assertThat(offsets(deliveries, 6 - first)).isEqualTo(range(first, 6));
  }

  @Test
  void withoutAPlaceAConsumerGetsWhatComesNext() throws Exception {
    String queue = newStream(2);
    Deliveries deliveries = read(queue, 10, Map.of());
    fill(queue, "m2");
    assertThat(offsets(deliveries, 1)).containsExactly(2L);
  }

  @Test
  void aPlaceBehindTheEndIsWaitedFor() throws Exception {
    String queue = newStream(1);
    Deliveries deliveries = read(queue, 10, from(3));
    fill(queue, "m1", "m2", "m3", "m4");
    assertThat(offsets(deliveries, 2)).containsExactly(3L, 4L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "0D", "1.5h", "7x"})
  void aPlaceThatIsNoneIsRefused(String place) throws Exception {
    String queue = newStream();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue '"
                + queue
                + "' in vhost '/': {invalid_stream_offset_arg,{longstr,<<\""
                + place
                + "\">>}}",
            AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicQos(1);
          ch.basicConsume(queue, false, from(place), new Deliveries(ch));
        });
  }

  @Test
  void messagesComeAsTheyWerePublishedAlsoTransientOnes() throws Exception {
    String queue = newStream();
    String exchange = newExchange("fanout");
    channel.queueBind(queue, exchange, "");
    channel.confirmSelect();
    Map<String, Object> headers = new HashMap<>();
    headers.put("number", 1);
    headers.put("long", 1L << 40);
    headers.put("nothing", null);
    headers.put("x-stream-offset", 77L);
    AMQP.BasicProperties properties =
        properties()
            .contentType("text/plain")
            .contentEncoding("none")
            .headers(headers)
            .deliveryMode(1)
            .priority(3)
            .correlationId("c")
            .replyTo("r")
            .expiration("60000")
            .messageId("m")
            .timestamp(new Date(5_000))
            .type("t")
            .appId("a")
            .build();
    channel.basicPublish(exchange, "key", properties, bytes("whole"));
    channel.basicPublish(exchange, "", null, bytes("bare"));
    channel.waitForConfirmsOrDie(10_000);

    Deliveries deliveries = read(queue, 10, FIRST);
    Delivery whole = deliveries.next();
    headers.put("x-stream-offset", 0L);
    assertThat(texts(whole.getProperties().getHeaders())).isEqualTo(texts(headers));
    assertThat(whole.getProperties().builder().headers(null).build())
        .isEqualTo(properties.builder().headers(null).build());
    assertThat(whole.getEnvelope().getExchange()).isEqualTo(exchange);
    assertThat(whole.getEnvelope().getRoutingKey()).isEqualTo("key");
    Delivery bare = deliveries.next();
    assertThat(Deliveries.text(bare)).isEqualTo("bare");
    assertThat(bare.getProperties())
        .isEqualTo(properties().headers(Map.of("x-stream-offset", 1L)).build());
  }

  private static Map<String, String> texts(Map<String, Object> headers) {
    Map<String, String> texts = new HashMap<>();
    headers.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  @Test
  void acknowledgementsGiveCreditAndNothingElse() throws Exception {
    String queue = newStream(8);
    Deliveries deliveries = read(queue, 3, FIRST);
    Channel reading = deliveries.getChannel();
    assertThat(offsets(deliveries, 3)).isEqualTo(range(0, 3));
    reading.basicAck(2, false);
    assertThat(offsets(deliveries, 1)).containsExactly(3L);
    reading.basicAck(4, true);
    assertThat(offsets(deliveries, 3)).isEqualTo(range(4, 7));
    assertThat(deliveries.taken()).isEmpty();
    assertThat(offsets(read(queue, 10, FIRST), 8)).isEqualTo(range(0, 8));
  }

  @Test
  void aPrefetchIsKept() throws Exception {
    assumeThat(Target.current().deliversWholeChunks()).isFalse();
    String queue = newStream();
    fill(queue, "m0", "m1", "m2", "m3");
    Deliveries deliveries = read(queue, 2, FIRST);
    assertThat(offsets(deliveries, 2)).isEqualTo(range(0, 2));
    connection.createChannel().close();
    assertThat(deliveries.taken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusingIsNotForStreamsOrGivesCredit(boolean requeue) throws Exception {
    String queue = newStream(5);
    if (Target.current().refusesNacksOfStreams()) {
      assertConnectionError(
          Closing.connection(
              540,
              "NOT_IMPLEMENTED - basic.nack and basic.reject not supported by stream queues"
                  + " queue '"
                  + queue
                  + "' in vhost '/'",
              AmqpMethod.BASIC_NACK),
          ch -> {
            ch.basicQos(1);
            Deliveries deliveries = new Deliveries(ch);
            ch.basicConsume(queue, false, FIRST, deliveries);
            ch.basicNack(Deliveries.tag(deliveries.next()), false, requeue);
          });
      return;
    }
    Deliveries deliveries = read(queue, 1, FIRST);
    assertThat(offsets(deliveries, 1)).containsExactly(0L);
    deliveries.getChannel().basicNack(1, false, requeue);
    assertThat(offsets(deliveries, 1)).containsExactly(1L);
    deliveries.getChannel().basicReject(2, requeue);
    assertThat(offsets(deliveries, 1)).containsExactly(2L);
  }

  @Test
  void consumersReadOnTheirOwnAlsoExclusiveOnes() throws Exception {
    String queue = newStream(4);
    Deliveries slow = read(queue, 1, FIRST);
    assertThat(offsets(slow, 1)).containsExactly(0L);
    Channel exclusive = connection.createChannel();
    exclusive.basicQos(10);
    Deliveries deliveries = new Deliveries(exclusive);
    exclusive.basicConsume(queue, false, "", false, true, FIRST, deliveries);
    assertThat(offsets(deliveries, 4)).isEqualTo(range(0, 4));
    assertThat(offsets(read(queue, 10, from("last")), 1)).containsExactly(3L);
    slow.getChannel().basicAck(1, false);
    assertThat(offsets(slow, 1)).containsExactly(1L);
  }

  @Test
  void aConsumerNeedsAPrefetchOfItsOwnAndAcknowledgements() throws Exception {
    String queue = newStream();
    String none = Target.current().consumerWithoutPrefetch(queue);
    assertChannelError(
        Closing.channel(406, "PRECONDITION_FAILED - " + none, AmqpMethod.BASIC_CONSUME),
        ch -> ch.basicConsume(queue, true, new Deliveries(ch)));
    String noAck = Target.current().consumerWithoutAcks(queue);
    assertConnectionError(
        Closing.connection(540, "NOT_IMPLEMENTED - " + noAck, AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicQos(1);
          ch.basicConsume(queue, true, new Deliveries(ch));
        });
    assertConnectionError(
        Closing.connection(
            540,
            "NOT_IMPLEMENTED - queue '" + queue + "' in vhost '/' does not support global qos",
            AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicQos(1, false);
          ch.basicQos(1, true);
          ch.basicConsume(queue, false, new Deliveries(ch));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-priority", "x-cancel-on-ha-failover"})
  void consumerArgumentsOfOtherQueueTypesAreRefused(String argument) throws Exception {
    String queue = newStream();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg '"
                + argument
                + "' for queue '"
                + queue
                + "' in vhost '/' of queue type rabbit_stream_queue",
            AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicQos(1);
          ch.basicConsume(queue, false, Map.of(argument, 1), new Deliveries(ch));
        });
  }

  @Test
  void aTransactionAppearsAsAWholeAndItsAcksGiveCreditThen() throws Exception {
    String queue = newStream(3);
    Channel tx = connection.createChannel();
    tx.txSelect();
    tx.basicPublish("", queue, null, bytes("m3"));
    tx.basicPublish("", queue, null, bytes("m4"));
    tx.basicQos(1);
    Deliveries own = new Deliveries(tx);
    tx.basicConsume(queue, false, FIRST, own);
    assertThat(offsets(own, 1)).containsExactly(0L);
    tx.basicAck(1, false);
    Deliveries deliveries = read(queue, 10, from(2));
    assertThat(offsets(deliveries, 1)).containsExactly(2L);
    assertThat(own.taken()).isEmpty();
    tx.txCommit();
    assertThat(offsets(deliveries, 2)).containsExactly(3L, 4L);
    assertThat(offsets(own, 1)).containsExactly(1L);
  }

  @Test
  void deadLettersGoIntoAStream() throws Exception {
    assumeThat(Target.current().deadLettersReachStreams()).isTrue();
    String stream = newStream();
    String queue = name("q");
    channel.queueDeclare(
        queue,
        false,
        false,
        false,
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", stream));
    fill(queue, "m0");
    channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
    Delivery letter = read(stream, 1, FIRST).next();
    assertThat(offset(letter)).isZero();
    assertThat(letter.getProperties().getHeaders().get("x-first-death-queue")).hasToString(queue);
  }

  @Test
  void consumersMayLeaveWithDeliveriesOutstanding() throws Exception {
    String queue = newStream(5);
    Deliveries cancelled = read(queue, 2, FIRST);
    offsets(cancelled, 2);
    cancelled.getChannel().basicCancel(cancelled.getConsumerTag());
    cancelled.getChannel().basicAck(1, false);
    Deliveries closed = read(queue, 2, FIRST);
    offsets(closed, 2);
    closed.getChannel().close();
    assertThat(offsets(read(queue, 10, FIRST), 5)).isEqualTo(range(0, 5));
  }

  @Test
  void aConsumerMayWantCertainMessagesOnly() throws Exception {
    assumeThat(Target.current().filtersStreams()).isTrue();
    String queue = newStream();
    channel.confirmSelect();
    for (int i = 0; i < 6; i++) {
      Map<String, Object> headers =
          i % 3 == 2 ? null : Map.of("x-stream-filter-value", i % 3 == 0 ? "red" : "blue");
      channel.basicPublish("", queue, properties().headers(headers).build(), bytes("m" + i));
      channel.waitForConfirmsOrDie(10_000);
    }
    Map<String, Object> red = new HashMap<>(FIRST);
    red.put("x-stream-filter", "red");
    assertThat(offsets(read(queue, 10, red), 2)).containsExactly(0L, 3L);
    red.put("x-stream-match-unfiltered", true);
    assertThat(offsets(read(queue, 10, red), 4)).containsExactly(0L, 2L, 3L, 5L);
    red.put("x-stream-filter", List.of("red", "blue"));
    red.put("x-stream-match-unfiltered", false);
    assertThat(offsets(read(queue, 10, red), 4)).containsExactly(0L, 1L, 3L, 4L);
  }
}
