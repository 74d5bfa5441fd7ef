package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Harvey's API has beyond RabbitMQ's, under {@code /dev}. */
class HttpDevTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  private static String browsePath(String queue) {
    return "/dev/queues/%2F/" + queue + "/messages";
  }

  private List<String> ids(String queue, String... payloads) {
    JsonNode items = http.read(browsePath(queue)).get("items");
    return List.of(payloads).stream()
        .map(payload -> only(items, "payload", payload).get("id").textValue())
        .toList();
  }

  @Test
  void lookingIntoAQueueChangesNothing() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b", "last one");
    long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    JsonNode seen = http.read(browsePath(queue));
    assertThat(seen.get("ready").intValue()).isEqualTo(2);
    assertThat(seen.get("unacked").intValue()).isEqualTo(1);
    assertThat(HttpAnswer.column(seen.get("items"), "payload"))
        .containsExactly("a", "b", "last one");
    assertThat(HttpAnswer.column(seen.get("items"), "state"))
        .containsExactly("unacked", "ready", "ready");
    assertThat(
            HttpAnswer.column(
                http.read(browsePath(queue) + "?search=last%20one").get("items"), "payload"))
        .containsExactly("last one");
    assertThat(
            HttpAnswer.column(
                http.read(browsePath(queue) + "?state=ready&offset=1&limit=1").get("items"),
                "payload"))
        .containsExactly("last one");
    channel.basicNack(tag, false, true);
    assertThat(channel.basicGet(queue, true).getEnvelope().isRedeliver()).isTrue();
    assertThat(channel.basicGet(queue, true).getEnvelope().isRedeliver()).isFalse();
    assertThat(channel.basicGet(queue, true).getEnvelope().isRedeliver()).isFalse();
  }

  @Test
  void messagesThatAreDelayedAreCounted() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(
        exchange, "x-delayed-message", false, true, Map.of("x-delayed-type", "fanout"));
    String path = "/exchanges/%2F/" + exchange;
    assertThat(http.read(path).get("messages_delayed").intValue()).isZero();
    AMQP.BasicProperties later = properties().headers(Map.of("x-delay", 600_000)).build();
    channel.basicPublish(exchange, "", later, bytes("later"));
    await().until(() -> http.read(path).get("messages_delayed").intValue() == 1);
    assertThat(http.read("/exchanges/%2F/amq.direct").has("messages_delayed")).isFalse();
  }

  @Test
  void chosenMessagesAreDeleted() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b", "c", "d");
    JsonNode done =
        http.post(browsePath(queue) + "/delete", Map.of("ids", ids(queue, "b", "d"))).ok();
    assertThat(done.get("done").intValue()).isEqualTo(2);
    assertThat(ready(queue)).isEqualTo(2);
    fill(queue, "e");
    assertThat(drain(queue)).containsExactly("a", "c", "e");
  }

  @Test
  void chosenMessagesMoveToAnotherQueueAndTheOthersStayInOrder() throws Exception {
    String queue = newQueue();
    String other = newQueue();
    fill(queue, "a", "b", "c");
    JsonNode done =
        http.post(
                browsePath(queue) + "/move",
                Map.of("ids", ids(queue, "b"), "exchange", "", "routing_key", other))
            .ok();
    assertThat(done.get("done").intValue()).isEqualTo(1);
    assertThat(drain(queue)).containsExactly("a", "c");
    assertThat(drain(other)).containsExactly("b");
  }

  @Test
  void whatNoQueueTakesStays() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    JsonNode done =
        http.post(
                browsePath(queue) + "/move",
                Map.of("all", true, "exchange", "", "routing_key", name("none")))
            .ok();
    assertThat(done.get("done").intValue()).isZero();
    assertThat(done.at("/failed/no queue takes it").intValue()).isEqualTo(2);
    assertThat(drain(queue)).containsExactly("a", "b");
  }

  @Test
  void whatStaysKeepsItsPlaceAndWasNotSeen() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b", "c", "d");
    http.post(
            browsePath(queue) + "/move",
            Map.of("ids", ids(queue, "b", "c"), "exchange", "", "routing_key", name("none")))
        .ok();
    for (String expected : List.of("a", "b", "c", "d")) {
      GetResponse got = channel.basicGet(queue, true);
      assertThat(new String(got.getBody(), StandardCharsets.UTF_8)).isEqualTo(expected);
      assertThat(got.getEnvelope().isRedeliver()).isFalse();
    }
  }

  @Test
  void messageIsNotMovedToSomeOfItsQueues() throws Exception {
    String exchange = putExchange("fanout");
    String open = newQueue();
    String full = name("hq");
    http.put(
            queuePath(full),
            Map.of("arguments", Map.of("x-max-length", 1, "x-overflow", "reject-publish")))
        .isEmpty(201);
    fill(full, "there");
    channel.queueBind(open, exchange, "");
    channel.queueBind(full, exchange, "");
    String queue = newQueue();
    fill(queue, "a");
    JsonNode done =
        http.post(browsePath(queue) + "/move", Map.of("all", true, "exchange", exchange)).ok();
    assertThat(done.at("/failed/the queue is full").intValue()).isEqualTo(1);
    assertThat(drain(open)).isEmpty();
    assertThat(drain(queue)).containsExactly("a");
  }

  @Test
  void redriveGoesToThatQueueOnlyWhateverTheMessageSays() throws Exception {
    String dead = newQueue();
    String copy = newQueue();
    String source = name("hq");
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    http.put(queuePath(source), Map.of("arguments", arguments)).isEmpty(201);
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .userId(BrokerUnderTest.user())
            .headers(Map.of("CC", List.of(copy)))
            .build();
    channel.basicPublish("", source, properties, bytes("a"));
    assertThat(drain(copy)).containsExactly("a");
    channel.basicReject(channel.basicGet(source, false).getEnvelope().getDeliveryTag(), false);
    assertThat(ready(dead)).isEqualTo(1);
    String other = newUser("administrator");
    permit(other, "/", ".*", ".*", ".*");
    JsonNode done =
        ManagementClient.as(other, "p")
            .post(browsePath(dead) + "/redrive", Map.of("all", true))
            .ok();
    assertThat(done.get("done").intValue()).isEqualTo(1);
    assertThat(drain(source)).containsExactly("a");
    assertThat(drain(copy)).isEmpty();
  }

  @Test
  void deadLettersGoBackToWhereTheyDied() throws Exception {
    String dead = newQueue();
    String source = name("hq");
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    http.put(queuePath(source), Map.of("arguments", arguments)).isEmpty(201);
    fill(source, "a");
    channel.basicReject(channel.basicGet(source, false).getEnvelope().getDeliveryTag(), false);
    assertThat(ready(dead)).isEqualTo(1);
    fill(dead, "never died");
    JsonNode done = http.post(browsePath(dead) + "/redrive", Map.of("all", true)).ok();
    assertThat(done.get("done").intValue()).isEqualTo(1);
    assertThat(done.at("/failed/it does not say where it died").intValue()).isEqualTo(1);
    assertThat(drain(source)).containsExactly("a");
    assertThat(drain(dead)).containsExactly("never died");
  }

  @Test
  void whoMayNotReadMayNotLook() throws Exception {
    String queue = newQueue();
    String user = newUser("management");
    permit(user, "/", ".*", ".*", "^none$");
    ManagementClient poor = ManagementClient.as(user, "p");
    poor.get(browsePath(queue)).isError(401, "not_authorised", "Access refused.");
    poor.post(browsePath(queue) + "/delete", Map.of("all", true))
        .isError(401, "not_authorised", "Access refused.");
  }

  @Test
  void anExclusiveQueueIsLookedIntoByItsUserAndAdministratorsOnly() throws Exception {
    String queue = channel.queueDeclare(name("hq"), false, true, false, null).getQueue();
    fill(queue, "a reply");
    String other = newUser("monitoring");
    permit(other, "/", ".*", ".*", ".*");
    ManagementClient.as(other, "p")
        .get(browsePath(queue))
        .isError(401, "not_authorised", "User not authorised to access object");
    assertThat(HttpAnswer.column(http.read(browsePath(queue)).get("items"), "payload"))
        .containsExactly("a reply");
    assertThat(http.post(browsePath(queue) + "/delete", Map.of("all", true)).status())
        .isBetween(400, 499);
    assertThat(ready(queue)).isEqualTo(1);
  }

  @Test
  void dryRunTellsWhichBindingsDoNotMatchAndWhy() throws Exception {
    String exchange = putExchange("topic");
    String queue = newQueue();
    String other = newQueue();
    channel.queueBind(queue, exchange, "order.*.created");
    channel.queueBind(other, exchange, "order.#");
    JsonNode way =
        http.post("/dev/route", Map.of("exchange", exchange, "routing_key", "order.eu.paid")).ok();
    assertThat(way.at("/queues/0").textValue()).isEqualTo(other);
    assertThat(way.get("queues")).hasSize(1);
    assertThat(way.at("/steps/0/not_matched/0/reason").textValue())
        .isEqualTo("wants `created` as third word");
    assertThat(ready(other)).isZero();
  }

  @Test
  void wayOfAMessageIsAskedForInTexts() {
    for (String field : List.of("vhost", "exchange", "routing_key")) {
      for (Object wrong : List.of(7, true, Map.of())) {
        Map<String, Object> body = new HashMap<>(Map.of("exchange", "", "routing_key", "k"));
        body.put(field, wrong);
        http.post("/dev/route", body).isBadRequest(field + " has to be a string");
      }
    }
  }

  @Test
  void declarationIsCheckedAndNotMade() throws Exception {
    String queue = newQueue();
    JsonNode refused =
        http.post("/dev/declare/check", Map.of("kind", "queue", "name", queue, "durable", true))
            .ok();
    assertThat(refused.get("ok").booleanValue()).isFalse();
    assertThat(refused.get("reason").textValue())
        .startsWith("406 PRECONDITION_FAILED - inequivalent arg 'durable'");
    assertThat(refused.get("differences")).hasSize(1);
    String fresh = name("hq");
    Map<String, Object> arguments = Map.of("x-dead-letter-exchange", name("none"));
    JsonNode fine =
        http.post(
                "/dev/declare/check",
                Map.of("kind", "queue", "name", fresh, "arguments", arguments))
            .ok();
    assertThat(fine.get("ok").booleanValue()).isTrue();
    assertThat(fine.get("warnings")).hasSize(1);
    http.get(queuePath(fresh)).isNotFound();
    String exchange = name("hx");
    http.post("/dev/declare/check", Map.of("kind", "exchange", "name", exchange)).ok();
    http.post("/dev/declare/check", Map.of("kind", "queue", "name", "q", "vhost", "nowhere"))
        .isError(404, "not_found", "no vhost 'nowhere'");
    http.get(exchangePath(exchange)).isNotFound();
    long declared = declarations();
    Map<String, Object> same = Map.of("kind", "queue", "name", queue, "durable", false);
    assertThat(http.post("/dev/declare/check", same).ok().get("ok").booleanValue()).isTrue();
    assertThat(declarations()).isEqualTo(declared);
  }

  private long declarations() {
    return http.get("/overview").ok().at("/churn_rates/queue_declared").longValue();
  }

  @Test
  void checkOfADeclarationTellsWhatPoliciesSetTooAndWhatIsInForce() throws Exception {
    String queue = name("hq");
    String policy = "/policies/%2F/" + queue;
    String operator = "/operator-policies/%2F/" + queue;
    Map<String, Object> limits =
        Map.of("max-length", 500, "expires", 60_000, "overflow", "drop-head");
    http.put(policy, Map.of("pattern", queue, "definition", limits)).isEmpty(201);
    http.put(operator, Map.of("pattern", queue, "definition", Map.of("max-length", 100)))
        .isEmpty(201);
    Map<String, Object> arguments =
        Map.of("x-max-length", 1000, "x-expires", 9000, "x-overflow", "reject-publish");
    assertThat(overrides(queue, arguments))
        .containsExactlyInAnyOrder(
            "x-max-length " + queue + " true 100 100",
            "x-expires " + queue + " false 60000 9000",
            "x-overflow " + queue + " false drop-head reject-publish");
    assertThat(overrides(queue, Map.of("x-overflow", "reject-publish", "x-queue-type", "quorum")))
        .containsExactly("x-overflow " + queue + " false drop-head drop-head");
    assertThat(overrides(name("hq"), arguments)).isEmpty();
    http.delete(policy).isEmpty(204);
    http.delete(operator).isEmpty(204);
  }

  @Test
  void checkOfADeclarationHeedsTheDefaultTypeOfTheVirtualHost() throws Exception {
    String vhost = name("hv");
    String queue = name("hq");
    http.put("/vhosts/" + vhost, Map.of("default_queue_type", "quorum")).isEmpty(201);
    try {
      Map<String, Object> ofPolicy = Map.of("overflow", "drop-head");
      http.put("/policies/" + vhost + "/p", Map.of("pattern", ".*", "definition", ofPolicy))
          .isEmpty(201);
      Map<String, Object> asked = new HashMap<>();
      asked.put("kind", "queue");
      asked.put("vhost", vhost);
      asked.put("name", queue);
      asked.put("durable", true);
      asked.put("arguments", Map.of("x-overflow", "reject-publish"));
      JsonNode checked = http.post("/dev/declare/check", asked).ok();
      assertThat(checked.get("type").textValue()).isEqualTo("quorum");
      assertThat(checked.at("/policies/0/in_force").textValue()).isEqualTo("drop-head");
      asked.put("durable", false);
      checked = http.post("/dev/declare/check", asked).ok();
      assertThat(checked.get("type").textValue()).isEqualTo("classic");
      assertThat(checked.at("/policies/0/in_force").textValue()).isEqualTo("reject-publish");
    } finally {
      http.delete("/vhosts/" + vhost).isEmpty(204);
    }
  }

  private List<String> overrides(String queue, Map<String, Object> arguments) throws Exception {
    Map<String, Object> asked = Map.of("kind", "queue", "name", queue, "arguments", arguments);
    List<String> told = new ArrayList<>();
    for (JsonNode one : http.post("/dev/declare/check", asked).ok().get("policies")) {
      List<String> parts = new ArrayList<>();
      one.forEach(part -> parts.add(part.asText()));
      told.add(String.join(" ", parts));
    }
    return told;
  }

  @Test
  void lostMessagesAreCountedAtTheirExchange() throws Exception {
    String exchange = putExchange("fanout");
    channel.basicPublish(exchange, "", null, bytes("lost"));
    channel.basicPublish(exchange, "", true, new AMQP.BasicProperties(), bytes("back"));
    eventually(
        exchangePath(exchange),
        found -> {
          assertThat(found.at("/message_stats/drop_unroutable").intValue()).isEqualTo(1);
          assertThat(found.at("/message_stats/return_unroutable").intValue()).isEqualTo(1);
        });
  }

  @Test
  void topologyHasPublishersAndAllThatTheyReach() throws Exception {
    String exchange = putExchange("fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    channel.basicPublish(exchange, "", null, bytes("x"));
    assertThat(ready(queue)).isEqualTo(1);
    JsonNode all = http.read("/dev/topology?vhost=%2F");
    assertThat(HttpAnswer.column(all.get("exchanges"), "name")).contains(exchange);
    assertThat(HttpAnswer.column(all.get("queues"), "name")).contains(queue);
    assertThat(HttpAnswer.column(all.get("bindings"), "source")).contains(exchange);
    assertThat(HttpAnswer.column(all.get("publishers"), "exchange")).contains(exchange);
    assertThat(all.get("flows").isArray()).isTrue();
    JsonNode some = http.read("/dev/topology?vhost=%2F&parts=bindings,publishers");
    assertThat(some.fieldNames()).toIterable().containsExactly("bindings", "publishers");
    assertThat(some.get("bindings")).isEqualTo(all.get("bindings"));
    http.get("/dev/topology?vhost=%2F&parts=bindings,rates")
        .isBadRequest(
            "parts are exchanges, queues, bindings, consumers, publishers, flows, passed, not"
                + " rates");
  }

  @Test
  void topologyTellsWhatPassedAlsoWhereItRests() throws Exception {
    String exchange = putExchange("fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    channel.basicPublish(exchange, "", null, bytes("x"));
    channel.basicPublish(exchange, "", null, bytes("x"));
    assertThat(ready(queue)).isEqualTo(2);
    assertThat(http.read("/dev/topology?vhost=%2F").has("passed")).as("unless asked").isFalse();
    JsonNode passed = http.read("/dev/topology?vhost=%2F&parts=passed");
    assertThat(passed.fieldNames()).toIterable().containsExactly("passed");
    JsonNode own = only(passed.get("passed"), "queue", queue);
    assertThat(own.get("exchange").textValue()).isEqualTo(exchange);
    assertThat(own.get("vhost").textValue()).isEqualTo("/");
    assertThat(own.get("publish").intValue()).isEqualTo(2);
    assertThat(own.get("rate").isNumber()).isTrue();
  }

  @Test
  void topologyShowsPublishersOfOthersOnlyToWhoMonitors() throws Exception {
    String exchange = putExchange("fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    channel.basicPublish(exchange, "", null, bytes("x"));
    assertThat(ready(queue)).isEqualTo(1);
    String plain = newUser("management");
    permit(plain, "/", ".*", ".*", ".*");
    String watcher = newUser("monitoring");
    permit(watcher, "/", ".*", ".*", ".*");
    String path = "/dev/topology?vhost=%2F";
    assertThat(ManagementClient.as(plain, "p").read(path).get("publishers")).isEmpty();
    JsonNode seen = ManagementClient.as(watcher, "p").read(path).get("publishers");
    assertThat(HttpAnswer.column(seen, "exchange")).contains(exchange);
  }

  @Test
  void topologyIsOfVirtualHostsThatTheUserMayAccess() throws Exception {
    String exchange = putExchange("fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    channel.basicPublish(exchange, "", null, bytes("x"));
    assertThat(ready(queue)).isEqualTo(1);
    String stranger = newUser("monitoring");
    ManagementClient strange = ManagementClient.as(stranger, "p");
    for (String parts : new String[] {"", "&parts=passed", "&parts=publishers,flows"}) {
      strange.get("/dev/topology?vhost=%2F" + parts).hasStatus(401);
      http.get("/dev/topology?vhost=none" + parts).isNotFound();
    }
    assertThat(HttpAnswer.column(http.read("/dev/topology").get("publishers"), "exchange"))
        .contains(exchange);
    JsonNode none = strange.read("/dev/topology");
    assertThat(none.get("publishers")).isEmpty();
    assertThat(none.get("flows")).isEmpty();
  }

  @Test
  void headOfALiveViewEndsAtOnce() {
    HttpAnswer head = http.send("HEAD", "/dev/live?view=overview", null).isEmpty(200);
    assertThat(head.header("content-type")).isEqualTo("text/event-stream");
  }

  @Test
  void liveViewTellsOfEachChange() throws Exception {
    String queue = newQueue();
    String credentials =
        Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
    HttpRequest watch =
        HttpRequest.newBuilder(
                URI.create(
                    BrokerUnderTest.managementUri()
                        + "/api/dev/live?view=queue&vhost=%2F&columns=messages_ready&name="
                        + queue))
            .header("authorization", "Basic " + credentials)
            .build();
    HttpResponse<InputStream> stream =
        HttpClient.newHttpClient().send(watch, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      assertThat(nextData(lines)).isEqualTo("{\"messages_ready\":0}");
      fill(queue, "a");
      assertThat(nextData(lines)).isEqualTo("{\"messages_ready\":1}");
      channel.queueDelete(queue);
      assertThat(nextData(lines)).isEqualTo("{\"status\":404,\"reason\":\"Not Found\"}");
      assertThat(lines.lines().toList()).allMatch(String::isEmpty);
    }
  }

  private static String nextData(BufferedReader lines) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return line.substring("data: ".length());
      }
    }
    return "the stream has ended";
  }
}
