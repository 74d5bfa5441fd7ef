package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues with a limit. Every expectation was read off RabbitMQ 3.10.8. */
class OverflowTest extends CompatTest {

  private String limited(Map<String, Object> arguments) throws IOException {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, arguments);
    return queue;
  }

  /** Publishes one after the other and tells which were confirmed. */
  private List<Boolean> confirmed(String exchange, String key, String... bodies) throws Exception {
    Channel publisher = connection.createChannel();
    Confirms confirms = new Confirms(publisher);
    List<Boolean> answers = new ArrayList<>();
    for (String body : bodies) {
      publisher.basicPublish(exchange, key, null, bytes(body));
      answers.add(confirms.taken());
    }
    publisher.close();
    return answers;
  }

  @Test
  void fullQueueDropsItsOldestMessage() throws Exception {
    String queue = limited(Map.of("x-max-length", 2));
    fill(queue, "one", "two", "three");

    assertThat(drain(queue)).containsExactly("two", "three");
  }

  @Test
  void unacknowledgedMessagesDoNotCount() throws Exception {
    String queue = limited(Map.of("x-max-length", 1));
    fill(queue, "one");
    channel.basicGet(queue, false);
    fill(queue, "two");
    assertThat(drain(queue)).containsExactly("two");
  }

  @Test
  void messageThatIsPutBackIntoAFullQueueIsTheOldest() throws Exception {
    String queue = limited(Map.of("x-max-length", 1));
    fill(queue, "one");
    GetResponse one = channel.basicGet(queue, false);
    fill(queue, "two");
    channel.basicReject(one.getEnvelope().getDeliveryTag(), true);
    assertThat(drain(queue)).containsExactly("two");
  }

  @Test
  void bytesOfBodiesCountAndPropertiesDoNot() throws Exception {
    String queue = limited(Map.of("x-max-length-bytes", 10));
    var large = properties().headers(Map.of("large", "x".repeat(1_000))).build();
    channel.confirmSelect();
    for (String body : List.of("1111", "22222", "3", "4")) {
      channel.basicPublish("", queue, large, bytes(body));
    }
    channel.waitForConfirmsOrDie(10_000);
    assertThat(drain(queue)).containsExactly("22222", "3", "4");
  }

  @Test
  void messageLargerThanTheLimitEmptiesTheQueueAndGoesToo() throws Exception {
    String queue = limited(Map.of("x-max-length-bytes", 5));
    fill(queue, "one", "larger than five");
    assertThat(ready(queue)).isZero();
  }

  @Test
  void whicheverLimitIsReachedFirstCounts() throws Exception {
    String queue = limited(Map.of("x-max-length", 3, "x-max-length-bytes", 6));
    fill(queue, "1", "2", "3", "4");
    assertThat(drain(queue)).containsExactly("2", "3", "4");
    fill(queue, "aaa", "bbb", "ccc");
    assertThat(drain(queue)).containsExactly("bbb", "ccc");
  }

  @Test
  void lengthOfZeroIsForConsumersThatWait() throws Exception {
    String queue = limited(Map.of("x-max-length", 0));
    fill(queue, "lost");
    assertThat(ready(queue)).isZero();
    Deliveries waiting = Deliveries.noAckFrom(channel, queue);
    fill(queue, "one", "two");
    assertThat(waiting.nextTexts(2)).containsExactly("one", "two");
  }

  @Test
  void lengthOfZeroThatRejectsRejectsEverything() throws Exception {
    String queue = limited(Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
    Deliveries waiting = Deliveries.noAckFrom(channel, queue);
    assertThat(confirmed("", queue, "one")).containsExactly(false);
    assertThat(waiting.taken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reject-publish", "reject-publish-dlx"})
  void messageThatTheQueueRejectsIsNacked(String overflow) throws Exception {
    String queue = limited(Map.of("x-max-length", 1, "x-overflow", overflow));
    assertThat(confirmed("", queue, "kept", "rejected")).containsExactly(true, false);
    assertThat(drain(queue)).containsExactly("kept");
    assertThat(confirmed("", queue, "again")).containsExactly(true);
  }

  @Test
  void rejectingQueueCountsBytesToo() throws Exception {
    String queue = limited(Map.of("x-max-length-bytes", 5, "x-overflow", "reject-publish"));
    assertThat(confirmed("", queue, "1234", "56", "5", "6"))
        .containsExactly(true, false, true, false);
    assertThat(drain(queue)).containsExactly("1234", "5");
  }

  @Test
  void rejectingQueueTakesWhatItsConsumerMakesRoomFor() throws Exception {
    String queue = limited(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    channel.basicQos(2);
    Deliveries waiting = Deliveries.from(channel, queue);
    assertThat(confirmed("", queue, "1", "2", "3", "4")).containsExactly(true, true, true, false);
    assertThat(waiting.nextTexts(2)).containsExactly("1", "2");
    channel.basicAck(2, true);
    assertThat(waiting.nextText()).isEqualTo("3");
    assertThat(confirmed("", queue, "5", "6", "7")).containsExactly(true, true, false);
  }

  @Test
  void messageForTwoQueuesIsNackedIfOneOfThemRejectsIt() throws Exception {
    String exchange = newExchange("fanout");
    String open = newQueue(exchange, "");
    String full = limited(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    channel.queueBind(full, exchange, "");
    assertThat(confirmed(exchange, "", "both", "one")).containsExactly(true, false);
    assertThat(drain(open)).containsExactly("both", "one");
    assertThat(drain(full)).containsExactly("both");
  }

  @Test
  void publisherWithoutConfirmsIsNotTold() throws Exception {
    String queue = limited(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    fill(queue, "kept");
    channel.basicPublish("", queue, true, null, bytes("rejected"));
    assertThat(ready(queue)).isEqualTo(1);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void transactionWithARejectedMessageEndsItsChannel() throws Exception {
    String queue = limited(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    Closing closing =
        closingOf(
            connection.createChannel(),
            ch -> {
              ch.txSelect();
              ch.basicPublish("", queue, null, bytes("kept"));
              ch.basicPublish("", queue, null, bytes("rejected"));
              ch.txCommit();
            });
    assertThat(closing.code()).isEqualTo(406);
    assertThat(closing.text()).isEqualTo("PRECONDITION_FAILED - partial tx completion");
    assertThat(drain(queue)).containsExactly("kept");
  }

  @Test
  void droppedMessagesAreDeadLettersInTheirOrder() throws Exception {
    String dead = newQueue();
    String queue = limited(deadLetteringTo(dead, Map.of("x-max-length", 1)));
    fill(queue, "one", "two", "three");
    assertThat(reasons(dead, 2)).containsExactly("one maxlen", "two maxlen");
    assertThat(drain(queue)).containsExactly("three");
  }

  @Test
  void rejectedMessagesAreDeadLettersOnlyIfSaidSo() throws Exception {
    String dead = newQueue();
    Map<String, Object> limit = Map.of("x-max-length", 1, "x-overflow", "reject-publish-dlx");
    String queue = limited(deadLetteringTo(dead, limit));
    assertThat(confirmed("", queue, "kept", "rejected")).containsExactly(true, false);
    assertThat(reasons(dead, 1)).containsExactly("rejected maxlen");

    limit = Map.of("x-max-length", 1, "x-overflow", "reject-publish");
    queue = limited(deadLetteringTo(dead, limit));
    assertThat(confirmed("", queue, "kept", "rejected")).containsExactly(true, false);
    assertThat(ready(dead)).isZero();
  }

  @Test
  void deadLetterQueueThatIsFullDropsByItsOwnLimit() throws Exception {
    String dead = limited(Map.of("x-max-length", 1));
    String queue = limited(deadLetteringTo(dead, Map.of("x-max-length", 1)));
    fill(queue, "one", "two", "three", "four");
    assertThat(reasons(dead, 1)).containsExactly("three maxlen");
  }

  private static Map<String, Object> deadLetteringTo(String dead, Map<String, Object> limit) {
    Map<String, Object> arguments = new HashMap<>(limit);
    arguments.put("x-dead-letter-exchange", "");
    arguments.put("x-dead-letter-routing-key", dead);
    return arguments;
  }

  /** Bodies of dead letters with the reason. */
  private List<String> reasons(String dead, int count) throws Exception {
    List<String> reasons = new ArrayList<>();
    Channel consuming = connection.createChannel();
    Deliveries letters = Deliveries.noAckFrom(consuming, dead);
    for (int i = 0; i < count; i++) {
      var letter = letters.next();
      Object reason = letter.getProperties().getHeaders().get("x-first-death-reason");
      reasons.add(Deliveries.text(letter) + " " + reason);
    }
    consuming.close();
    assertThat(letters.taken()).isEmpty();
    return reasons;
  }

  @Test
  void pikaReportsTheRefusal() throws Exception {
    PikaProgram.requirePika();
    assertThat(PikaProgram.run("refused.py")).containsExactly("confirmed", "refused");
  }
}
