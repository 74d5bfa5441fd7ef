package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.GetResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code publish} of exchanges and {@code get} of queues. */
class HttpPublishAndGetTest extends HttpTest {
  private static final String PUBLISH = "/exchanges/%2F/amq.default/publish";
  private static final String PROPERTIES =
      """
      {"delivery_mode":2,"priority":3,"headers":{"a":1,"b":"x","c":1.5,"d":true,"e":[1,"y"],
       "f":{"g":"h"}},"content_type":"text/plain","content_encoding":"utf8","correlation_id":"c",
       "reply_to":"r","expiration":"600000","message_id":"m","timestamp":1700000000,"type":"t",
       "user_id":"%s","app_id":"ap","cluster_id":"cl"}
      """;

  private String queue;
  private String get;
  private Map<String, Object> message;

  @BeforeEach
  void declare() {
    queue = putQueue(EMPTY);
    get = queuePath(queue) + "/get";
    message = ManagementClient.message(queue, "hi");
  }

  private static Map<String, Object> take(Object count, String ackmode, String encoding) {
    return Map.of("count", count, "ackmode", ackmode, "encoding", encoding);
  }

  private JsonNode taken(String ackmode) {
    return http.post(get, take(10, ackmode, "auto")).ok();
  }

  private List<String> payloads(String ackmode) {
    return HttpAnswer.column(taken(ackmode), "payload");
  }

  @Test
  void publishTellsWhetherTheMessageWasRouted() throws Exception {
    HttpAnswer routed = http.post(PUBLISH, message);
    assertThat(routed.hasStatus(200).body()).isEqualTo("{\"routed\":true}");
    HttpAnswer lost = http.post(PUBLISH, ManagementClient.message(name("none"), "hi"));
    assertThat(lost.hasStatus(200).body()).isEqualTo("{\"routed\":false}");
    assertThat(drain(queue)).containsExactly("hi");
  }

  @Test
  void publishGoesThroughTheExchange() throws Exception {
    String exchange = putExchange("topic");
    channel.queueBind(queue, exchange, "a.*");
    String path = exchangePath(exchange) + "/publish";
    http.post(path, ManagementClient.message("a.b", "in"));
    http.post(path, ManagementClient.message("b.b", "out"));
    assertThat(drain(queue)).containsExactly("in");
  }

  @Test
  void payloadIsTextOrBase64() throws Exception {
    http.post(PUBLISH, with(message, "payload", "ü€")).hasStatus(200);
    Map<String, Object> encoded = with(message, "payload_encoding", "base64");
    http.post(PUBLISH, with(encoded, "payload", "/wA=")).hasStatus(200);
    assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(bytes("ü€"));
    assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(new byte[] {-1, 0});
    http.post(PUBLISH, with(encoded, "payload", "!!")).isBadRequest(List.of("not_base64", "!!"));
    http.post(PUBLISH, with(encoded, "payload", "/wA")).isBadRequest(List.of("not_base64", "/wA"));
    http.post(PUBLISH, with(message, "payload_encoding", "x"))
        .isBadRequest(List.of("unsupported_encoding", "x"));
    http.post(PUBLISH, with(message, "payload", 1)).isBadRequest("payload_not_string");
  }

  @Test
  void spacesAndLineEndsInBase64DoNotCount() throws Exception {
    Map<String, Object> encoded = with(message, "payload_encoding", "base64");
    for (String payload : List.of("aGVs\nbG8=", " aG Vs\tbG8 =\r\n", "aGVsbG9=")) {
      http.post(PUBLISH, with(encoded, "payload", payload)).hasStatus(200);
      assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(bytes("hello"));
    }
    http.post(PUBLISH, with(encoded, "payload", " \n")).hasStatus(200);
    assertThat(channel.basicGet(queue, true).getBody()).isEmpty();
    for (String payload :
        List.of("aGVs\fbG8=", "aGVs\u00a0bG8=", "aGVs bG8", "aGVsbG8= =", "-_-_")) {
      http.post(PUBLISH, with(encoded, "payload", payload))
          .isBadRequest(List.of("not_base64", payload));
    }
  }

