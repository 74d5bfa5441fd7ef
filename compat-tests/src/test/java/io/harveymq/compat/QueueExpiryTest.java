package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Queues with x-expires, which go when nobody used them for so long. Every expectation was read off
 * RabbitMQ 3.10.8. Exact times are tested without sockets on a clock that the test moves.
 */
class QueueExpiryTest extends CompatTest {

  private String newExpiring(int millis, boolean exclusive, Map<String, Object> more)
      throws IOException {
    String queue = name("q");
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("x-expires", millis);
    channel.queueDeclare(queue, false, exclusive, false, arguments);
    return queue;
  }

  private String newExpiring(int millis) throws IOException {
    return newExpiring(millis, false, Map.of());
  }

  /** Whether there is such a queue; other than a declaration, this does not count as use. */
  private boolean exists(String queue) throws Exception {
    Channel asking = connection.createChannel();
    AtomicBoolean returned = new AtomicBoolean();
    asking.addReturnListener(message -> returned.set(true));
    asking.confirmSelect();
    asking.basicPublish("", queue, true, null, bytes("are you there"));
    asking.waitForConfirmsOrDie(10_000);
    asking.close();
    return !returned.get();
  }

  private void awaitGone(String queue) {
    await().until(() -> !exists(queue));
  }

  /** So many milliseconds pass on the broker's clock. */
  private void pass(int millis) throws Exception {
    awaitGone(newExpiring(millis));
  }

  @Test
  void unusedQueueGoesWithItsMessages() throws Exception {
    String queue = newExpiring(40);
    publish("", queue, "gone");
    awaitGone(queue);
    assertThat(closingOf(channel, ch -> ch.queueDeclarePassive(queue)).code()).isEqualTo(404);
  }

  @Test
  void queueStaysAsLongAsItHasAConsumerAndGoesAfterTheLastOne() throws Exception {
    String queue = newExpiring(60);
    Channel consuming = connection.createChannel();
    String first = consuming.basicConsume(queue, true, new Deliveries(consuming));
    String second = consuming.basicConsume(queue, true, new Deliveries(consuming));
    consuming.basicCancel(first);
    pass(100);
    assertThat(exists(queue)).isTrue();
    consuming.basicCancel(second);
    assertThat(exists(queue)).isTrue();
    awaitGone(queue);
  }

  @Test
  void channelThatClosesTakesItsConsumersAlong() throws Exception {
    String queue = newExpiring(60);
    Channel consuming = connection.createChannel();
    Deliveries.from(consuming, queue);
    pass(100);
    assertThat(exists(queue)).isTrue();
    consuming.close();
    awaitGone(queue);
  }

  @Test
  void whatWasDeliveredFromItCanStillBeAcknowledged() throws Exception {
    String queue = newExpiring(60);
    fill(queue, "held");
    long held = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    awaitGone(queue);
    channel.basicAck(held, false);
    assertThat(ready(newQueue())).as("the channel is open").isZero();
  }

  @Test
  void itsMessagesAreNoDeadLetters() throws Exception {
    String dead = newQueue();
    String queue =
        newExpiring(
            40, false, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
    fill(queue, "gone");
    awaitGone(queue);
    assertThat(ready(dead)).isZero();
  }

  @Test
  void itsBindingsGoToo() throws Exception {
    String exchange = newExchange("fanout");
    String queue = newExpiring(40);
    channel.queueBind(queue, exchange, "");
    awaitGone(queue);
    channel.exchangeDelete(exchange, true);
  }

  @Test
  void exclusiveQueueGoesBeforeItsConnection() throws Exception {
    String queue = newExpiring(40, true, Map.of());
    awaitGone(queue);
    Channel other = newConnection().createChannel();
    other.queueDeclare(queue, false, true, false, null);
    connection.close();
    assertThat(other.queueDeclarePassive(queue).getQueue()).isEqualTo(queue);
  }

  @Test
  void nameIsFreeAgain() throws Exception {
    String queue = newExpiring(40);
    awaitGone(queue);
    channel.queueDeclare(queue, false, false, false, null);
    fill(queue, "x");
    assertThat(drain(queue)).containsExactly("x");
  }
}
