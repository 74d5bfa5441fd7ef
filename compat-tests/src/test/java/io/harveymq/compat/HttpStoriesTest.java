package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Life stories of messages, in Harvey's own part of the API. */
class HttpStoriesTest extends HttpTest {
  private static final String SWITCH = "/dev/stories/%2F";

  @BeforeEach
  void record() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
    http.put(SWITCH, EMPTY).isEmpty(204);
    channel.confirmSelect();
  }

  @AfterEach
  void end() {
    if (BrokerUnderTest.isEmbedded()) {
      http.delete(SWITCH).isEmpty(204);
    }
  }

  private void send(String exchange, String key, String body) throws Exception {
    publish(exchange, key, body);
    channel.waitForConfirmsOrDie(10_000);
  }

  private static String search(String query) {
    return "/dev/messages/search?vhost=%2F&q=" + ManagementClient.segment(query);
  }

  private static List<String> bodies(ManagementClient of, String query) {
    return HttpAnswer.column(of.read(search(query)).get("items"), "payload");
  }

  private static String path(JsonNode item) {
    return "/dev/messages/" + item.get("id").asLong() + "/story?vhost=%2F";
  }

  private JsonNode newest(String query) {
    return http.read(path(http.read(search(query)).at("/items/0")));
  }

  private static List<String> events(JsonNode story) {
    List<String> events = new ArrayList<>();
    story
        .get("steps")
        .forEach(
            step ->
                events.add(step.get("event").textValue() + " " + step.path("queue").asText("-")));
    return events;
  }

  @Test
  void messagesThatAreLookedAtNameTheirStories() throws Exception {
    String queue = newQueue();
    send("", queue, "a");
    JsonNode one = http.read("/dev/queues/%2F/" + queue + "/messages").at("/items/0");
    assertThat(story(one).get("routing_key").textValue()).isEqualTo(queue);
    String stream = name("stream");
    temporary(queuePath(stream));
    channel.queueDeclare(stream, true, false, false, Map.of("x-queue-type", "stream"));
    send("", stream, "b");
    one = http.read("/dev/queues/%2F/" + stream + "/messages").at("/items/0");
    assertThat(story(one).get("routing_key").textValue()).isEqualTo(stream);
    String exchange = name("delayed");
    temporary(exchangePath(exchange));
    Map<String, Object> fanout = Map.of("x-delayed-type", "fanout");
    channel.exchangeDeclare(exchange, "x-delayed-message", false, false, fanout);
    Map<String, Object> delay = Map.of("x-delay", 3_600_000);
    channel.basicPublish(exchange, "k", properties().headers(delay).build(), bytes("c"));
    channel.waitForConfirmsOrDie(10_000);
    one = http.read("/dev/exchanges/%2F/" + exchange + "/delayed").at("/items/0");
    assertThat(events(story(one))).containsExactly("delayed -");
  }

  private JsonNode story(JsonNode item) {
    return http.read("/dev/messages/" + item.get("story").asLong() + "/story?vhost=%2F");
  }

  @Test
  void storyTellsTheWholeWayOverADeadLetterQueue() throws Exception {
    String dead = newQueue();
    String exchange = putExchange("topic");
    String queue =
        putQueue(
            Map.of(
                "arguments",
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead)));
    channel.queueBind(queue, exchange, "order.*");
    send(exchange, "order.new", "{\"id\":1}");
    long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    channel.basicReject(tag, false);
    drain(dead);
    JsonNode hit = http.read(search("exchange:" + exchange)).at("/items/0");
    assertThat(hit.get("payload").textValue()).isEqualTo("{\"id\":1}");
    JsonNode story = http.read(path(hit));
    assertThat(events(story).subList(0, 5))
        .containsExactly(
            "entered " + queue,
            "got " + queue,
            "rejected " + queue,
            "dead_lettered " + queue,
            "entered " + dead);
    assertThat(story.at("/steps/3/routing_key").textValue()).isEqualTo(dead);
    assertThat(story.get("user").textValue()).isEqualTo("guest");
    assertThat(story.get("connection").textValue()).contains("->");
    assertThat(story.at("/places/0/state").textValue()).isEqualTo("gone");
    assertThat(story.get("hidden").intValue()).isZero();
    assertThat(http.get("/dev/messages/999999999/story?vhost=%2F").status()).isEqualTo(404);
    assertThat(http.get("/dev/messages/x/story?vhost=%2F").status()).isEqualTo(404);
    assertThat(http.get("/dev/messages/1/story").status()).isEqualTo(400);
  }

  @Test
  void searchUnderstandsItsWordsAndPagesFromTheNewestOn() throws Exception {
    String exchange = putExchange("topic");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "#");
    Map<String, Object> headers = Map.of("tenant", "Acme");
    channel.basicPublish(
        exchange, "order.paid", properties().headers(headers).build(), bytes("first one"));
    for (String body : List.of("second", "third")) {
      channel.basicPublish(exchange, "order.new", null, bytes(body));
    }
    channel.waitForConfirmsOrDie(10_000);
    String of = "exchange:" + exchange + " ";
    assertThat(bodies(http, of)).containsExactly("third", "second", "first one");
    assertThat(bodies(http, of + "key:PAID")).containsExactly("first one");
    assertThat(bodies(http, of + "header.tenant:acme")).containsExactly("first one");
    assertThat(bodies(http, of + "header.tenant:")).containsExactly("first one");
    assertThat(bodies(http, of + "header.tenant:other")).isEmpty();
    assertThat(bodies(http, of + "body:second")).containsExactly("second");
    assertThat(bodies(http, of + "\"first one\"")).containsExactly("first one");
    assertThat(bodies(http, of + "paid one")).containsExactly("first one");
    assertThat(bodies(http, of + "queue:" + queue)).hasSize(3);
    assertThat(bodies(http, of + "queue:other")).isEmpty();
    assertThat(bodies(http, of + "client:guest")).hasSize(3);
    assertThat(bodies(http, of + "client:nobody")).isEmpty();
    assertThat(bodies(http, of + "since:1h")).hasSize(3);
    assertThat(bodies(http, of + "since:2999-01-01T00:00:00Z")).isEmpty();
    assertThat(http.get(search("since:later")).status()).isEqualTo(400);
    JsonNode page = http.read(search(of) + "&limit=2");
    assertThat(HttpAnswer.column(page.get("items"), "payload")).containsExactly("third", "second");
    String rest = search(of) + "&limit=2&before=" + page.get("next").asLong();
    assertThat(HttpAnswer.column(http.read(rest).get("items"), "payload"))
        .containsExactly("first one");
    assertThat(http.read(rest).has("next")).isFalse();
  }

  @Test
  void whatIsDoneByHandIsTold() throws Exception {
    String from = newQueue();
    String to = newQueue();
    send("", from, "moved");
    Map<String, Object> where = Map.of("all", true, "exchange", "amq.default", "routing_key", to);
    http.post("/dev/queues/%2F/" + from + "/messages/move", where).ok();
    Map<String, Object> get = Map.of("count", 1, "ackmode", "ack_requeue_true", "encoding", "auto");
    http.post(queuePath(to) + "/get", get).ok();
    http.post("/dev/queues/%2F/" + to + "/messages/delete", Map.of("all", true)).ok();
    assertThat(events(newest("key:" + from)))
        .containsExactly(
            "entered " + from,
            "moved " + from,
            "entered " + to,
            "got " + to,
            "requeued " + to,
            "deleted " + to);
    http.post(exchangePath("amq.default") + "/publish", HttpPublish.of("nowhere", "x")).ok();
    JsonNode story = newest("key:nowhere");
    assertThat(events(story)).containsExactly("returned -");
    assertThat(story.get("connection").textValue()).isEqualTo("HTTP");
  }

  /** What RabbitMQ's endpoint to publish takes. */
  private static final class HttpPublish {
    static Map<String, Object> of(String key, String payload) {
      return Map.of(
          "routing_key",
          key,
          "properties",
          EMPTY,
          "payload",
          payload,
          "payload_encoding",
          "string");
    }
  }

  @Test
  void switchSaysHowFarItIsAndOffForgetsEverything() throws Exception {
    send("amq.fanout", "k", "x");
    JsonNode on = http.read(SWITCH);
    assertThat(on.get("recording").booleanValue()).isTrue();
    assertThat(on.get("kept").intValue()).isEqualTo(1);
    assertThat(on.get("bytes").longValue()).isBetween(1L, on.get("most_bytes").longValue());
    assertThat(on.get("seconds_left").longValue()).isBetween(600L, 900L);
    assertThat(bodies(http, "")).containsExactly("x");
    http.delete(SWITCH).isEmpty(204);
    assertThat(http.read(SWITCH).get("recording").booleanValue()).isFalse();
    assertThat(bodies(http, "")).isEmpty();
    send("amq.fanout", "k", "y");
    assertThat(bodies(http, "")).isEmpty();
  }

  @Test
  void virtualHostThatIsCalledSearchIsStillSearched() {
    http.put(temporary("/vhosts/search"), EMPTY).isEmpty(201);
    permit("guest", "search", ".*", ".*", ".*");
    assertThat(http.read("/dev/messages/search").has("queues")).isTrue();
  }

  // ---- who may see what

  private ManagementClient userWho(String read) {
    String user = newUser("management");
    permit(user, "/", "", "", read);
    return ManagementClient.as(user, "p");
  }

  @Test
  void nobodySeesMessagesThatAmqpWouldNotGive() throws Exception {
    String exchange = putExchange("fanout");
    String mine = newQueue();
    String theirs = newQueue();
    channel.queueBind(mine, exchange, "");
    channel.queueBind(theirs, exchange, "");
    send(exchange, "", "both");
    send("", theirs, "secret");
    send("", mine, "open");
    ManagementClient reader = userWho("^" + mine + "$");
    assertThat(bodies(reader, "")).containsExactly("open", "both");
    assertThat(bodies(reader, "queue:" + theirs)).as("hidden queues are not found").isEmpty();
    JsonNode both = http.read(search("exchange:" + exchange)).at("/items/0");
    JsonNode seen = reader.read(path(both));
    assertThat(events(seen)).containsExactly("entered " + mine);
    assertThat(seen.get("hidden").intValue()).isEqualTo(1);
    assertThat(seen.toString()).doesNotContain(theirs);
    JsonNode secret = http.read(search("key:" + theirs)).at("/items/0");
    assertThat(reader.get(path(secret)).status()).isEqualTo(404);
    ManagementClient ofExchange = userWho("^" + exchange + "$");
    assertThat(bodies(ofExchange, "")).containsExactly("both");
    assertThat(events(ofExchange.read(path(both)))).isEmpty();
    ManagementClient ofDefault = userWho("^(amq\\.default|" + mine + ")$");
    assertThat(bodies(ofDefault, "exchange:amq.default")).containsExactly("open");
  }

  @Test
  void topicPermissionsHoldHereToo() throws Exception {
    String exchange = putExchange("topic");
    String user = newUser("management");
    permit(user, "/", "", "", "^" + exchange + "$");
    Map<String, String> keys = Map.of("exchange", exchange, "write", ".*", "read", "^mine\\.");
    http.put("/topic-permissions/%2F/" + user, keys).isEmpty(201);
    send(exchange, "theirs.secret", "a");
    send(exchange, "mine.open", "b");
    assertThat(bodies(ManagementClient.as(user, "p"), "exchange:" + exchange)).containsExactly("b");
  }

  @Test
  void exclusiveQueueOfAnotherUserStaysHiddenEvenWhenItIsGone() throws Exception {
    Connection other = keep(factory().newConnection());
    Channel owner = other.createChannel();
    owner.confirmSelect();
    String queue = owner.queueDeclare(name("own"), false, true, false, null).getQueue();
    owner.basicPublish("", queue, null, bytes("private"));
    owner.waitForConfirmsOrDie(10_000);
    ManagementClient reader = userWho(".*");
    assertThat(bodies(reader, "key:" + queue)).isEmpty();
    assertThat(bodies(http, "key:" + queue)).containsExactly("private");
    other.close();
    assertThat(events(newest("key:" + queue))).endsWith("queue_deleted " + queue);
    assertThat(bodies(reader, "key:" + queue)).isEmpty();
  }
}
