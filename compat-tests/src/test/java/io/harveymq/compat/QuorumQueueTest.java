package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client sees of quorum queues that differs from classic ones. */
class QuorumQueueTest extends CompatTest {

  private static Map<String, Object> quorum(Map<String, Object> more) {
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("x-queue-type", "quorum");
    return arguments;
  }

  private String declared(Map<String, Object> more) throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, true, false, false, quorum(more));
    return queue;
  }

  private static Object deliveryCount(AMQP.BasicProperties properties) {
    return properties.getHeaders() == null ? null : properties.getHeaders().get("x-delivery-count");
  }

  // ---- declaration

  @ParameterizedTest
  @MethodSource
  void argumentsOfQuorumQueuesAreTaken(String argument, Object value) throws Exception {
    String queue = declared(Map.of(argument, value));
    channel.queueDeclare(queue, true, false, false, quorum(Map.of(argument, value)));
  }

  static Stream<Arguments> argumentsOfQuorumQueuesAreTaken() {
    return Stream.of(
        arguments("x-delivery-limit", 3),
        arguments("x-expires", 60_000),
        arguments("x-message-ttl", 60_000),
        arguments("x-max-length", 5),
        arguments("x-max-length-bytes", 5_000),
        arguments("x-max-in-memory-length", 5),
        arguments("x-max-in-memory-bytes", 5),
        arguments("x-quorum-initial-group-size", 1),
        arguments("x-queue-leader-locator", "balanced"),
        arguments("x-overflow", "reject-publish"),
        arguments("x-dead-letter-exchange", ""),
        arguments("x-dead-letter-strategy", "at-most-once"),
        arguments("x-single-active-consumer", true),
        arguments("x-anything-else", "whatever"));
  }

  @ParameterizedTest
  @MethodSource
  void argumentsOfOtherTypesAreRefused(String argument, Object value) throws Exception {
    String queue = name("q");
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg '"
                + argument
                + "' for queue '"
                + queue
                + "' in vhost '/' of queue type rabbit_quorum_queue",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(queue, true, false, false, quorum(Map.of(argument, value))));
  }

  static Stream<Arguments> argumentsOfOtherTypesAreRefused() {
    return Stream.of(
        arguments("x-max-priority", 5),
        arguments("x-queue-mode", "lazy"),
        arguments("x-queue-version", 2),
        arguments("x-queue-master-locator", "min-masters"),
        arguments("x-max-age", "1D"));
  }

  @Test
  void propertiesOfTemporaryQueuesAreRefused() throws Exception {
    String queue = name("q");
    String text = "PRECONDITION_FAILED - invalid property '%s' for queue '" + queue;
    assertChannelError(
        refused(text.formatted("non-durable") + "' in vhost '/'"),
        ch -> ch.queueDeclare(queue, false, false, false, quorum(Map.of())));
    assertChannelError(
        refused(text.formatted("auto-delete") + "' in vhost '/'"),
        ch -> ch.queueDeclare(queue, true, false, true, quorum(Map.of())));
    assertChannelError(
        refused(text.formatted("exclusive-owner") + "' in vhost '/'"),
        ch -> ch.queueDeclare(queue, true, true, false, quorum(Map.of())));
    assertChannelError(
        refused(
            "PRECONDITION_FAILED - Cannot declare a server-named queue for type"
                + " rabbit_quorum_queue"),
        ch -> ch.queueDeclare("", true, false, false, quorum(Map.of())));
  }

  @Test
  void typeCannotBeChanged() throws Exception {
    String queue = declared(Map.of());
    assertChannelError(
        refused(
            "PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue '"
                + queue
                + "' in vhost '/': received none but current is the value 'quorum' of type"
                + " 'longstr'"),
        ch -> ch.queueDeclare(queue, true, false, false, null));
  }

  private static Closing refused(String text) {
    return Closing.channel(406, text, AmqpMethod.QUEUE_DECLARE);
  }

  // ---- what there is not

  @Test
  void conditionsOfDeletionAreNotImplemented() throws Exception {
    String queue = declared(Map.of());
    String text =
        "NOT_IMPLEMENTED - cannot delete queue '%s' in vhost '/'. queue.delete operations";
    for (boolean unused : new boolean[] {true, false}) {
      assertConnectionError(
          Closing.connection(
              540,
              text.formatted(queue)
                  + " with "
                  + (unused ? "if-unused" : "if-empty")
                  + " flag set are not supported by quorum queues",
              AmqpMethod.QUEUE_DELETE),
          ch -> ch.queueDelete(queue, unused, !unused));
    }
  }

  @Test
  void singleActiveConsumerExcludesGet() throws Exception {
    String queue = declared(Map.of("x-single-active-consumer", true));
    assertChannelError(
        Closing.channel(
            405,
            "RESOURCE_LOCKED - cannot obtain access to locked queue '"
                + queue
                + "' in vhost '/'. basic.get operations are not supported by quorum queues with"
                + " single active consumer",
            AmqpMethod.BASIC_GET),
        ch -> ch.basicGet(queue, true));
  }

  // ---- deliveries

  @Test
  void onlyMessagesThatCameBackHaveACount() throws Exception {
    String queue = declared(Map.of());
    fill(queue, "one");
    Deliveries deliveries = Deliveries.from(channel, queue);
    Delivery first = deliveries.next();
    assertThat(first.getEnvelope().isRedeliver()).isFalse();
    assertThat(deliveryCount(first.getProperties())).isNull();
    for (long count = 1; count <= 3; count++) {
      channel.basicNack(count, false, true);
      Delivery again = deliveries.next();
      assertThat(again.getEnvelope().isRedeliver()).isTrue();
      assertThat(deliveryCount(again.getProperties())).isEqualTo(count);
    }
  }

  @Test
  void countIsShownToGetsAndToConsumersWithoutAcknowledgementToo() throws Exception {
    String queue = declared(Map.of());
    fill(queue, "one");
    channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), true);
    GetResponse again = channel.basicGet(queue, false);
    assertThat(deliveryCount(again.getProps())).isEqualTo(1L);
    channel.basicReject(again.getEnvelope().getDeliveryTag(), true);

    Deliveries last = Deliveries.noAckFrom(connection.createChannel(), queue);
    assertThat(deliveryCount(last.next().getProperties())).isEqualTo(2L);
  }

  @Test
  void withALimitMessagesComeBackInTheOrderTheyWereGivenBack() throws Exception {
    String queue = declared(Map.of("x-delivery-limit", 5));
    fill(queue, "1", "2", "3", "4");
    for (int i = 0; i < 3; i++) {
      channel.basicGet(queue, false);
    }
    channel.basicNack(2, false, true);
    channel.basicNack(3, false, true);
    channel.basicNack(1, false, true);

    assertThat(Deliveries.noAckFrom(channel, queue).nextTexts(4))
        .containsExactly("2", "3", "1", "4");
  }

  /** Arguments of a queue that takes messages back as often as one likes: 3.10 knows no -1. */
  private static Map<String, Object> unlimited() throws IOException {
    return Target.current().limitsDeliveriesUnlessToldNotTo()
        ? Map.of("x-delivery-limit", -1)
        : Map.of();
  }

  @Test
  void withoutALimitWhatIsGivenBackGoesToTheEnd() throws Exception {
    String queue = declared(unlimited());
    fill(queue, "1", "2", "3", "4");
    for (int i = 0; i < 3; i++) {
      channel.basicGet(queue, false);
    }
    channel.basicNack(2, false, true);
    channel.basicReject(3, true);
    channel.basicNack(1, false, true);

    Deliveries deliveries = Deliveries.from(channel, queue);
    assertThat(deliveries.nextTexts(4)).containsExactly("4", "2", "3", "1");
  }

  @Test
  void withoutALimitWhatAClosedChannelHadComesBackFirst() throws Exception {
    String queue = declared(unlimited());
    fill(queue, "1", "2", "3");
    Channel other = connection.createChannel();
    other.basicGet(queue, false);
    other.basicGet(queue, false);
    other.close();

    assertThat(Deliveries.noAckFrom(channel, queue).nextTexts(3)).containsExactly("1", "2", "3");
  }

  @Test
  void messageThatCameBackTooOftenIsDeadLettered() throws Exception {
    String dead = newQueue();
    String queue =
        declared(
            Map.of(
                "x-delivery-limit",
                2,
                "x-dead-letter-exchange",
                "",
                "x-dead-letter-routing-key",
                dead));
    Deliveries letters = Deliveries.noAckFrom(connection.createChannel(), dead);
    fill(queue, "one");
    Deliveries deliveries = Deliveries.from(channel, queue);
    for (int i = 0; i < 3; i++) {
      channel.basicNack(Deliveries.tag(deliveries.next()), false, true);
    }

    Delivery letter = letters.next();
    assertThat(Deliveries.text(letter)).isEqualTo("one");
    Map<String, Object> headers = letter.getProperties().getHeaders();
    assertThat(headers.get("x-first-death-reason")).hasToString("delivery_limit");
    assertThat(headers.get("x-first-death-queue")).hasToString(queue);
    assertThat(((Map<?, ?>) ((List<?>) headers.get("x-death")).get(0)).get("count")).isEqualTo(1L);
    assertThat(ready(queue)).isZero();
  }

  @Test
  void closedChannelCountsAsADeliveryThatFailed() throws Exception {
    String queue = declared(Map.of());
    fill(queue, "one");
    Channel other = connection.createChannel();
    Deliveries.from(other, queue).next();
    other.close();

    Delivery again = Deliveries.from(channel, queue).next();
    assertThat(again.getEnvelope().isRedeliver()).isTrue();
    assertThat(deliveryCount(again.getProperties())).isEqualTo(1L);
  }

  @Test
  void fullQueueDropsItsOldestMessage() throws Exception {
    String queue = declared(Map.of("x-max-length", 2));
    fill(queue, "1", "2", "3");
    assertThat(Deliveries.noAckFrom(channel, queue).nextTexts(2)).containsExactly("2", "3");
  }

  @Test
  void expiredMessageIsDeadLettered() throws Exception {
    String dead = newQueue();
    String queue =
        declared(
            Map.of(
                "x-message-ttl",
                100,
                "x-dead-letter-exchange",
                "",
                "x-dead-letter-routing-key",
                dead));
    fill(queue, "one");
    Delivery letter = Deliveries.noAckFrom(channel, dead).next();
    assertThat(letter.getProperties().getHeaders().get("x-first-death-reason"))
        .hasToString("expired");
  }

  @Test
  void rejectedMessageIsDeadLettered() throws Exception {
    String dead = newQueue();
    String queue =
        declared(Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
    fill(queue, "one");
    channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
    Delivery letter = Deliveries.noAckFrom(channel, dead).next();
    assertThat(letter.getProperties().getHeaders().get("x-first-death-reason"))
        .hasToString("rejected");
  }

  @Test
  void onlyOneConsumerIsActiveIfItIsSaidSo() throws Exception {
    String queue = declared(Map.of("x-single-active-consumer", true));
    Deliveries first = Deliveries.noAckFrom(channel, queue);
    Deliveries second = Deliveries.noAckFrom(connection.createChannel(), queue);
    fill(queue, "1", "2", "3");
    assertThat(first.nextTexts(3)).containsExactly("1", "2", "3");
    channel.basicCancel(first.getConsumerTag());
    fill(queue, "4");
    assertThat(second.nextText()).isEqualTo("4");
    assertThat(second.taken()).isEmpty();
  }

  @Test
  void consumerOfHigherPriorityIsServedFirst() throws Exception {
    String queue = declared(Map.of());
    Deliveries low = new Deliveries(channel);
    channel.basicConsume(queue, true, Map.of("x-priority", 1), low);
    Deliveries high = new Deliveries(connection.createChannel());
    high.getChannel().basicConsume(queue, true, Map.of("x-priority", 2), high);
    fill(queue, "1", "2", "3");
    assertThat(high.nextTexts(3)).containsExactly("1", "2", "3");
    assertThat(low.taken()).isEmpty();
  }

  @Test
  void wholeChannelsWindowIsNotSupported() throws Exception {
    String queue = declared(Map.of());
    assertConnectionError(
        Closing.connection(
            540,
            "NOT_IMPLEMENTED - queue '" + queue + "' in vhost '/' does not support global qos",
            AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicQos(5, true);
          ch.basicConsume(queue, new Deliveries(ch));
        });
  }

  @Test
  void everyPublishIsConfirmedAndPurgeAndDeleteCount() throws Exception {
    String queue = declared(Map.of());
    fill(queue, "1", "2", "3");
    assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(3);
    fill(queue, "4");
    assertThat(channel.queueDelete(queue).getMessageCount()).isEqualTo(1);
  }
}
