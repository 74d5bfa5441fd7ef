package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stepping in between a queue and its consumers, in Harvey's own part of the API. */
class HttpConsumersTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  private static String path(String queue) {
    return "/dev/queues/%2F/" + queue;
  }

  /** What a consumer is given, or told. */
  private record Given(String body, long tag, boolean redelivered) {}

  private static BlockingQueue<Given> consume(Channel on, String queue, String tag)
      throws Exception {
    BlockingQueue<Given> given = new LinkedBlockingQueue<>();
    on.basicConsume(
        queue,
        false,
        tag,
        new DefaultConsumer(on) {
          @Override
          public void handleDelivery(
              String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            given.add(
                new Given(new String(body), envelope.getDeliveryTag(), envelope.isRedeliver()));
          }

          @Override
          public void handleCancel(String consumer) {
            given.add(new Given("cancelled " + consumer, 0, false));
          }
        });
    return given;
  }

  private static Given next(BlockingQueue<Given> given) throws InterruptedException {
    Given next = given.poll(10, TimeUnit.SECONDS);
    assertThat(next).as("a delivery").isNotNull();
    return next;
  }

  private int unacked(String queue) {
    return http.read(queuePath(queue)).get("messages_unacknowledged").intValue();
  }

  @Test
  void pausedQueueGivesItsConsumersNothingUntilItIsResumed() throws Exception {
    String queue = newQueue();
    http.put(path(queue) + "/pause", null).isEmpty(204);
    BlockingQueue<Given> given = consume(channel, queue, "c");
    fill(queue, "a", "b");
    assertThat(http.read(queuePath(queue)).get("paused").booleanValue()).isTrue();
    assertThat(ready(queue)).isEqualTo(2);
    assertThat(unacked(queue)).isZero();
    try (Channel other = connection.createChannel()) {
      assertThat(text(other.basicGet(queue, true))).as("basic.get goes on").isEqualTo("a");
    }
    http.put(path(queue) + "/resume", null).isEmpty(204);
    assertThat(next(given).body()).isEqualTo("b");
    assertThat(http.read(queuePath(queue)).has("paused")).isFalse();
  }

  @Test
  void consumerWhosePrefetchWasFullDoesNotBreakAPause() throws Exception {
    String queue = newQueue();
    channel.basicQos(1);
    BlockingQueue<Given> given = consume(channel, queue, "c");
    fill(queue, "a", "b", "c");
    Given first = next(given);
    http.put(path(queue) + "/pause", null).isEmpty(204);
    channel.basicAck(first.tag(), false);
    await().untilAsserted(() -> assertThat(unacked(queue)).isZero());
    assertThat(ready(queue)).isEqualTo(2);
    assertThat(given).isEmpty();
    http.put(path(queue) + "/resume", null).isEmpty(204);
    assertThat(next(given).body()).isEqualTo("b");
  }

  @Test
  void publisherIsNotHeldUpByAPausedQueue() throws Exception {
    String queue = newQueue();
    consume(channel, queue, "c");
    http.put(path(queue) + "/pause", null).isEmpty(204);
    channel.confirmSelect();
    byte[] body = new byte[1_000];
    for (int i = 0; i < 20_000; i++) {
      channel.basicPublish("", queue, null, body);
    }
    channel.waitForConfirmsOrDie(30_000);
    assertThat(ready(queue)).isEqualTo(20_000);
  }

  @Test
  void deliveryIsTakenBackAndItsLateAcknowledgementHasNoEffect() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    BlockingQueue<Given> given = consume(channel, queue, "c");
    Given first = next(given);
    next(given);
    http.put(path(queue) + "/pause", null).isEmpty(204);
    JsonNode items = http.read(path(queue) + "/messages?state=unacked").get("items");
    String id = only(items, "payload", "a").get("id").textValue();
    JsonNode done = http.post(path(queue) + "/messages/requeue", Map.of("ids", List.of(id))).ok();
    assertThat(done.get("done").intValue()).isEqualTo(1);
    assertThat(ready(queue)).isEqualTo(1);
    assertThat(unacked(queue)).isEqualTo(1);
    channel.basicAck(first.tag(), false);
    try (Channel other = connection.createChannel()) {
      GetResponse got = other.basicGet(queue, true);
      assertThat(text(got)).isEqualTo("a");
      assertThat(got.getEnvelope().isRedeliver()).isTrue();
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(
            http.post(path(queue) + "/messages/requeue", Map.of("ids", List.of(id)))
                .ok()
                .at("/failed/it is not with a consumer any more")
                .intValue())
        .isEqualTo(1);
  }

  @Test
  void idOfAChannelThatIsGoneNamesNoDeliveryOfTheNextWithItsNumber() throws Exception {
    int number = 77;
    String queue = newQueue();
    fill(queue, "a");
    Channel gone = connection.createChannel(number);
    gone.basicGet(queue, false);
    String old = http.read(path(queue) + "/messages").at("/items/0/id").textValue();
    gone.close();
    Channel next = connection.createChannel(number);
    long tag = next.basicGet(queue, false).getEnvelope().getDeliveryTag();
    assertThat(old).contains(":" + tag + ":").endsWith("(" + number + ")");
    assertThat(
            http.post(path(queue) + "/messages/requeue", Map.of("ids", List.of(old)))
                .ok()
                .at("/failed/it is not with a consumer any more")
                .intValue())
        .isEqualTo(1);
    assertThat(unacked(queue)).isEqualTo(1);
    next.basicAck(tag, false);
    next.queueDeclarePassive(queue); // the ack was before it
    assertThat(unacked(queue)).isZero();
  }

  @Test
  void fetchedMessageIsTakenBackToo() throws Exception {
    String queue = newQueue();
    fill(queue, "a");
    channel.basicGet(queue, false);
    String id = http.read(path(queue) + "/messages").at("/items/0/id").textValue();
    http.post(path(queue) + "/messages/requeue", Map.of("ids", List.of(id))).ok();
    assertThat(drain(queue)).containsExactly("a");
  }

  @Test
  void takenBackDeliveryMakesRoomInThePrefetchOfItsConsumer() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    channel.basicQos(1);
    BlockingQueue<Given> given = consume(channel, queue, "c");
    assertThat(next(given).body()).isEqualTo("a");
    String id = http.read(path(queue) + "/messages?state=unacked").at("/items/0/id").textValue();
    http.post(path(queue) + "/messages/requeue", Map.of("ids", List.of(id))).ok();
    Given again = next(given);
    assertThat(again.body()).isEqualTo("a");
    assertThat(again.redelivered()).isTrue();
  }

  @Test
  void cancelledConsumerIsToldAndKeepsWhatItHolds() throws Exception {
    String queue = newQueue();
    fill(queue, "a");
    BlockingQueue<Given> given = consume(channel, queue, "worker");
    Given held = next(given);
    JsonNode consumer = http.read(queuePath(queue)).at("/consumer_details/0");
    Map<String, Object> which =
        Map.of(
            "channel", consumer.at("/channel_details/name").textValue(), "consumer_tag", "worker");
    assertThat(http.post(path(queue) + "/consumers/cancel", which).ok().get("told").booleanValue())
        .isTrue();
    assertThat(next(given).body()).isEqualTo("cancelled worker");
    assertThat(http.read(queuePath(queue)).get("consumers").intValue()).isZero();
    fill(queue, "b");
    assertThat(ready(queue)).isEqualTo(1);
    channel.basicAck(held.tag(), false);
    await().untilAsserted(() -> assertThat(unacked(queue)).isZero());
    assertThat(http.post(path(queue) + "/consumers/cancel", which).status()).isEqualTo(404);
  }

  @Test
  void allOfItNeedsTheRightToConfigureTheQueue() throws Exception {
    String queue = newQueue();
    String user = newUser("management");
    permit(user, "/", "other", ".*", ".*");
    ManagementClient other = ManagementClient.as(user, "p");
    assertThat(other.put(path(queue) + "/pause", null).status()).isEqualTo(401);
    assertThat(other.put(path(queue) + "/resume", null).status()).isEqualTo(401);
    assertThat(
            other.post(path(queue) + "/messages/requeue", Map.of("ids", List.of("u:1"))).status())
        .isEqualTo(401);
    assertThat(
            other
                .post(
                    path(queue) + "/consumers/cancel", Map.of("channel", "c", "consumer_tag", "t"))
                .status())
        .isEqualTo(401);
    JsonNode rights = other.read("/dev/rights?vhost=%2F&name=" + queue);
    assertJson(rights, Map.of("configure", false, "write", true, "read", true));
    assertThat(http.read(queuePath(queue)).has("paused")).isFalse();
  }

  @Test
  void exclusiveQueueOfAnotherConnectionIsLocked() throws Exception {
    String queue = channel.queueDeclare().getQueue();
    fill(queue, "a");
    consume(channel, queue, "c");
    await().untilAsserted(() -> assertThat(unacked(queue)).isEqualTo(1));
    String id = http.read(path(queue) + "/messages?state=unacked").at("/items/0/id").textValue();
    String name =
        http.read(queuePath(queue)).at("/consumer_details/0/channel_details/name").asText();
    List<HttpAnswer> answers =
        List.of(
            http.put(path(queue) + "/pause", null),
            http.put(path(queue) + "/resume", null),
            http.post(path(queue) + "/messages/requeue", Map.of("ids", List.of(id))),
            http.post(
                path(queue) + "/consumers/cancel", Map.of("channel", name, "consumer_tag", "c")));
    for (HttpAnswer answer : answers) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("cannot obtain exclusive access to locked queue");
    }
    JsonNode after = http.read(queuePath(queue));
    assertThat(after.has("paused")).isFalse();
    assertThat(after.get("messages_unacknowledged").intValue()).isEqualTo(1);
    assertThat(after.get("consumers").intValue()).isEqualTo(1);
  }

  @Test
  void streamHasNoPause() throws Exception {
    String queue = putQueue(Map.of("durable", true, "arguments", Map.of("x-queue-type", "stream")));
    assertThat(http.put(path(queue) + "/pause", null).status()).isEqualTo(400);
  }
}