  @Test
  void allPropertiesArePublishedAndShown() throws Exception {
    Object properties = HttpAnswer.parse(PROPERTIES.formatted(BrokerUnderTest.user()));
    http.post(PUBLISH, with(message, "properties", properties)).hasStatus(200);
    JsonNode shown = taken("ack_requeue_true").get(0).get("properties");
    assertJson(shown, properties);
    GetResponse got = channel.basicGet(queue, true);
    assertThat(got.getProps().getDeliveryMode()).isEqualTo(2);
    assertThat(got.getProps().getTimestamp().getTime()).isEqualTo(1_700_000_000_000L);
    assertThat(got.getProps().getHeaders()).containsEntry("d", true).hasSize(6);
  }

  @Test
  void badPropertiesAreRefused() {
    http.post(PUBLISH, with(message, "properties", Map.of("delivery_mode", "2")))
        .isBadRequest(List.of("not_int", "delivery_mode"));
    http.post(PUBLISH, with(message, "properties", Map.of("user_id", "other")))
        .isBadRequest(
            "406 PRECONDITION_FAILED - user_id property set to 'other' but authenticated user was '"
                + BrokerUnderTest.user()
                + "'");
    http.post(PUBLISH, with(message, "properties", Map.of("nonsense", 2))).hasStatus(200);
  }

  /** PHP writes an empty table as a list. */
  @Test
  void emptyListStandsForNoHeaders() {
    http.post(PUBLISH, with(message, "properties", Map.of("headers", List.of()))).hasStatus(200);
    assertJson(taken("ack_requeue_true").get(0).get("properties"), Map.of("headers", EMPTY));
  }

  @Test
  void allKeysOfAMessageHaveToBeThere() {
    for (String key : message.keySet()) {
      http.post(PUBLISH, without(message, key)).misses(key);
    }
    http.post(PUBLISH, EMPTY)
        .isBadRequest(
            "[{key_missing,routing_key},\n {key_missing,properties},\n {key_missing,payload},\n"
                + " {key_missing,payload_encoding}]");
    http.post(PUBLISH, "{").isBadRequest("not_json");
  }

  @Test
  void unknownExchangeIsTold() {
    String none = name("none");
    http.post("/exchanges/%2F/" + none + "/publish", message)
        .isBadRequest("404 NOT_FOUND - no exchange '" + none + "' in vhost '/'");
  }

  @Test
  void missingRightIsTold() throws Exception {
    String user = newUser("management");
    permit(user, "/", "", "^none$", "^none$");
    ManagementClient poor = ManagementClient.as(user, "p");
    boolean named = Target.current().refusalNamesRight();
    String text = "ACCESS_REFUSED - %saccess to %s in vhost '/' refused for user '%s'";
    String write = text.formatted(named ? "write " : "", "exchange 'amq.default'", user);
    poor.post(PUBLISH, message).isBadRequest("403 " + write);
    String read = text.formatted(named ? "read " : "", "queue '" + queue + "'", user);
    poor.post(get, take(1, "ack_requeue_true", "auto")).isError(401, "not_authorised", read);
  }

  @Test
  void administratorWithoutAPermissionIsRefusedWhateverTheVhostHas() {
    String foreign = newVhost();
    ManagementClient other = ManagementClient.as(newUser("administrator"), "p");
    other
        .post("/exchanges/" + foreign + "/amq.default/publish", message)
        .isError(401, "not_authorised", "Access refused.");
  }

  @Test
  void gotMessageHasTheFieldsThatClientsRead() {
    http.post(PUBLISH, message).hasStatus(200);
    http.post(PUBLISH, message).hasStatus(200);
    JsonNode got = http.post(get, take(1, "ack_requeue_true", "auto")).ok();
    assertJson(
        got,
        """
        [{"payload_bytes":2,"redelivered":false,"exchange":"","routing_key":"%s",
          "message_count":1,"properties":[],"payload":"hi","payload_encoding":"string"}]
        """
            .formatted(queue));
  }

  @Test
  void payloadIsBase64IfItIsNoTextOrIfAskedFor() throws Exception {
    channel.basicPublish("", queue, null, new byte[] {-1, 0});
    fill(queue, "text");
    JsonNode got = taken("ack_requeue_true");
    assertThat(HttpAnswer.column(got, "payload")).containsExactly("/wA=", "text");
    assertThat(HttpAnswer.column(got, "payload_encoding")).containsExactly("base64", "string");
    JsonNode encoded = http.post(get, take(9, "ack_requeue_true", "base64")).ok();
    assertThat(HttpAnswer.column(encoded, "payload")).containsExactly("/wA=", "dGV4dA==");
    http.post(get, take(9, "ack_requeue_true", "x"))
        .isBadRequest("Unsupported encoding. Please use auto or base64.");
  }

