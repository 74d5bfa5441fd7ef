package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Queues with x-max-priority. Every expectation was read off RabbitMQ 3.10.8. */
class PriorityTest extends CompatTest {

  private String priorityQueue(int most) throws IOException {
    return priorityQueue(most, Map.of());
  }

  private String priorityQueue(int most, Map<String, Object> more) throws IOException {
    String queue = name("q");
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("x-max-priority", most);
    channel.queueDeclare(queue, false, false, false, arguments);
    return queue;
  }

  /** Publishes messages named by priority and number, like 2a; - is none. */
  private void publishAll(String queue, String... messages) throws Exception {
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    for (String message : messages) {
      AMQP.BasicProperties.Builder properties = properties();
      if (message.charAt(0) != '-') {
        properties.priority(Integer.parseInt(message.substring(0, message.length() - 1)));
      }
      publisher.basicPublish("", queue, properties.build(), bytes(message));
    }
    publisher.waitForConfirmsOrDie(10_000);
    publisher.close();
  }

  @Test
  void higherPriorityComesFirstAndEqualOnesInTheirOrder() throws Exception {
    String queue = priorityQueue(3);
    publishAll(queue, "0a", "2a", "1a", "3a", "2b", "0b", "1b", "3b");
    assertThat(drain(queue)).containsExactly("3a", "3b", "2a", "2b", "1a", "1b", "0a", "0b");
  }

  @Test
  void noneIsTheLowestAndTooHighIsTheHighest() throws Exception {
    String queue = priorityQueue(2);
    publishAll(queue, "-a", "0a", "255a", "2a", "3a", "1a", "-b");
    assertThat(drain(queue)).containsExactly("255a", "2a", "3a", "1a", "-a", "0a", "-b");
  }

  @Test
  void priorityIsShownAsPublished() throws Exception {
    String queue = priorityQueue(1);
    publishAll(queue, "200a");
    assertThat(channel.basicGet(queue, true).getProps().getPriority()).isEqualTo(200);
  }

  @Test
  void queueWithoutTheArgumentKeepsTheOrderOfPublishing() throws Exception {
    String queue = newQueue();
    publishAll(queue, "0a", "9a", "5a");
    assertThat(drain(queue)).containsExactly("0a", "9a", "5a");
  }

  @Test
  void queueOfThePriorityZeroOnlyKeepsTheOrderOfPublishing() throws Exception {
    String queue = priorityQueue(0);
    publishAll(queue, "0a", "9a", "5a");
    assertThat(drain(queue)).containsExactly("0a", "9a", "5a");
  }

  @Test
  void messageThatIsPutBackReturnsToItsPlaceInItsPriority() throws Exception {
    String queue = priorityQueue(2);
    publishAll(queue, "1a", "1b", "2a", "2b", "0a");
    List<GetResponse> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(channel.basicGet(queue, false));
    }
    assertThat(held).extracting(CompatTest::text).containsExactly("2a", "2b", "1a");
    publishAll(queue, "2c", "1c");
    channel.basicReject(held.get(2).getEnvelope().getDeliveryTag(), true);
    channel.basicReject(held.get(1).getEnvelope().getDeliveryTag(), true);
    channel.basicReject(held.get(0).getEnvelope().getDeliveryTag(), true);
    assertThat(drain(queue)).containsExactly("2a", "2b", "2c", "1a", "1b", "1c", "0a");
  }

  @Test
  void consumerGetsTheHighestThatWaitsWhenItHasRoom() throws Exception {
    String queue = priorityQueue(5);
    channel.basicQos(1);
    Deliveries deliveries = Deliveries.from(channel, queue);
    publishAll(queue, "0a");
    assertThat(deliveries.nextText()).isEqualTo("0a");
    publishAll(queue, "1a", "5a", "3a");
    channel.basicAck(1, false);
    assertThat(deliveries.nextText()).isEqualTo("5a");
    publishAll(queue, "4a");
    channel.basicAck(2, false);
    assertThat(deliveries.nextText()).isEqualTo("4a");
    channel.basicAck(3, false);
    assertThat(deliveries.nextText()).isEqualTo("3a");
  }

  @Test
  void countsAndPurgesAreOfAllPriorities() throws Exception {
    String queue = priorityQueue(9);
    publishAll(queue, "0a", "9a", "5a", "5b");
    assertThat(ready(queue)).isEqualTo(4);
    assertThat(channel.basicGet(queue, true).getMessageCount()).isEqualTo(3);
    assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(3);
    assertThat(ready(queue)).isZero();
    publishAll(queue, "1a", "2a");
    assertThat(channel.queueDelete(queue).getMessageCount()).isEqualTo(2);
  }

  @Test
  void fullQueueDropsFromItsHeadWhichIsTheHighest() throws Exception {
    String queue = priorityQueue(3, Map.of("x-max-length", 2));
    publishAll(queue, "1a", "3a", "0a");
    assertThat(drain(queue)).containsExactly("1a", "0a");
    publishAll(queue, "0b", "0c", "2a");
    assertThat(drain(queue)).containsExactly("0b", "0c");
  }

  @Test
  void liveMessageOfAHigherPriorityHidesExpiredOnes() throws Exception {
    String marker = newQueue();
    String queue = priorityQueue(2);
    channel.confirmSelect();
    var expiring = properties().expiration("20").priority(1).build();
    channel.basicPublish("", queue, properties().priority(2).build(), bytes("live"));
    channel.basicPublish("", queue, expiring, bytes("expired"));
    channel.basicPublish("", marker, properties().expiration("60").build(), bytes("marker"));
    channel.waitForConfirmsOrDie(10_000);
    await().until(() -> ready(marker) == 0);
    assertThat(ready(queue)).isEqualTo(2);
    assertThat(drain(queue)).containsExactly("live");
  }

  @Test
  void thousandMessagesOfRandomPrioritiesComeSorted() throws Exception {
    String queue = priorityQueue(255);
    Random random = new Random(5);
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      messages.add(random.nextInt(256) + "x");
    }
    publishAll(queue, messages.toArray(String[]::new));
    List<String> sorted = new ArrayList<>(messages);
    sorted.sort(Comparator.comparing(m -> -Integer.parseInt(m.substring(0, m.length() - 1))));
    assertThat(Deliveries.noAckFrom(channel, queue).nextTexts(1_000)).isEqualTo(sorted);
  }
}
