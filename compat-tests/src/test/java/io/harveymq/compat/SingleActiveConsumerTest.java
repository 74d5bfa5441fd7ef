package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Queues with x-single-active-consumer. Every expectation was read off RabbitMQ 3.10.8. */
class SingleActiveConsumerTest extends CompatTest {

  private String newSingleActiveQueue() throws IOException {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-single-active-consumer", true));
    return queue;
  }

  private record Client(Channel channel, Deliveries deliveries, String tag) {
    void cancel() throws IOException {
      channel.basicCancel(tag);
    }

    void ackLast(long tag) throws IOException {
      channel.basicAck(tag, true);
    }
  }

  private Client client(String queue) throws Exception {
    return client(queue, 0, Map.of());
  }

  private Client client(String queue, int prefetch, Map<String, Object> arguments)
      throws Exception {
    Channel own = connection.createChannel();
    own.basicQos(prefetch);
    Deliveries deliveries = new Deliveries(own);
    String tag = own.basicConsume(queue, false, arguments, deliveries);
    return new Client(own, deliveries, tag);
  }

  @Test
  void onlyTheFirstConsumerGetsMessages() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue);
    Client second = client(queue);
    fill(queue, "1", "2", "3");
    assertThat(first.deliveries.nextTexts(3)).containsExactly("1", "2", "3");
    assertThat(second.deliveries.taken()).isEmpty();
    assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isEqualTo(2);
  }

  @Test
  void nextConsumerGoesOnWhenTheActiveOneIsCancelled() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue);
    Client second = client(queue);
    fill(queue, "1");
    assertThat(first.deliveries.nextText()).isEqualTo("1");
    first.cancel();
    fill(queue, "2");
    assertThat(second.deliveries.nextText()).isEqualTo("2");
    first.ackLast(1);
    assertThat(first.channel.isOpen()).isTrue();
  }

  @Test
  void whatTheActiveOneHeldGoesToTheNextWhenItsChannelCloses() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue);
    Client second = client(queue);
    fill(queue, "1", "2");
    first.deliveries.nextTexts(2);
    first.channel.close();
    var again = second.deliveries.next();
    assertThat(Deliveries.text(again)).isEqualTo("1");
    assertThat(again.getEnvelope().isRedeliver()).isTrue();
    assertThat(second.deliveries.nextText()).isEqualTo("2");
  }

  @Test
  void consumerThatWaitsCanLeave() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue);
    Client second = client(queue);
    Client third = client(queue);
    second.cancel();
    first.channel.close();
    fill(queue, "1");
    assertThat(third.deliveries.nextText()).isEqualTo("1");
    assertThat(second.deliveries.taken()).isEmpty();
  }

  @Test
  void theOneThatWaitsLongestIsNext() throws Exception {
    String queue = newSingleActiveQueue();
    List<Client> clients = List.of(client(queue), client(queue), client(queue), client(queue));
    for (Client client : clients) {
      fill(queue, "x");
      assertThat(client.deliveries.nextText()).isEqualTo("x");
      client.ackLast(1);
      client.channel.close();
    }
  }

  @Test
  void highestPriorityIsNextAndDoesNotTakeOverBefore() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue);
    Client low = client(queue, 0, Map.of("x-priority", -1));
    Client high = client(queue, 0, Map.of("x-priority", 10));
    Client alsoHigh = client(queue, 0, Map.of("x-priority", 10));
    fill(queue, "1");
    assertThat(first.deliveries.nextText()).isEqualTo("1");
    first.ackLast(1);
    first.cancel();
    fill(queue, "2");
    assertThat(high.deliveries.nextText()).isEqualTo("2");
    high.ackLast(1);
    high.cancel();
    fill(queue, "3");
    assertThat(alsoHigh.deliveries.nextText()).isEqualTo("3");
    alsoHigh.ackLast(1);
    alsoHigh.cancel();
    fill(queue, "4");
    assertThat(low.deliveries.nextText()).isEqualTo("4");
  }

  @Test
  void fullWindowOfTheActiveOneStopsTheQueue() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue, 1, Map.of());
    Client second = client(queue);
    fill(queue, "1", "2");
    assertThat(first.deliveries.nextText()).isEqualTo("1");
    assertThat(ready(queue)).isEqualTo(1);
    first.ackLast(1);
    assertThat(first.deliveries.nextText()).isEqualTo("2");
    assertThat(second.deliveries.taken()).isEmpty();
  }

  @Test
  void consumerWithAFullWindowIsReplacedWhenItsChannelCloses() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue, 1, Map.of());
    Client second = client(queue, 2, Map.of());
    fill(queue, "1", "2", "3");
    assertThat(first.deliveries.nextText()).isEqualTo("1");
    first.channel.close();
    assertThat(second.deliveries.nextTexts(2)).containsExactly("1", "2");
    second.ackLast(1);
    assertThat(second.deliveries.nextText()).isEqualTo("3");
  }

  @Test
  void exclusiveConsumerIsRefused() throws Exception {
    String queue = newSingleActiveQueue();
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
            AmqpMethod.BASIC_CONSUME),
        ch -> ch.basicConsume(queue, false, "", false, true, null, new Deliveries(ch)));
  }

  @Test
  void getsAreServedWhoeverIsActive() throws Exception {
    String queue = newSingleActiveQueue();
    Client first = client(queue, 1, Map.of());
    fill(queue, "1", "2");
    assertThat(first.deliveries.nextText()).isEqualTo("1");
    assertThat(text(channel.basicGet(queue, true))).isEqualTo("2");
  }

  @Test
  void argumentOfFalseIsAnOrdinaryQueue() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-single-active-consumer", false));
    Client first = client(queue);
    Client second = client(queue);
    fill(queue, "1", "2");
    assertThat(first.deliveries.nextText()).isEqualTo("1");
    assertThat(second.deliveries.nextText()).isEqualTo("2");
  }
}
