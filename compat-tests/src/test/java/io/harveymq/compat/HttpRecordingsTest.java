package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that are recorded and published again by Harvey's own part of the API. */
class HttpRecordingsTest extends RecordingHttpTest {
  private static final Map<String, Object> ALL =
      Map.of("configure", ".*", "write", ".*", "read", ".*");

  // ---- there and back

  private static Map<String, Object> everyHeader() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("text", "Grüße");
    headers.put("flag", true);
    headers.put("byte", (byte) -7);
    headers.put("short", (short) -300);
    headers.put("int", 70_000);
    headers.put("long", 1L << 40);
    headers.put("float", 0.1f);
    headers.put("double", 2.0);
    headers.put("not a number", Double.NaN);
    headers.put("decimal", new BigDecimal("12.50"));
    headers.put("time", new Date(1_700_000_000_000L));
    headers.put("bytes", "text".getBytes(StandardCharsets.UTF_8));
    headers.put("nothing", null);
    headers.put("list", Arrays.asList(1, 2L, "three", null, Map.of("deep", (short) 4)));
    headers.put("table", Map.of("n", 5, "plain", "x"));
    return headers;
  }

  private static AMQP.BasicProperties everyProperty(Map<String, Object> headers) {
    return new AMQP.BasicProperties.Builder()
        .contentType("application/json")
        .contentEncoding("gzip")
        .headers(headers)
        .deliveryMode(2)
        .priority(7)
        .correlationId("c1")
        .replyTo("replies")
        .expiration("60000")
        .messageId("m1")
        .timestamp(new Date(1_700_000_001_000L))
        .type("order")
        .userId("guest")
        .appId("app")
        .clusterId("cluster")
        .build();
  }

  private void publishAllKinds() throws Exception {
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    channel.basicPublish("shop", "order.new", true, everyProperty(everyHeader()), everyByte);
    Map<String, Object> binary = Map.of("raw", new byte[] {(byte) 0xff, 0, (byte) 0x80});
    channel.basicPublish(
        "shop",
        "order.raw",
        new AMQP.BasicProperties.Builder().headers(binary).build(),
        "{\"é\":\"\\u0000\"}".getBytes(StandardCharsets.UTF_8));
    channel.basicPublish("", "q", null, new byte[0]);
    Map<String, Object> copies = Map.of("BCC", List.of("q"));
    channel.basicPublish(
        "", "nowhere", new AMQP.BasicProperties.Builder().headers(copies).build(), new byte[] {9});
    channel.waitForConfirmsOrDie(10_000);
  }

  private static List<GetResponse> got(Channel from) throws Exception {
    List<GetResponse> all = new ArrayList<>();
    for (GetResponse one = from.basicGet("q", true); one != null; one = from.basicGet("q", true)) {
      all.add(one);
    }
    return all;
  }

  @Test
  void whatIsDownloadedIsReplayedElsewhereByteForByteAndTypeForType() throws Exception {
    long id = begin(Map.of());
    publishAllKinds();
    http.post(RECORDINGS + "/" + id + "/stop", null).ok();
    List<GetResponse> before = got(channel);
    assertThat(before).hasSize(4);
    String file = file(id);
    try (PageBroker other = PageBroker.start();
        Connection client = other.connect("elsewhere")) {
      ManagementClient there = ManagementClient.at(other.uri(), "guest", "guest");
      Channel taker = client.createChannel();
      taker.queueDeclare("q", false, false, false, null);
      taker.exchangeDeclare("shop", "topic");
      taker.queueBind("q", "shop", "order.*");
      long again = there.post(RECORDINGS, Map.of()).ok().get("id").longValue();
      JsonNode over = there.post(REPLAYS + "?speed=max&wait=20000", file).ok();
      assertThat(over.get("state").textValue()).isEqualTo("done");
      assertThat(over.get("published").intValue()).isEqualTo(4);
      assertThat(over.get("unroutable").intValue()).isZero();
      assertThat(over.has("first_error")).isFalse();
      List<GetResponse> after = got(taker);
      assertThat(after).hasSize(4);
      for (int i = 0; i < 4; i++) {
        assertThat(after.get(i).getBody()).isEqualTo(before.get(i).getBody());
        assertThat(after.get(i).getEnvelope().getExchange())
            .isEqualTo(before.get(i).getEnvelope().getExchange());
        assertThat(after.get(i).getEnvelope().getRoutingKey())
            .isEqualTo(before.get(i).getEnvelope().getRoutingKey());
        assertThat(headers(after.get(i))).isEqualTo(headers(before.get(i)));
      }
      assertThat(after.get(0).getProps().toString())
          .startsWith("#contentHeader<basic>(content-type=application/json");
      assertThat(withoutHeaders(after.get(0))).isEqualTo(withoutHeaders(before.get(0)));
      JsonNode copy = there.read(RECORDINGS + "/" + again + "/file").get("messages");
      assertThat(publishedParts(copy))
          .isEqualTo(publishedParts(HttpAnswer.parse(file).get("messages")));
      assertThat(copy.at("/0/mandatory").booleanValue()).isTrue();
    }
  }

  /** With their classes; arrays by their contents. */
  private static String headers(GetResponse of) {
    Map<String, Object> headers = of.getProps().getHeaders();
    return headers == null ? null : shown(headers);
  }

  private static String shown(Object value) {
    if (value instanceof Map<?, ?> map) {
      StringBuilder all = new StringBuilder();
      map.forEach((key, one) -> all.append(key).append('=').append(shown(one)).append(' '));
      return "{" + all + "}";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(HttpRecordingsTest::shown).toList().toString();
    }
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    return value == null ? "nothing" : value.getClass().getSimpleName() + " " + value;
  }

  private static AMQP.BasicProperties withoutHeaders(GetResponse of) {
    return of.getProps().builder().headers(null).build();
  }

  /** What a file says of each message but when and by whom it was published. */
  private static List<JsonNode> publishedParts(JsonNode messages) {
    List<JsonNode> parts = new ArrayList<>();
    for (JsonNode one : messages) {
      ObjectNode part = one.deepCopy();
      parts.add(part.without(List.of("at_ms", "connection", "client")));
    }
    return parts;
  }

  @Test
  void fileSaysWhatRabbitMqsJsonDoesNot() throws Exception {
    long id = begin(Map.of("exchange", "shop"));
    publishAllKinds();
    HttpAnswer answer = http.get(RECORDINGS + "/" + id + "/file");
    assertThat(answer.header("content-disposition"))
        .isEqualTo("attachment; filename=\"recording-1.json\"");
    JsonNode file = answer.ok();
    assertThat(file.get("format").textValue()).isEqualTo("harvey-recording");
    assertThat(file.get("version").intValue()).isEqualTo(1);
    assertThat(file.get("exchange").textValue()).isEqualTo("shop");
    JsonNode message = file.at("/messages/0");
    assertThat(message.get("payload_encoding").textValue()).isEqualTo("base64");
    assertThat(message.get("queues")).hasToString("[\"q\"]");
    assertThat(message.get("user").textValue()).isEqualTo("guest");
    assertThat(message.get("client").textValue()).isEqualTo("orders-api");
    assertThat(message.at("/properties/headers/int").intValue()).isEqualTo(70_000);
    assertThat(message.get("header_types"))
        .isEqualTo(
            HttpAnswer.parse(
                "{\"byte\":\"byte\",\"short\":\"short\",\"int\":\"signedint\",\"float\":\"float\","
                    + "\"not a number\":\"double\",\"decimal\":\"decimal(2)\",\"time\":\"timestamp\","
                    + "\"nothing\":\"void\",\"bytes\":\"binary\",\"list\":[\"signedint\",null,null,\"void\","
                    + "{\"deep\":\"short\"}],\"table\":{\"n\":\"signedint\"}}"));
    assertThat(message.has("properties_base64")).isFalse();
    assertThat(file.at("/messages/1/header_types/raw").textValue()).isEqualTo("binary-base64");
    assertThat(answer.body().lines()).anyMatch(line -> line.startsWith("{\"at_ms\":0,\"payload"));
  }

  // ---- recording

  @Test
  void recordingIsCountedWhileItRunsAndKeptUntilItIsDeleted() throws Exception {
    JsonNode begun =
        http.post(RECORDINGS, Map.of("queue", "q", "max_messages", 5, "for_ms", 60_000)).ok();
    assertThat(begun)
        .isEqualTo(
            HttpAnswer.parse(
                "{\"id\":1,\"vhost\":\"/\",\"queue\":\"q\",\"user\":\"guest\",\"on\":true,"
                    + "\"messages\":0,\"bytes\":0,\"began\":"
                    + clock.millis()
                    + ",\"length_ms\":0,\"left_ms\":60000,\"max_messages\":5}"));
    publish("shop", "order.new", "1");
    publish("shop", "return.new", "elsewhere");
    advance(2_000);
    publish("", "q", "2");
    assertThat(one(1).get("messages").intValue()).isEqualTo(2);
    assertThat(one(1).get("left_ms").intValue()).isEqualTo(58_000);
    JsonNode over = http.post(RECORDINGS + "/1/stop", null).ok();
    assertThat(over.get("on").booleanValue()).isFalse();
    assertThat(over.get("ended_by").textValue()).isEqualTo("asked");
    assertThat(over.get("length_ms").intValue()).isEqualTo(2_000);
    JsonNode page = http.read(RECORDINGS + "/1/messages?offset=1&limit=1");
    assertThat(page.get("total").intValue()).isEqualTo(2);
    assertThat(page.at("/items/0/payload").textValue()).isEqualTo("2");
    assertThat(page.at("/items/0/at_ms").intValue()).isEqualTo(2_000);
    assertThat(HttpAnswer.column(http.read("/dev/recordings"), "id")).containsExactly("1");
    http.delete(RECORDINGS + "/1").isEmpty(204);
    http.delete(RECORDINGS + "/1").isNotFound();
    http.get(RECORDINGS + "/1").isNotFound();
    http.get(RECORDINGS + "/1/file").isNotFound();
    http.get(RECORDINGS + "/one").isNotFound();
    http.post(RECORDINGS + "/1/stop", null).isNotFound();
  }

  @Test
  void limitsEndItAndSayWhich() throws Exception {
    long few = begin(Map.of("max_messages", 1));
    long small = begin(Map.of("max_bytes", 2_000));
    long brief = begin(Map.of("for_ms", 1_000));
    publish("", "q", "1");
    publish("", "q", "2".repeat(3_000));
    advance(1_000);
    publish("", "q", "3");
    assertThat(one(few).get("ended_by").textValue()).isEqualTo("messages");
    assertThat(one(small).get("ended_by").textValue()).isEqualTo("bytes");
    assertThat(one(brief).get("ended_by").textValue()).isEqualTo("time");
    assertThat(one(few).get("messages").intValue()).isEqualTo(1);
    assertThat(one(small).get("messages").intValue()).isEqualTo(1);
    assertThat(one(brief).get("messages").intValue()).isEqualTo(2);
  }

  @Test
  void whatCanNotBeRecordedIsRefusedInASentence() {
    http.post(RECORDINGS, Map.of("exchange", "x", "queue", "q"))
        .isBadRequest("give exchange or queue, or neither for all that is published");
    http.post(RECORDINGS, Map.of("que", "q"))
        .isBadRequest(
            "a recording has no que; it has exchange, queue, max_messages, max_bytes, for_ms");
    http.post(RECORDINGS, Map.of("max_messages", 200_000))
        .isBadRequest("max_messages has to be from 1 to 100000");
    http.post(RECORDINGS, Map.of("for_ms", "long")).isBadRequest("for_ms has to be a whole number");
    http.post("/dev/recordings/missing", Map.of()).isError(404, "not_found", "vhost_not_found");
    for (int i = 0; i < 32; i++) {
      begin(Map.of());
    }
    http.post(RECORDINGS, Map.of()).isBadRequest("vhost '/' has 32 recordings; delete one before");
  }

  @Test
  void recordingsGoWithTheirVirtualHost() {
    http.put("/vhosts/other", Map.of());
    http.post("/dev/recordings/other", Map.of()).ok();
    begin(Map.of());
    assertThat(HttpAnswer.column(http.read("/dev/recordings"), "vhost"))
        .containsExactly("/", "other");
    http.delete("/vhosts/other").isEmpty(204);
    assertThat(HttpAnswer.column(http.read("/dev/recordings"), "vhost")).containsExactly("/");
    http.put("/vhosts/other", Map.of());
    assertThat(http.read("/dev/recordings/other")).isEmpty();
  }

  // ---- who may

  private ManagementClient user(String name, String tags, String write, String read) {
    http.put("/users/" + name, Map.of("password", "p", "tags", tags));
    http.put("/permissions/%2F/" + name, Map.of("configure", "", "write", write, "read", read));
    return as(name, "p");
  }

  @Test
  void whoMayNotReadDoesNotRecordAndSeesNothing() throws Exception {
    ManagementClient plain = user("plain", "management", ".*", "^shop$");
    plain
        .post(RECORDINGS, Map.of())
        .isError(
            401,
            "not_authorised",
            "to record a whole virtual host needs the tag policymaker; give exchange or queue");
    plain.post(RECORDINGS, Map.of("queue", "q")).hasStatus(401);
    plain.post(RECORDINGS, Map.of("exchange", "amq.topic")).hasStatus(401);
    long own = plain.post(RECORDINGS, Map.of("exchange", "shop")).ok().get("id").longValue();
    long all = begin(Map.of());
    long queue = begin(Map.of("queue", "q"));
    publish("shop", "order.new", "seen");
    publish("", "q", "not for everybody");
    assertThat(plain.read(RECORDINGS + "/" + own + "/messages").get("items")).hasSize(1);
    plain.get(RECORDINGS + "/" + queue + "/messages").hasStatus(401);
    plain.get(RECORDINGS + "/" + queue + "/file").hasStatus(401);
    JsonNode part = plain.read(RECORDINGS + "/" + all + "/messages");
    assertThat(HttpAnswer.column(part.get("items"), "payload")).containsExactly("seen");
    assertThat(part.get("hidden").intValue()).isEqualTo(1);
    JsonNode file = plain.read(RECORDINGS + "/" + all + "/file");
    assertThat(HttpAnswer.column(file.get("messages"), "payload")).containsExactly("seen");
    assertThat(file.get("hidden").intValue()).isEqualTo(1);
    plain.delete(RECORDINGS + "/" + all).hasStatus(401);
    plain.post(RECORDINGS + "/" + all + "/stop", null).hasStatus(401);
    plain.delete(RECORDINGS + "/" + own).isEmpty(204);
    user("maker", "policymaker", "", "").post(RECORDINGS, Map.of()).ok();
    http.put("/users/stranger", Map.of("password", "p", "tags", "management"));
    assertThat(as("stranger", "p").read("/dev/recordings")).isEmpty();
    as("stranger", "p").get(RECORDINGS).hasStatus(401);
  }

  @Test
  void replayHasTheRightsOfWhoAsksForIt() throws Exception {
    long id = begin(Map.of());
    publish("shop", "order.new", "1");
    publish("", "q", "2");
    ManagementClient reader = user("reader", "management", "^shop$", ".*");
    HttpAnswer refused = reader.post(REPLAYS + "?recording=" + id + "&speed=max", null);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.json().get("reason").textValue())
        .isEqualTo("write access to exchange 'amq.default' in vhost '/' refused for user 'reader'");
    ManagementClient hidden = user("hidden", "management", ".*", "^shop$");
    JsonNode over = hidden.post(REPLAYS + "?recording=" + id + "&speed=max&wait=20000", null).ok();
    assertThat(over.get("published").intValue()).as("only what it sees").isEqualTo(1);
    assertThat(over.get("user").textValue()).isEqualTo("hidden");
    reader.delete(REPLAYS + "/" + over.get("id")).hasStatus(401);
    assertThat(ready()).isEqualTo(3);
    http.put("/vhosts/other", Map.of());
    reader.post("/dev/replays/other?recording=" + id, null).hasStatus(401);
    http.put("/permissions/other/reader", ALL);
    reader
        .post("/dev/replays/other?recording=" + id + "&from=%2F&speed=max", null)
        .isError(
            404,
            "not_found",
            "no exchange 'shop' in vhost 'other', which message 0 was published to: declare it, or"
                + " name another exchange for the replay");
  }

  @Test
  void replayTellsWhatIsHiddenAndCountsPlacesInTheRecording() throws Exception {
    long id = begin(Map.of());
    publish("", "q", "hidden");
    publish("shop", "order.new", "seen");
    publish("", "q", "hidden, too");
    channel.basicPublish(
        "shop",
        "order.new",
        new AMQP.BasicProperties.Builder().userId("guest").build(),
        new byte[0]);
    channel.waitForConfirmsOrDie(10_000);
    ManagementClient half = user("half", "management", ".*", "^shop$");
    String ask = REPLAYS + "?speed=max&wait=20000&recording=" + id;
    JsonNode over = half.post(ask, null).ok();
    assertThat(over.get("published").intValue()).isEqualTo(1);
    assertThat(over.get("refused").intValue()).isEqualTo(1);
    assertThat(over.path("hidden").intValue()).isEqualTo(2);
    assertThat(over.at("/first_error/message").intValue()).isEqualTo(3);
    assertThat(http.read(REPLAYS + "/" + over.get("id")).get("hidden").intValue()).isEqualTo(2);
    http.put("/vhosts/other", Map.of());
    http.put("/permissions/other/half", ALL);
    half.post("/dev/replays/other?from=%2F&recording=" + id, null)
        .isError(
            404,
            "not_found",
            "no exchange 'shop' in vhost 'other', which message 1 was published to: declare it, or"
                + " name another exchange for the replay");
    assertThat(http.post(ask, null).ok().has("hidden")).isFalse();
  }

  @Test
  void whatWasForAnExclusiveQueueStaysItsUsersWhenTheQueueIsGone() throws Exception {
    ManagementClient bob = user("bob", "policymaker", ".*", ".*");
    long ofQueue = bob.post(RECORDINGS, Map.of("queue", "own")).ok().get("id").longValue();
    long ofAll = bob.post(RECORDINGS, Map.of()).ok().get("id").longValue();
    channel.queueDeclare("own", false, true, false, null);
    publish("", "own", "secret");
    channel.queueDelete("own");
    publish("", "q", "not secret");
    for (long id : new long[] {ofQueue, ofAll}) {
      JsonNode seen = bob.read(RECORDINGS + "/" + id + "/messages");
      assertThat(HttpAnswer.column(seen.get("items"), "payload")).doesNotContain("secret");
      assertThat(seen.get("hidden").intValue()).isEqualTo(1);
      assertThat(bob.get(RECORDINGS + "/" + id + "/file").body()).doesNotContain("\"secret");
      JsonNode own = http.read(RECORDINGS + "/" + id + "/messages");
      assertThat(HttpAnswer.column(own.get("items"), "payload")).contains("secret");
    }
  }

  @Test
  void topicPermissionsHoldForWhatWasRecordedAfterTheExchangeHasBecomeAnother() throws Exception {
    long id = begin(Map.of("exchange", "shop"));
    publish("shop", "a.1", "allowed");
    publish("shop", "b.1", "not allowed");
    ManagementClient tom = user("tom", "management", ".*", ".*");
    http.put("/topic-permissions/%2F/tom", Map.of("exchange", "shop", "write", ".*", "read", "^a"));
    channel.exchangeDelete("shop");
    channel.exchangeDeclare("shop", "fanout");
    JsonNode seen = tom.read(RECORDINGS + "/" + id + "/messages");
    assertThat(HttpAnswer.column(seen.get("items"), "payload")).containsExactly("allowed");
    assertThat(seen.get("hidden").intValue()).isEqualTo(1);
  }

  @Test
  void largeFileIsSentInParts() throws Exception {
    long id = begin(Map.of());
    String body = "x".repeat(300_000);
    for (int i = 0; i < 5; i++) {
      publish("", "q", i + body);
    }
    HttpAnswer answer = http.get(RECORDINGS + "/" + id + "/file");
    assertThat(answer.header("content-length")).as("not made at once").isNull();
    assertThat(HttpAnswer.column(answer.ok().get("messages"), "payload"))
        .hasSize(5)
        .startsWith("0" + body)
        .endsWith("4" + body);
    assertThat(HttpAnswer.parse(file(begin(Map.of()))).get("messages")).isEmpty();
  }
}
