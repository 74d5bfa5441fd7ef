package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Acknowledging, rejecting and recovering deliveries. */
class AckTest extends CompatTest {

  @Test
  void acknowledgedMessageDoesNotReturnWithItsChannel() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel getting = connection.createChannel();
    getThree(getting, queue);
    getting.basicAck(2, false);
    getting.close();

    assertThat(drain(queue)).containsExactly("one", "three");
  }

  @Test
  void multipleAcknowledgesAllUpToTheTag() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel getting = connection.createChannel();
    getThree(getting, queue);
    getting.basicAck(2, true);
    getting.close();

    assertThat(drain(queue)).containsExactly("three");
  }

  @Test
  void zeroMultipleMeansAllEvenIfThereIsNothing() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel getting = connection.createChannel();
    getting.basicAck(0, true);
    getting.basicNack(0, true, true);
    getThree(getting, queue);
    getting.basicAck(0, true);
    getting.basicAck(0, true);
    getting.close();

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void zeroAloneIsUnknown() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    assertChannelError(
        unknownTag(0, AmqpMethod.BASIC_ACK),
        ch -> {
          ch.basicGet(queue, false);
          ch.basicAck(0, false);
        });
    assertChannelError(unknownTag(0, AmqpMethod.BASIC_NACK), ch -> ch.basicNack(0, false, true));
    assertChannelError(unknownTag(0, AmqpMethod.BASIC_REJECT), ch -> ch.basicReject(0, true));
  }

  @Test
  void unknownTagsAreRefused() throws Exception {
    assertChannelError(unknownTag(7, AmqpMethod.BASIC_ACK), ch -> ch.basicAck(7, false));
    assertChannelError(unknownTag(7, AmqpMethod.BASIC_ACK), ch -> ch.basicAck(7, true));
    assertChannelError(unknownTag(7, AmqpMethod.BASIC_NACK), ch -> ch.basicNack(7, false, false));
    assertChannelError(unknownTag(7, AmqpMethod.BASIC_NACK), ch -> ch.basicNack(7, true, false));
    assertChannelError(unknownTag(7, AmqpMethod.BASIC_REJECT), ch -> ch.basicReject(7, false));
  }

  @Test
  void multipleWithAnUnknownTagIsRefusedThoughLowerOnesAreOutstanding() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    assertChannelError(
        unknownTag(9, AmqpMethod.BASIC_ACK),
        ch -> {
          getThree(ch, queue);
          ch.basicAck(9, true);
        });
    assertThat(drain(queue)).containsExactly("one", "two", "three");
  }

  @Test
  void settledTagIsUnknown() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    assertChannelError(
        unknownTag(2, AmqpMethod.BASIC_ACK),
        ch -> {
          getThree(ch, queue);
          ch.basicAck(2, false);
          ch.basicAck(2, true);
        });
    assertChannelError(
        unknownTag(1, AmqpMethod.BASIC_REJECT),
        ch -> {
          ch.basicGet(queue, false);
          ch.basicReject(1, true);
          ch.basicReject(1, true);
        });
    assertThat(drain(queue)).containsExactly("one", "three");
  }

  @Test
  void noAckDeliveryCannotBeAcknowledged() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    assertChannelError(
        unknownTag(1, AmqpMethod.BASIC_ACK),
        ch -> {
          ch.basicGet(queue, true);
          ch.basicAck(1, false);
        });
  }

  @Test
  void tagBelongsToItsChannel() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    channel.basicGet(queue, false);
    assertChannelError(unknownTag(1, AmqpMethod.BASIC_ACK), ch -> ch.basicAck(1, false));
    channel.basicAck(1, false);
  }

  @Test
  void requeuedMessageGoesBackToItsPlaceAndIsFlagged() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three", "four");
    getThree(channel, queue);
    channel.basicReject(2, true);
    assertThat(flagged(queue, 1)).containsExactly("two redelivered");
    channel.basicNack(3, false, true);
    channel.basicNack(1, false, true);

    assertThat(flagged(queue, 3)).containsExactly("one redelivered", "three redelivered", "four");
  }

  @Test
  void multipleNackRequeuesInTheOldOrder() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three", "four");
    getThree(channel, queue);
    channel.basicNack(2, true, true);
    channel.basicNack(0, true, true);

    assertThat(flagged(queue, 4))
        .containsExactly("one redelivered", "two redelivered", "three redelivered", "four");
  }

  @Test
  void rejectedMessageWithoutRequeueIsGone() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel getting = connection.createChannel();
    getThree(getting, queue);
    getting.basicReject(1, false);
    getting.basicNack(3, true, false);
    getting.close();

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void closedChannelReturnsItsMessagesFlaggedAndInOrder() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three", "four");
    Channel getting = connection.createChannel();
    getThree(getting, queue);
    getting.close();

    assertThat(flagged(queue, 4))
        .containsExactly("one redelivered", "two redelivered", "three redelivered", "four");
  }

  @Test
  void channelThatTheBrokerClosesReturnsItsMessagesToo() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    assertChannelError(
        unknownTag(9, AmqpMethod.BASIC_ACK),
        ch -> {
          ch.basicGet(queue, false);
          ch.basicAck(9, false);
        });

    assertThat(flagged(queue, 1)).containsExactly("one redelivered");
  }

  @Test
  void requeuedMessageMayGoStraightToAnotherConsumer() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    channel.basicGet(queue, false);
    Deliveries deliveries = Deliveries.noAckFrom(connection.createChannel(), queue);
    channel.basicReject(1, true);

    var delivery = deliveries.next();
    assertThat(Deliveries.text(delivery)).isEqualTo("one");
    assertThat(delivery.getEnvelope().isRedeliver()).isTrue();
  }

  @Test
  void recoverReturnsAllMessagesOfTheChannel() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    getThree(channel, queue);
    channel.basicRecover(true);

    assertThat(flagged(queue, 3))
        .containsExactly("one redelivered", "two redelivered", "three redelivered");
  }

  @Test
  void recoverWithNothingToRecoverIsFine() throws Exception {
    channel.basicRecover(true);
  }

  @Test
  void recoveredMessageMayComeBackToTheSameConsumerWithANewTag() throws Exception {
    String queue = newQueue();
    Deliveries deliveries = Deliveries.from(channel, queue);
    publish("", queue, "one");
    assertThat(Deliveries.tag(deliveries.next())).isEqualTo(1);
    channel.basicRecover(true);

    var again = deliveries.next();
    assertThat(Deliveries.tag(again)).isEqualTo(2);
    assertThat(again.getEnvelope().isRedeliver()).isTrue();
    channel.basicAck(2, false);
  }

  @Test
  void asynchronousRecoverHasNoAnswer() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter get = new WireWriter().u16(0).shortstr(queue).bits(false);
    raw.call(1, AmqpMethod.BASIC_GET, get, AmqpMethod.BASIC_GET_OK);
    raw.expectContent(1);
    raw.send(1, AmqpMethod.BASIC_RECOVER_ASYNC, new WireWriter().bits(true));
    raw.expectNothingMore(1);

    assertThat(flagged(queue, 1)).containsExactly("one redelivered");
  }

  @Test
  void recoverWithoutRequeueIsNotImplemented() throws Exception {
    assertConnectionError(
        Closing.connection(540, "NOT_IMPLEMENTED - requeue=false", AmqpMethod.BASIC_RECOVER),
        ch -> ch.basicRecover(false));
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.send(1, AmqpMethod.BASIC_RECOVER_ASYNC, new WireWriter().bits(false));
    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(
                540, "NOT_IMPLEMENTED - requeue=false", AmqpMethod.BASIC_RECOVER_ASYNC));
  }

  private static void getThree(Channel getting, String queue) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(getting.basicGet(queue, false)).isNotNull();
    }
  }

  /** Takes so many messages from the queue, each with a word if it is flagged as redelivered. */
  private List<String> flagged(String queue, int count) throws Exception {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GetResponse got = channel.basicGet(queue, true);
      assertThat(got).as("message %d", i).isNotNull();
      messages.add(text(got) + (got.getEnvelope().isRedeliver() ? " redelivered" : ""));
    }
    return messages;
  }

  private static Closing unknownTag(long tag, AmqpMethod method) {
    return Closing.channel(406, "PRECONDITION_FAILED - unknown delivery tag " + tag, method);
  }
}
