package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Messages whose time is over, by the argument x-message-ttl of the queue or their own expiration.
 * Every expectation was read off RabbitMQ 3.10.8. What takes hours, and exact times, are tested
 * without sockets on a clock that the test moves.
 */
class TimeToLiveTest extends CompatTest {
  private static final String LONG = "600000";

  private String queueWithTtl(int millis) throws IOException {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-message-ttl", millis));
    return queue;
  }

  private void publishExpiring(String queue, String expiration, String body) throws Exception {
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    var properties = properties().expiration(expiration).build();
    publisher.basicPublish("", queue, properties, bytes(body));
    publisher.waitForConfirmsOrDie(10_000);
    publisher.close();
  }

  /** So many milliseconds pass on the broker's clock. */
  private void pass(int millis) throws Exception {
    String marker = newQueue();
    publishExpiring(marker, Integer.toString(millis), "marker");
    awaitEmpty(marker);
  }

  private void awaitEmpty(String queue) {
    await().until(() -> ready(queue) == 0);
  }

  @Test
  void messageGoesWhenTheTimeOfItsQueueIsOver() throws Exception {
    String queue = queueWithTtl(40);
    fill(queue, "one", "two");
    awaitEmpty(queue);
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void messageGoesWhenItsOwnTimeIsOver() throws Exception {
    String queue = newQueue();
    publishExpiring(queue, "40", "gone");
    fill(queue, "stays");
    await().until(() -> ready(queue) == 1);
    assertThat(drain(queue)).containsExactly("stays");
  }

  @Test
  void theShorterOfBothTimesCounts() throws Exception {
    String ofQueue = queueWithTtl(40);
    publishExpiring(ofQueue, LONG, "by the queue");
    String own = queueWithTtl(600_000);
    publishExpiring(own, "40", "by its own");
    awaitEmpty(ofQueue);
    awaitEmpty(own);
  }

  @Test
  void messageBehindOneThatLivesLongerIsCountedAndNeverDelivered() throws Exception {
    String queue = newQueue();
    publishExpiring(queue, LONG, "long");
    publishExpiring(queue, "1", "short");
    pass(40);
    assertThat(ready(queue)).isEqualTo(2);
    GetResponse first = channel.basicGet(queue, true);
    assertThat(text(first)).isEqualTo("long");
    assertThat(channel.basicGet(queue, true)).isNull();
  }

  @Test
  void consumerThatComesLateGetsOnlyWhatIsAlive() throws Exception {
    String queue = newQueue();
    fill(queue, "first");
    publishExpiring(queue, "1", "dead");
    publishExpiring(queue, LONG, "alive");
    pass(40);
    assertThat(Deliveries.noAckFrom(channel, queue).nextTexts(2)).containsExactly("first", "alive");
    assertThat(ready(queue)).isZero();
  }

  @Test
  void timeToLiveOfZeroIsForConsumersThatWait() throws Exception {
    String queue = queueWithTtl(0);
    fill(queue, "lost");
    assertThat(ready(queue)).isZero();
    Deliveries waiting = Deliveries.noAckFrom(channel, queue);
    fill(queue, "one", "two");
    assertThat(waiting.nextTexts(2)).containsExactly("one", "two");
  }

  @Test
  void expirationOfZeroIsForConsumersThatWait() throws Exception {
    String queue = newQueue();
    publishExpiring(queue, "0", "lost");
    assertThat(ready(queue)).isZero();
    Deliveries waiting = Deliveries.noAckFrom(channel, queue);
    publishExpiring(queue, "0", "delivered");
    assertThat(waiting.nextText()).isEqualTo("delivered");
  }

  @Test
  void timeToLiveOfZeroExpiresBeforeAConsumerWhoseWindowIsFull() throws Exception {
    String queue = queueWithTtl(0);
    channel.basicQos(1);
    Deliveries waiting = Deliveries.from(channel, queue);
    fill(queue, "held", "lost");
    long held = Deliveries.tag(waiting.next());
    channel.basicAck(held, false);
    fill(queue, "next");
    assertThat(waiting.nextText()).isEqualTo("next");
  }

  @Test
  void deliveredMessageDoesNotExpire() throws Exception {
    String queue = newQueue();
    publishExpiring(queue, "500", "held");
    GetResponse held = channel.basicGet(queue, false);
    pass(550);
    channel.basicAck(held.getEnvelope().getDeliveryTag(), false);
    assertThat(channel.isOpen()).isTrue();
    assertThat(ready(queue)).isZero();
  }

  @Test
  void messageThatIsPutBackKeepsItsDeadline() throws Exception {
    String dead = newQueue();
    String queue = name("q");
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    channel.queueDeclare(queue, false, false, false, arguments);
    publishExpiring(queue, "500", "expired meanwhile");
    publishExpiring(queue, LONG, "alive");
    long last = 0;
    for (int i = 0; i < 2; i++) {
      last = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    }
    pass(550);
    assertThat(ready(dead)).isZero();
    channel.basicNack(last, true, true);
    assertThat(drain(queue)).containsExactly("alive");
    assertThat(drain(dead)).containsExactly("expired meanwhile");
  }

  @Test
  void messagesExpireInTheOrderOfTheQueue() throws Exception {
    String dead = newQueue();
    String queue = name("q");
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    channel.queueDeclare(queue, false, false, false, arguments);
    publishExpiring(queue, "80", "one");
    publishExpiring(queue, "20", "two");
    publishExpiring(queue, "1", "three");
    await().until(() -> ready(dead) == 3);
    assertThat(drain(dead)).containsExactly("one", "two", "three");
  }

  @Test
  void expirationIsSeenByConsumersAsItWasPublished() throws Exception {
    String queue = newQueue();
    publishExpiring(queue, LONG, "x");
    GetResponse got = channel.basicGet(queue, true);
    assertThat(got.getProps().getExpiration()).isEqualTo(LONG);
  }

  @Test
  void timeCountsInEachQueueByItself() throws Exception {
    String exchange = newExchange("fanout");
    String first = queueWithTtl(40);
    String second = queueWithTtl(600_000);
    String third = newQueue();
    for (String queue : List.of(first, second, third)) {
      channel.queueBind(queue, exchange, "");
    }
    publish(exchange, "", "copy");
    pass(40);
    awaitEmpty(first);
    assertThat(drain(second)).containsExactly("copy");
    assertThat(drain(third)).containsExactly("copy");
  }
}
