package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Consumers: tags, order of frames, sharing a queue, cancelling. */
class ConsumeTest extends CompatTest {

  @Test
  void brokerMakesUpATagForConsumersWithoutOne() throws Exception {
    String queue = newQueue();
    String first = channel.basicConsume(queue, new Deliveries(channel));
    String second = channel.basicConsume(queue, new Deliveries(channel));

    assertThat(first).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
    assertThat(second).matches("amq\\.ctag-[A-Za-z0-9_-]{22}").isNotEqualTo(first);
  }

  @Test
  void tagMayBeUsedOncePerChannelAtATime() throws Exception {
    String queue = newQueue();
    assertThat(channel.basicConsume(queue, true, "mine", new Deliveries(channel)))
        .isEqualTo("mine");
    Channel other = connection.createChannel();
    other.basicConsume(queue, true, "mine", new Deliveries(other));
    channel.basicCancel("mine");
    channel.basicConsume(queue, true, "mine", new Deliveries(channel));
    assertConnectionError(
        Closing.connection(
            530, "NOT_ALLOWED - attempt to reuse consumer tag 'twice'", AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicConsume(queue, true, "twice", new Deliveries(ch));
          ch.basicConsume(queue, true, "twice", new Deliveries(ch));
        });
  }

  @Test
  void consumeOkComesBeforeTheFirstDelivery() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.consume(1, queue, "c");
    for (int tag = 1; tag <= 2; tag++) {
      WireReader deliver = raw.expect(1, AmqpMethod.BASIC_DELIVER);
      assertThat(deliver.shortstr()).isEqualTo("c");
      assertThat(deliver.u64()).isEqualTo(tag);
      assertThat(deliver.u8()).as("redelivered").isZero();
      assertThat(deliver.shortstr()).as("exchange").isEmpty();
      assertThat(deliver.shortstr()).isEqualTo(queue);
      assertThat(deliver.remaining()).isZero();
      raw.expectContent(1);
    }
  }

  @Test
  void consumeWithoutWaitHasNoConsumeOk() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter arguments = new WireWriter().u16(0).shortstr(queue).shortstr("c");
    raw.send(1, AmqpMethod.BASIC_CONSUME, arguments.bits(false, true, false, true).u32(0));

    assertThat(raw.expect(1, AmqpMethod.BASIC_DELIVER).shortstr()).isEqualTo("c");
    assertThat(raw.expectContent(1).text()).isEqualTo("one");
    WireWriter cancel = new WireWriter().shortstr("c").bits(true);
    raw.send(1, AmqpMethod.BASIC_CANCEL, cancel);
    raw.expectNothingMore(1);
    fill(queue, "two");
    assertThat(drain(queue)).containsExactly("two");
  }

  @Test
  void noAckDeliveriesAreGoneForGood() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    Channel consuming = connection.createChannel();
    Deliveries deliveries = Deliveries.noAckFrom(consuming, queue);
    assertThat(deliveries.nextTexts(2)).containsExactly("one", "two");
    consuming.close();

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void missingQueueIsNotFound() throws Exception {
    String queue = name("q");
    String text = "NOT_FOUND - no queue '" + queue + "' in vhost '/'";
    assertChannelError(
        Closing.channel(404, text, AmqpMethod.BASIC_CONSUME),
        ch -> ch.basicConsume(queue, new Deliveries(ch)));
    assertChannelError(
        Closing.channel(404, text, AmqpMethod.BASIC_GET), ch -> ch.basicGet(queue, true));
  }

  @Test
  void exclusiveConsumerIsAlone() throws Exception {
    String queue = newQueue();
    channel.basicConsume(queue, true, "only", false, true, null, new Deliveries(channel));
    assertChannelError(inExclusiveUse(queue), ch -> ch.basicConsume(queue, new Deliveries(ch)));
    assertChannelError(
        inExclusiveUse(queue),
        ch -> ch.basicConsume(queue, true, "me", false, true, null, new Deliveries(ch)));
    channel.basicCancel("only");
    channel.basicConsume(queue, new Deliveries(channel));
    assertChannelError(
        inExclusiveUse(queue),
        ch -> ch.basicConsume(queue, true, "me", false, true, null, new Deliveries(ch)));
  }

  private static Closing inExclusiveUse(String queue) {
    String text = "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use";
    return Closing.channel(403, text, AmqpMethod.BASIC_CONSUME);
  }

  @Test
  void nothingIsDeliveredAfterCancelOkAndWhatWasStaysUnacknowledged() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    Channel consuming = connection.createChannel();
    consuming.basicQos(1);
    Deliveries deliveries = new Deliveries(consuming);
    String tag = consuming.basicConsume(queue, deliveries);
    Delivery first = deliveries.next();
    consuming.basicCancel(tag);
    consuming.basicAck(Deliveries.tag(first), false);
    fill(queue, "three");

    assertThat(drain(queue)).containsExactly("two", "three");
    assertThat(deliveries.taken()).isEmpty();
  }

  @Test
  void unacknowledgedDeliveriesOfACancelledConsumerReturnWithItsChannel() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    Channel consuming = connection.createChannel();
    Deliveries deliveries = new Deliveries(consuming);
    String tag = consuming.basicConsume(queue, deliveries);
    deliveries.next();
    consuming.basicCancel(tag);
    assertThat(drain(queue)).isEmpty();
    consuming.close();

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void cancellingAnUnknownTagIsFine() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter cancel = new WireWriter().shortstr("never").bits(false);
    WireReader ok = raw.call(1, AmqpMethod.BASIC_CANCEL, cancel, AmqpMethod.BASIC_CANCEL_OK);
    assertThat(ok.shortstr()).isEqualTo("never");
  }

  @Test
  void deletedQueueCancelsConsumersThatWantToKnow() throws Exception {
    String queue = newQueue();
    Deliveries first = Deliveries.from(channel, queue);
    Deliveries second = Deliveries.from(channel, queue);
    connection.createChannel().queueDelete(queue);

    assertThat(first.nextCancel()).isEqualTo(first.getConsumerTag());
    assertThat(second.nextCancel()).isEqualTo(second.getConsumerTag());
  }

  @Test
  void cancelFromTheBrokerWantsNoAnswer() throws Exception {
    String queue = newQueue();
    RawConnection raw =
        keep(RawConnection.open(Login.guest().withCapability("consumer_cancel_notify")));
    raw.openChannel(1);
    raw.consume(1, queue, "c");
    channel.queueDelete(queue);

    WireReader cancel = raw.expect(1, AmqpMethod.BASIC_CANCEL);
    assertThat(cancel.shortstr()).isEqualTo("c");
    assertThat(cancel.u8()).as("nowait").isEqualTo(1);
    raw.expectNothingMore(1);
    raw.send(1, AmqpMethod.BASIC_CANCEL, new WireWriter().shortstr("c").bits(false));
    raw.expect(1, AmqpMethod.BASIC_CANCEL_OK);
  }

  @Test
  void answerToTheBrokersCancelIsTaken() throws Exception {
    String queue = newQueue();
    RawConnection raw =
        keep(RawConnection.open(Login.guest().withCapability("consumer_cancel_notify")));
    raw.openChannel(1);
    raw.consume(1, queue, "c");
    channel.queueDelete(queue);
    raw.expect(1, AmqpMethod.BASIC_CANCEL);
    raw.send(1, AmqpMethod.BASIC_CANCEL_OK, new WireWriter().shortstr("c"));
    if (Target.current().takesAnswersToItsCancel()) {
      raw.expectNothingMore(1);
    } else {
      assertThat(raw.expectConnectionClose().code()).isEqualTo(503);
    }
  }

  @Test
  void consumerOfTheSameConnectionGetsItsMessagesWhateverNoLocalSays() throws Exception {
    String queue = newQueue();
    Deliveries deliveries = new Deliveries(channel);
    channel.basicConsume(queue, true, "c", true, false, Map.of(), deliveries);
    publish("", queue, "mine");
    assertThat(deliveries.nextText()).isEqualTo("mine");
  }

  @Test
  void deletedQueueIsSilentForOtherClients() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.consume(1, queue, "c");
    WireWriter delete = new WireWriter().u16(0).shortstr(queue).bits(false, false, false);
    raw.call(1, AmqpMethod.QUEUE_DELETE, delete, AmqpMethod.QUEUE_DELETE_OK);
    raw.expectNothingMore(1);
    raw.expectNothingMore(1);
  }

  @Test
  void tagCanBeUsedAgainAfterTheBrokersCancel() throws Exception {
    String queue = newQueue();
    Deliveries deliveries = new Deliveries(channel);
    channel.basicConsume(queue, true, "mine", deliveries);
    connection.createChannel().queueDelete(queue);
    deliveries.nextCancel();
    channel.queueDeclare(queue, false, false, false, null);
    channel.basicConsume(queue, true, "mine", deliveries);
    publish("", queue, "one");

    assertThat(deliveries.nextText()).isEqualTo("one");
  }

  @Test
  void consumersTakeTurns() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    for (String tag : List.of("a", "b", "c")) {
      raw.consume(1, queue, tag);
    }
    fill(queue, "1", "2", "3", "4", "5", "6");
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      turns.add(raw.expect(1, AmqpMethod.BASIC_DELIVER).shortstr());
      assertThat(raw.expectContent(1).text()).isEqualTo(String.valueOf(i + 1));
    }

    assertThat(turns).containsExactly("a", "b", "c", "a", "b", "c");
  }

  @Test
  void consumerWithoutCreditIsPassedOver() throws Exception {
    String queue = newQueue();
    Channel slow = connection.createChannel();
    slow.basicQos(1);
    Deliveries slowly = Deliveries.from(slow, queue);
    Deliveries quickly = Deliveries.noAckFrom(channel, queue);
    fill(queue, "1", "2", "3", "4", "5");

    assertThat(slowly.nextTexts(1)).containsExactly("1");
    assertThat(quickly.nextTexts(4)).containsExactly("2", "3", "4", "5");
  }

  @Test
  void higherPriorityIsServedAsLongAsItHasCredit() throws Exception {
    String queue = newQueue();
    Deliveries low = new Deliveries(channel);
    channel.basicConsume(queue, true, Map.of("x-priority", -1), low);
    Deliveries middle = Deliveries.noAckFrom(channel, queue);
    Channel high = connection.createChannel();
    high.basicQos(2);
    Deliveries highest = new Deliveries(high);
    high.basicConsume(queue, false, Map.of("x-priority", 10L), highest);
    fill(queue, "1", "2", "3", "4");

    assertThat(highest.nextTexts(2)).containsExactly("1", "2");
    assertThat(middle.nextTexts(2)).containsExactly("3", "4");
    high.basicAck(1, false);
    assertThat(drain(queue)).isEmpty();
    fill(queue, "5", "6");
    assertThat(highest.nextTexts(1)).containsExactly("5");
    assertThat(middle.nextTexts(1)).containsExactly("6");
    assertThat(low.taken()).isEmpty();
  }

  @Test
  void priorityMustBeAnInteger() throws Exception {
    String queue = newQueue();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid arg 'x-priority' for queue '"
                + queue
                + "' in vhost '/': \"expected integer, got longstr\"",
            AmqpMethod.BASIC_CONSUME),
        ch -> ch.basicConsume(queue, true, Map.of("x-priority", "high"), new Deliveries(ch)));
  }

  @Test
  void otherConsumerArgumentsAreAccepted() throws Exception {
    String queue = newQueue();
    Map<String, Object> arguments = Map.of("x-cancel-on-ha-failover", true, "mine", 1);
    channel.basicConsume(queue, true, arguments, new Deliveries(channel));
  }

  @Test
  void consumerGetsMessagesInOrderHoweverTheyCome() throws Exception {
    String queue = newQueue();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add("m" + i);
      publish("", queue, "m" + i);
    }
    Deliveries deliveries = Deliveries.noAckFrom(channel, queue);
    for (int i = 100; i < 200; i++) {
      expected.add("m" + i);
      publish("", queue, "m" + i);
    }

    assertThat(deliveries.nextTexts(200)).isEqualTo(expected);
  }
}