  @Test
  void truncatedPayloadKeepsItsSize() throws Exception {
    fill(queue, "abcdef");
    Map<String, Object> body = with(take(1, "ack_requeue_true", "auto"), "truncate", 2);
    JsonNode got = http.post(get, body).ok().get(0);
    assertThat(got.get("payload").textValue()).isEqualTo("ab");
    assertThat(got.get("payload_bytes").intValue()).isEqualTo(6);
    http.post(get, with(body, "truncate", "x")).isBadRequest(List.of("not_integer", "x"));
  }

  @Test
  void ackRequeueTrueLeavesTheMessagesInOrder() throws Exception {
    fill(queue, "a", "b", "c");
    assertThat(payloads("ack_requeue_true")).containsExactly("a", "b", "c");
    JsonNode again = taken("ack_requeue_true");
    assertThat(HttpAnswer.column(again, "payload")).containsExactly("a", "b", "c");
    assertThat(HttpAnswer.column(again, "redelivered")).containsOnly("true");
    assertThat(HttpAnswer.column(again, "message_count")).containsExactly("2", "1", "0");
  }

  @Test
  void ackRequeueFalseTakesTheMessages() throws Exception {
    fill(queue, "a", "b", "c");
    assertThat(
            HttpAnswer.column(http.post(get, take(2, "ack_requeue_false", "auto")).ok(), "payload"))
        .containsExactly("a", "b");
    assertThat(drain(queue)).containsExactly("c");
  }

  @Test
  void rejectRequeueTrueLeavesTheMessages() throws Exception {
    fill(queue, "a", "b");
    assertThat(payloads("reject_requeue_true")).containsExactly("a", "b");
    assertThat(drain(queue)).containsExactly("a", "b");
  }

  @Test
  void rejectRequeueFalseDeadLettersTheMessages() throws Exception {
    String dead = newQueue();
    String source = name("hq");
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    http.put(queuePath(source), Map.of("arguments", arguments)).isEmpty(201);
    fill(source, "a");
    http.post(queuePath(source) + "/get", take(1, "reject_requeue_false", "auto")).hasStatus(200);
    eventually(
        queuePath(dead), found -> assertThat(found.path("messages").intValue()).isEqualTo(1));
    assertThat(drain(dead)).containsExactly("a");
  }

  @Test
  void countMayBeTextAndZero() throws Exception {
    fill(queue, "a", "b");
    assertThat(http.post(get, take("1", "ack_requeue_true", "auto")).ok()).hasSize(1);
    assertThat(http.post(get, take(0, "ack_requeue_true", "auto")).ok()).isEmpty();
    http.post(get, take("x", "ack_requeue_true", "auto")).isBadRequest(List.of("not_integer", "x"));
    channel.queuePurge(queue);
    assertThat(taken("ack_requeue_true")).isEmpty();
  }

  @Test
  void allKeysOfAGetHaveToBeThere() {
    Map<String, Object> body = take(1, "ack_requeue_true", "auto");
    for (String key : body.keySet()) {
      http.post(get, without(body, key)).misses(key);
    }
    http.post(get, EMPTY)
        .isBadRequest("[{key_missing,ackmode},{key_missing,count},{key_missing,encoding}]");
    http.post(get, "{").isBadRequest("not_json");
  }

  @Test
  void unknownQueueIsTold() {
    String none = name("none");
    http.post(queuePath(none) + "/get", take(1, "ack_requeue_true", "auto"))
        .isError(404, "not_found", "NOT_FOUND - no queue '" + none + "' in vhost '/'");
  }

  @Test
  void streamsRefuseToBeGotFrom() {
    String stream =
        putQueue(Map.of("durable", true, "arguments", Map.of("x-queue-type", "stream")));
    http.post(queuePath(stream) + "/get", take(1, "ack_requeue_true", "auto"))
        .isBadRequest(
            "540 basic.get not supported by stream queues queue '" + stream + "' in vhost '/'");
  }
}
