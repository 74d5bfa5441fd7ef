package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searching, watching and awaiting messages, in Harvey's own part of the API. */
class HttpMessagesTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  // ---- types of headers

  @Test
  void typesOfHeadersAreToldAndTaken() throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    channel.basicPublish(
        "", queue, properties().headers(Map.of("int", 7, "word", "x")).build(), bytes("m"));
    channel.waitForConfirmsOrDie(10_000);
    String messages = "/dev/queues/%2F/" + queue + "/messages";
    assertThat(http.read(messages).at("/items/0").has("header_types")).isFalse();
    JsonNode typed = http.read(messages + "?types=true").at("/items/0/header_types");
    assertThat(typed).hasToString("{\"int\":\"signedint\"}");
    Map<String, Object> copy =
        Map.of(
            "routing_key",
            queue,
            "properties",
            Map.of("headers", Map.of("int", 300)),
            "header_types",
            Map.of("int", "short"),
            "payload",
            "copy",
            "payload_encoding",
            "string");
    String publish = "/exchanges/%2F/amq.default/publish";
    http.post("/dev" + publish, copy).ok();
    http.post(publish, copy).ok();
    channel.basicGet(queue, true);
    assertThat(channel.basicGet(queue, true).getProps().getHeaders())
        .containsEntry("int", (short) 300);
    assertThat(channel.basicGet(queue, true).getProps().getHeaders()).containsEntry("int", 300L);
    HttpAnswer unfit =
        http.post("/dev" + publish, with(copy, "header_types", Map.of("int", "byte")));
    assertThat(unfit.hasStatus(400).body()).contains("headers.int does not fit its type byte");
  }

  @Test
  void headersThatAreNoTextAreTheSameInACopy() throws Exception {
    String queue = newQueue();
    byte[] raw = {(byte) 0xff, (byte) 0xfe, 0, 1, (byte) 0x80};
    LongString text = LongStringHelper.asLongString(raw);
    Map<String, Object> headers = new TreeMap<>(Map.of("b", raw, "t", text, "w", "\u00e4"));
    headers.put("in", Map.of("b", raw));
    headers.put("list", List.of("a", text));
    headers.put("none", null);
    channel.confirmSelect();
    channel.basicPublish("", queue, properties().headers(headers).build(), bytes("m"));
    channel.waitForConfirmsOrDie(10_000);
    String messages = "/dev/queues/%2F/" + queue + "/messages";
    assertThat(http.read(messages).at("/items/0/properties/headers/b").textValue())
        .as("as in RabbitMQ")
        .contains("\ufffd");
    JsonNode item = http.read(messages + "?types=true").at("/items/0");
    assertJson(
        item.get("header_types"),
        Map.of(
            "b",
            "binary-base64",
            "t",
            "longstr-base64",
            "none",
            "void",
            "in",
            Map.of("b", "binary-base64"),
            "list",
            Arrays.asList(null, "longstr-base64")));
    http.post("/dev/exchanges/%2F/amq.default/publish", item).ok();
    Map<String, Object> sent = channel.basicGet(queue, true).getProps().getHeaders();
    assertThat((byte[]) sent.get("b")).isEqualTo(raw);
    assertThat(channel.basicGet(queue, true).getProps().getHeaders())
        .usingRecursiveComparison()
        .isEqualTo(sent);
    ObjectNode broken = item.deepCopy();
    ((ObjectNode) broken.at("/properties/headers")).put("b", "no base!");
    assertThat(http.post("/dev/exchanges/%2F/amq.default/publish", broken).hasStatus(400).body())
        .contains("headers.b does not fit its type binary-base64");
  }

  @Test
  void withoutTypesPublishIsAsRabbitMqs() throws Exception {
    String queue = newQueue();
    for (String publish : List.of("", "/dev")) {
      String path = publish + "/exchanges/%2F/amq.default/publish";
      http.post(path, ofHeaders(queue, List.of())).ok();
      assertThat(channel.basicGet(queue, true).getProps().getHeaders()).isEmpty();
      http.post(path, ofHeaders(queue, Collections.singletonMap("x", null)))
          .isBadRequest("null_not_allowed");
      http.post(path, ofHeaders(queue, "x")).isBadRequest("headers has to be an object");
    }
    Map<String, Object> typed = with(ofHeaders(queue, List.of()), "header_types", EMPTY);
    http.post("/dev/exchanges/%2F/amq.default/publish", typed).ok();
    assertThat(channel.basicGet(queue, true).getProps().getHeaders()).isEmpty();
  }

  private static Map<String, Object> ofHeaders(String queue, Object headers) {
    return Map.of(
        "routing_key",
        queue,
        "properties",
        Map.of("headers", headers),
        "payload",
        "p",
        "payload_encoding",
        "string");
  }

  // ---- search

  private static String search(String query) {
    return "/dev/messages/%2F?" + query;
  }

  @Test
  void messagesAreFoundByWhatTheyAreInAllQueues() throws Exception {
    String exchange = putExchange("topic");
    String one = newQueue();
    String two = newQueue();
    channel.queueBind(one, exchange, "order.#");
    channel.queueBind(two, exchange, "order.*.paid");
    channel.confirmSelect();
    channel.basicPublish(
        exchange,
        "order.eu.paid",
        properties().headers(Map.of("tenant", "acme")).build(),
        bytes("{\"id\": 1}"));
    channel.basicPublish(exchange, "order.eu.new", null, bytes("{\"id\": 2}"));
    channel.waitForConfirmsOrDie(10_000);
    String of = "exchange=" + exchange;
    assertThat(http.read(search(of)).get("items")).hasSize(3);
    assertThat(HttpAnswer.column(http.read(search(of + "&routing_key=NEW")).get("items"), "queue"))
        .containsExactly(one);
    assertThat(http.read(search(of + "&header=tenant%3Dac")).get("items")).hasSize(2);
    assertThat(http.read(search(of + "&header=tenant%3Dother")).get("items")).isEmpty();
    assertThat(http.read(search(of + "&header=tenant&queue=" + two)).get("items")).hasSize(1);
    JsonNode found = http.read(search(of + "&body=%22id%22:%202"));
    assertThat(HttpAnswer.column(found.get("items"), "payload")).containsExactly("{\"id\": 2}");
    assertThat(found.get("complete").booleanValue()).isTrue();
    assertThat(http.read(search(of + "&limit=1")).get("complete").booleanValue()).isFalse();
  }

  @Test
  void searchLeavesOutWhatTheUserMayNotRead() throws Exception {
    String queue = newQueue();
    fill(queue, "secret");
    String user = newUser("management");
    permit(user, "/", ".*", ".*", "other");
    JsonNode found = ManagementClient.as(user, "p").read(search("queue=" + queue));
    assertThat(found.get("items")).isEmpty();
    assertThat(http.read(search("queue=" + queue)).get("items")).hasSize(1);
  }

  @Test
  void searchOverThousandsOfQueuesThatMayNotBeReadIsAnswered() throws Exception {
    String queue = newQueue();
    fill(queue, "mine");
    String vhost = newVhost();
    String user = newUser("management");
    permit("guest", vhost, ".*", ".*", ".*");
    permit(user, vhost, "", "", "^last$");
    List<Map<String, Object>> queues = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      queues.add(
          Map.of("name", "q" + i, "durable", false, "auto_delete", false, "arguments", EMPTY));
    }
    queues.add(Map.of("name", "last", "durable", false, "auto_delete", false, "arguments", EMPTY));
    http.post("/definitions/" + vhost, Map.of("queues", queues)).isEmpty(204);
    ConnectionFactory factory = factory();
    factory.setVirtualHost(vhost);
    try (Connection own = factory.newConnection();
        Channel to = own.createChannel()) {
      to.confirmSelect();
      for (Map<String, Object> one : queues) {
        to.basicPublish("", one.get("name").toString(), null, bytes("x"));
      }
      to.waitForConfirmsOrDie(30_000);
    }
    JsonNode found = ManagementClient.as(user, "p").read("/dev/messages/" + vhost);
    assertThat(HttpAnswer.column(found.get("items"), "queue")).containsExactly("last");
    assertThat(found.get("queues").intValue()).isEqualTo(1);
    assertThat(found.get("searched").intValue()).isEqualTo(1);
    assertThat(found.get("complete").booleanValue()).isTrue();
  }

  // ---- tail

  private static BufferedReader tail(String query) throws Exception {
    return tail("guest:guest", query);
  }

  /** The stream that somebody gets who watches in the default virtual host. */
  static BufferedReader tail(String credentials, String query) throws Exception {
    HttpRequest watch =
        HttpRequest.newBuilder(
                URI.create(BrokerUnderTest.managementUri() + "/api/dev/tail/%2F?" + query))
            .header("authorization", "Basic " + ManagementClient.base64(credentials))
            .build();
    HttpResponse<InputStream> stream =
        HttpClient.newHttpClient().send(watch, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
    return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
  }

  static JsonNode next(BufferedReader lines) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return HttpAnswer.parse(line.substring("data: ".length()));
      }
    }
    throw new AssertionError("the stream has ended");
  }

  @Test
  void tailOfAQueueShowsWhatGoesInAndOut() throws Exception {
    String queue = newQueue();
    try (BufferedReader lines = tail("queue=" + queue)) {
      fill(queue, "a");
      JsonNode in = next(lines);
      assertThat(in.get("event").textValue()).isEqualTo("published");
      assertThat(in.get("payload").textValue()).isEqualTo("a");
      assertThat(in.get("queues")).hasSize(1);
      channel.basicGet(queue, true);
      JsonNode out = next(lines);
      assertThat(out.get("event").textValue()).isEqualTo("delivered");
      assertThat(out.get("redelivered").booleanValue()).isFalse();
    }
  }

  @Test
  void tailOfAnExchangeShowsWhatIsPublishedToItAndNothingElse() throws Exception {
    String exchange = putExchange("direct");
    String other = putExchange("direct");
    try (BufferedReader lines = tail("exchange=" + exchange)) {
      publish(other, "k", "not this");
      publish(exchange, "k", "x".repeat(5_000));
      JsonNode seen = next(lines);
      assertThat(seen.get("payload_bytes").intValue()).isEqualTo(5_000);
      assertThat(seen.get("payload").textValue()).hasSize(4_096);
      assertThat(seen.get("queues")).isEmpty();
      http.post(
              exchangePath(exchange) + "/publish",
              Map.of(
                  "routing_key",
                  "api",
                  "properties",
                  Map.of(),
                  "payload",
                  "p",
                  "payload_encoding",
                  "string"))
          .ok();
      assertThat(next(lines).get("routing_key").textValue()).isEqualTo("api");
    }
  }

  @Test
  void slowTailMissesTheOldestAndIsToldHowMany() throws Exception {
    String exchange = putExchange("fanout");
    try (BufferedReader lines = tail("exchange=" + exchange)) {
      channel.confirmSelect();
      byte[] body = new byte[4_096];
      for (int i = 0; i < 3_000; i++) {
        channel.basicPublish(exchange, "k", null, body);
      }
      channel.waitForConfirmsOrDie(20_000);
      publish(exchange, "last", "end");
      int seen = 0;
      int missed = 0;
      for (JsonNode one = next(lines);
          !one.path("routing_key").asText().equals("last");
          one = next(lines)) {
        missed += one.path("count").asInt();
        seen += one.has("routing_key") ? 1 : 0;
      }
      assertThat(seen + missed).isEqualTo(3_000);
      assertThat(missed).isPositive();
    }
  }

  @Test
  void tailNeedsTheRightToRead() {
    String exchange = putExchange("fanout");
    String user = newUser("management");
    permit(user, "/", ".*", ".*", "other");
    assertThat(ManagementClient.as(user, "p").get("/dev/tail/%2F?exchange=" + exchange).status())
        .isEqualTo(401);
    assertThat(http.get("/dev/tail/%2F?queue=" + name("none")).status()).isEqualTo(404);
    assertThat(http.get("/dev/tail/%2F").status()).isEqualTo(400);
  }

  // ---- wait

  @Test
  void waitAnswersWhenTheQueueIsAsAskedFor() throws Exception {
    String queue = newQueue();
    String path = "/dev/wait/%2F/" + queue;
    assertThat(http.read(path + "?until=empty").get("ready").intValue()).isZero();
    CompletableFuture<JsonNode> two =
        CompletableFuture.supplyAsync(() -> http.read(path + "?until=ready&count=2"));
    fill(queue, "a");
    assertThat(http.get(path + "?until=ready&count=2&timeout=60").status()).isEqualTo(504);
    assertThat(two).isNotDone();
    fill(queue, "b");
    assertThat(two.get(10, TimeUnit.SECONDS).get("ready").intValue()).isEqualTo(2);
    CompletableFuture<JsonNode> empty =
        CompletableFuture.supplyAsync(() -> http.read(path + "?until=empty"));
    long first = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    channel.basicGet(queue, true);
    await().untilAsserted(() -> assertThat(ready(queue)).isZero());
    assertThat(empty).isNotDone();
    channel.basicAck(first, false);
    assertThat(empty.get(10, TimeUnit.SECONDS).get("unacked").intValue()).isZero();
  }

  @Test
  void waitThatTakesTooLongSaysWhatTheQueueIsLike() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    HttpAnswer late = http.get("/dev/wait/%2F/" + queue + "?until=empty&timeout=50");
    assertThat(late.status()).isEqualTo(504);
    assertThat(late.json().get("reason").textValue())
        .matches("Not yet after 0\\.\\d s: 2 ready, 0 unacked, 0 consumers\\.");
    http.get("/dev/wait/%2F/" + name("none") + "?until=empty").isNotFound();
    assertThat(http.get("/dev/wait/%2F/" + queue + "?until=nonsense").status()).isEqualTo(400);
  }

  @Test
  void waitForAQueueThatIsMadeAndForOneThatGoes() throws Exception {
    String queue = name("later");
    CompletableFuture<HttpAnswer> there =
        CompletableFuture.supplyAsync(() -> http.get("/dev/wait/%2F/" + queue + "?until=exists"));
    channel.queueDeclare(queue, false, false, false, null);
    assertThat(there.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
    CompletableFuture<HttpAnswer> gone =
        CompletableFuture.supplyAsync(() -> http.get("/dev/wait/%2F/" + queue + "?until=gone"));
    channel.queueDelete(queue);
    assertThat(gone.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
  }
}
