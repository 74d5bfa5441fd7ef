package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ends with a channel, what with a connection, and what stays. */
class LifecycleTest extends CompatTest {

  @Test
  void channelTakesItsConsumersAndUnacknowledgedMessagesButNotItsQueues() throws Exception {
    Channel ending = connection.createChannel();
    String exclusive = name("q");
    ending.queueDeclare(exclusive, false, true, false, null);
    String queue = newQueue();
    fill(queue, "one", "two");
    Deliveries deliveries = Deliveries.from(ending, queue);
    deliveries.nextTexts(2);
    ending.close();
    fill(queue, "three");

    assertThat(drain(queue)).containsExactly("one", "two", "three");
    assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isZero();
    channel.queueDeclarePassive(exclusive);
    assertThat(deliveries.taken()).isEmpty();
  }

  @Test
  void closeOkOfAChannelComesAfterItsMessagesAreBack() throws Exception {
    String queue = newQueue();
    for (int round = 0; round < 20; round++) {
      fill(queue, "one");
      Channel ending = connection.createChannel();
      ending.basicGet(queue, false);
      ending.close();
      assertThat(text(channel.basicGet(queue, true))).isEqualTo("one");
    }
  }

  @Test
  void closeOkOfAConnectionComesAfterItsMessagesAreBackAndItsQueuesAreGone() throws Exception {
    String queue = newQueue();
    String exclusive = name("q");
    for (int round = 0; round < 20; round++) {
      fill(queue, "one");
      Connection ending = newConnection();
      Channel on = ending.createChannel();
      on.queueDeclare(exclusive, false, true, false, null);
      on.basicGet(queue, false);
      ending.close();
      channel.queueDeclare(exclusive, false, true, false, null);
      channel.queueDelete(exclusive);
      GetResponse got = channel.basicGet(queue, true);
      assertThat(text(got)).isEqualTo("one");
      assertThat(got.getEnvelope().isRedeliver()).isTrue();
    }
  }

  @Test
  void messagesReturnFromAllChannelsOfAConnection() throws Exception {
    String first = newQueue();
    String second = newQueue();
    fill(first, "1", "2", "3");
    fill(second, "a");
    Connection ending = newConnection();
    Channel one = ending.createChannel();
    Channel two = ending.createChannel();
    one.basicGet(first, false);
    two.basicGet(first, false);
    one.basicGet(second, false);
    ending.close();

    assertThat(drain(first)).containsExactly("1", "2", "3");
    assertThat(drain(second)).containsExactly("a");
  }

  @Test
  void autoDeleteQueueGoesWithTheConnectionOfItsConsumer() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, true, null);
    Connection ending = newConnection();
    Deliveries.from(ending.createChannel(), queue);
    ending.close();

    assertMissing(queue);
  }

  @Test
  void exclusiveQueuesTakeTheirBindingsAndAutoDeleteExchangesAlong() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "fanout", false, true, null);
    Connection ending = newConnection();
    Channel on = ending.createChannel();
    String queue = on.queueDeclare().getQueue();
    on.queueBind(queue, exchange, "");
    ending.close();

    assertMissing(queue);
    assertChannelError(
        Closing.channel(
            404,
            "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
            AmqpMethod.EXCHANGE_DECLARE),
        ch -> ch.exchangeDeclarePassive(exchange));
  }

  @Test
  void ordinaryQueuesAndExchangesOutliveTheirConnection() throws Exception {
    Connection ending = newConnection();
    Channel on = ending.createChannel();
    String queue = name("q");
    String exchange = name("x");
    on.queueDeclare(queue, false, false, false, null);
    on.exchangeDeclare(exchange, "fanout");
    on.queueBind(queue, exchange, "");
    on.confirmSelect();
    on.basicPublish(exchange, "", null, bytes("one"));
    on.waitForConfirmsOrDie(10_000);
    ending.close();

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void resetConnectionGivesItsMessagesBack() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.consume(1, queue, "c");
    for (String expected : List.of("one", "two")) {
      raw.expect(1, AmqpMethod.BASIC_DELIVER);
      assertThat(raw.expectContent(1).text()).isEqualTo(expected);
    }
    raw.reset();
    Deliveries deliveries = Deliveries.from(channel, queue);

    for (String expected : List.of("one", "two")) {
      var delivery = deliveries.next();
      assertThat(Deliveries.text(delivery)).isEqualTo(expected);
      assertThat(delivery.getEnvelope().isRedeliver()).isTrue();
    }
  }

  @Test
  void connectionCutInTheMiddleOfAMessageLeavesNothingOfIt() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.publish(1, "", queue, "whole");
    raw.expectNothingMore(1);
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(1_000));
    raw.sendFrame(Frame.BODY, 1, new byte[500]);
    raw.close();

    await().until(() -> channel.queueDeclarePassive(queue).getMessageCount() == 1);
    assertThat(drain(queue)).containsExactly("whole");
  }

  @Test
  void publishesBeforeAnOrderlyCloseAreNotLost() throws Exception {
    String queue = newQueue();
    for (int i = 0; i < 20; i++) {
      Connection ending = newConnection();
      ending.createChannel().basicPublish("", queue, null, bytes("m" + i));
      ending.close();
    }

    assertThat(drain(queue)).hasSize(20).startsWith("m0").endsWith("m19");
  }

  @Test
  void manyConnectionsComeAndGo() throws Exception {
    String queue = newQueue();
    for (int i = 0; i < 60; i++) {
      RawConnection raw = RawConnection.open();
      raw.openChannel(1);
      raw.consume(1, queue, "c");
      if (i % 2 == 0) {
        raw.reset();
      } else {
        raw.close();
      }
    }
    await().until(() -> channel.queueDeclarePassive(queue).getConsumerCount() == 0);
  }

  private void assertMissing(String queue) throws Exception {
    String text = "NOT_FOUND - no queue '" + queue + "' in vhost '/'";
    assertChannelError(
        Closing.channel(404, text, AmqpMethod.QUEUE_DECLARE), ch -> ch.queueDeclarePassive(queue));
  }
}
