package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /queues}: declaring, deleting, purging, listing. What a queue tells is elsewhere. */
class HttpQueuesTest extends HttpTest {
  private static final String LOCKED =
      "cannot obtain exclusive access to locked queue '%s' in vhost '/'. It could be originally"
          + " declared on another connection or the exclusive property value does not match that"
          + " of the original declaration.";

  @Test
  void queueIsDeclaredOnceAndFoundTheSame() {
    String path = queuePath(name("hq"));
    http.get(path).isNotFound();
    http.put(path, EMPTY).isEmpty(201);
    http.put(path, EMPTY).isEmpty(204);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
  }

  @Test
  void bodyOfADeclarationMayBeEmpty() {
    for (Object body : new Object[] {EMPTY, "", null}) {
      String queue = name("hq");
      http.put(queuePath(queue), body).isEmpty(201);
      JsonNode read = http.read(queuePath(queue));
      assertThat(read.get("durable").booleanValue()).isFalse();
      assertThat(read.get("auto_delete").booleanValue()).isFalse();
      assertThat(read.get("exclusive").booleanValue()).isFalse();
      assertJson(read.get("arguments"), EMPTY);
    }
  }

  @Test
  void allPropertiesOfADeclarationCount() throws Exception {
    Map<String, Object> arguments =
        Map.of("x-max-length", 5, "x-dead-letter-exchange", "amq.fanout", "x-own", List.of("a"));
    Map<String, Object> body = Map.of("durable", true, "auto_delete", true, "arguments", arguments);
    String queue = putQueue(body);
    http.put(queuePath(queue), body).isEmpty(204);
    JsonNode read = http.read(queuePath(queue));
    for (String key : body.keySet()) {
      assertThat(read.get(key)).as(key).isEqualTo(HttpAnswer.tree(body.get(key)));
    }
    channel.queueDeclare(queue, true, false, true, arguments);
  }

  @Test
  void booleansMayBeText() {
    String queue = putQueue(Map.of("durable", "true"));
    assertThat(http.read(queuePath(queue)).get("durable").booleanValue()).isTrue();
    String path = queuePath(name("hq"));
    http.put(path, Map.of("durable", "maybe")).isBadRequest(List.of("not_boolean", "maybe"));
    http.put(path, Map.of("durable", 1)).isBadRequest(List.of("not_boolean", 1));
    http.put(path, Map.of("auto_delete", "x")).isBadRequest(List.of("not_boolean", "x"));
  }

  @Test
  void unknownFieldsAreIgnored() {
    String queue = putQueue(Map.of("unknown", 1, "name", "other", "vhost", "none"));
    assertThat(http.read(queuePath(queue)).get("name").textValue()).isEqualTo(queue);
  }

  @Test
  void nodeOfAQueueHasToBeThere() {
    putQueue(Map.of("node", HttpTarget.current().node()));
    http.put(queuePath(name("hq")), Map.of("node", "none@h"))
        .isBadRequest("Node none@h could not be contacted");
  }

  @Test
  void inequivalentDeclarationsAreRefusedInTheWordsOfAmqp() {
    String queue = putQueue(Map.of("arguments", Map.of("x-max-length", 100)));
    String path = queuePath(queue);
    String in = " for queue '" + queue + "' in vhost '/': received ";
    http.put(path, Map.of("durable", true))
        .isBadRequest("inequivalent arg 'durable'" + in + "'true' but current is 'false'");
    http.put(path, Map.of("arguments", Map.of("x-max-length", 101)))
        .isBadRequest("inequivalent arg 'x-max-length'" + in + "'101' but current is '100'");
    http.put(path, Map.of("arguments", Map.of("x-max-length", 100, "x-expires", 1000000)))
        .isBadRequest(
            "inequivalent arg 'x-expires'"
                + in.replace("received", "received the value")
                + "'1000000' of type 'long' but current is none");
  }

  @Test
  void badArgumentsAreRefusedInTheWordsOfAmqp() {
    String queue = name("hq");
    String path = queuePath(queue);
    String in = " for queue '" + queue + "' in vhost '/'";
    HttpAnswer negative = http.put(path, Map.of("arguments", Map.of("x-message-ttl", -1)));
    negative.isBadRequest("invalid arg 'x-message-ttl'" + in + ": {value_negative,-1}");
    HttpAnswer text = http.put(path, Map.of("arguments", Map.of("x-message-ttl", "a")));
    text.isBadRequest("invalid arg 'x-message-ttl'" + in + ": \"expected integer, got longstr\"");
    HttpAnswer type = http.put(path, Map.of("arguments", Map.of("x-queue-type", "bad")));
    type.isBadRequest("invalid arg 'x-queue-type'" + in + ": \"unsupported queue type 'bad'\"");
    http.get(path).isNotFound();
  }

  @Test
  void transientQuorumQueuesAreRefused() {
    String queue = name("hq");
    Map<String, Object> quorum = Map.of("arguments", Map.of("x-queue-type", "quorum"));
    http.put(queuePath(queue), quorum)
        .isBadRequest("invalid property 'non-durable' for queue '" + queue + "' in vhost '/'");
  }

  @Test
  void bodyHasToBeAnObject() {
    String path = queuePath(name("hq"));
    for (String bad : List.of("{", "[]", "1", "{\"durable\":true")) {
      http.put(path, bad).isBadRequest("not_json");
    }
    http.put(path, "\"x\"")
        .isBadRequest(
            "invalid payload: the request body JSON-decoded to a string. Is the input"
                + " doubly-JSON-encoded?");
    http.get(path).isNotFound();
  }

  @Test
  void reservedNamesAreRefused() {
    http.put(queuePath("amq.mine"), EMPTY).isError(401, "not_authorised", "Access refused.");
  }

  @Test
  void queueIsDeletedOnlyIfEmptyOrUnusedWhenToldSo() throws Exception {
    String queue = newQueue();
    String path = queuePath(queue);
    fill(queue, "a");
    http.delete(path + "?if-empty=true")
        .isBadRequest("queue '" + queue + "' in vhost '/' not empty");
    String tag = channel.basicConsume(queue, true, (consumer, delivery) -> {}, consumer -> {});
    http.delete(path + "?if-unused=true").isBadRequest("queue '" + queue + "' in vhost '/' in use");
    channel.basicCancel(tag);
    http.delete(path + "?if-unused=true&if-empty=false").isEmpty(204);
  }

  @Test
  void queueLosesNoMoreMessagesThanTold() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "if-messages is Harvey's own");
    String queue = newQueue();
    String path = queuePath(queue);
    fill(queue, "a", "b", "c");
    channel.basicGet(queue, false);
    String more = "queue '" + queue + "' in vhost '/' would lose %d messages, more than %d";
    http.delete(path + "/contents?if-messages=1").isBadRequest(more.formatted(2, 1));
    http.delete(path + "?if-messages=2").isBadRequest(more.formatted(3, 2));
    for (String bad : List.of("", "-1", "x", "1234567890123456789")) {
      http.delete(path + "?if-messages=" + bad)
          .isBadRequest("if-messages has to be a number of messages");
    }
    assertThat(ready(queue)).isEqualTo(2);
    JsonNode purged = http.delete(path + "/contents?if-messages=2").ok();
    assertThat(purged.get("message_count").intValue()).isEqualTo(2);
    http.delete(path + "?if-messages=1&if-empty=true").ok();
    http.get(path).isNotFound();
  }

  @Test
  void exclusiveQueueIsLockedForHttp() throws Exception {
    String queue = name("hq");
    channel.queueDeclare(queue, false, true, false, null);
    String reason = LOCKED.formatted(queue);
    JsonNode read = http.read(queuePath(queue));
    assertThat(read.get("exclusive").booleanValue()).isTrue();
    http.put(queuePath(queue), EMPTY).isBadRequest(reason);
    http.delete(queuePath(queue)).isBadRequest(reason);
    http.delete(queuePath(queue) + "/contents").isBadRequest(reason);
    JsonNode owned =
        eventually(
            queuePath(queue), found -> assertThat(found.path("owner_pid_details")).isNotEmpty());
    assertFields(owned.get("owner_pid_details"), "name", "peer_host", "peer_port");
    connection.close();
  }

  @Test
  void contentsAreDeleted() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    http.delete(queuePath(queue) + "/contents").isEmpty(204);
    assertThat(ready(queue)).isZero();
    http.delete(queuePath(name("none")) + "/contents").isNotFound();
    assertThat(http.get(queuePath(queue) + "/contents").isEmpty(405).header("allow"))
        .isEqualTo("DELETE, OPTIONS");
  }

  @Test
  void streamsCannotBePurged() throws Exception {
    String stream =
        putQueue(Map.of("durable", true, "arguments", Map.of("x-queue-type", "stream")));
    http.delete(queuePath(stream) + "/contents")
        .isBadRequest(
            "queue.purge not supported by stream queues queue '" + stream + "' in vhost '/'");
  }

  @Test
  void actionsOfMirroredQueuesAreTaken() {
    String path = queuePath(putQueue(EMPTY)) + "/actions";
    http.post(path, Map.of("action", "sync")).isEmpty(204);
    http.post(path, Map.of("action", "cancel_sync")).isEmpty(204);
    http.post(path, Map.of("action", "x")).isBadRequest(List.of("unknown", "x"));
    http.post(path, EMPTY).misses("action");
    http.post(path, "{").isBadRequest("not_json");
  }

  @Test
  void bindingsOfAQueueAreListed() throws Exception {
    String queue = newQueue("amq.fanout", "k");
    JsonNode bindings = http.read(queuePath(queue) + "/bindings");
    assertThat(HttpAnswer.column(bindings, "source")).containsExactly("", "amq.fanout");
    assertJson(
        bindings.get(0),
        Map.of(
            "source", "",
            "vhost", "/",
            "destination", queue,
            "destination_type", "queue",
            "routing_key", queue,
            "arguments", EMPTY,
            "properties_key", queue));
  }

  @Test
  void queuesOfAllVhostsAreListed() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/b", EMPTY).isEmpty(201);
    http.put("/queues/" + vhost + "/a", EMPTY).isEmpty(201);
    String queue = putQueue(EMPTY);
    assertThat(HttpAnswer.column(http.read("/queues/" + vhost), "name")).containsExactly("a", "b");
    assertThat(HttpAnswer.column(http.read("/queues"), "name")).contains(queue, "a", "b");
  }

  @Test
  void nameMayNeedQuoting() {
    String queue = name("q/r s%é");
    http.put(queuePath(queue), EMPTY).isEmpty(201);
    assertThat(http.read(queuePath(queue)).get("name").textValue()).isEqualTo(queue);
  }
}
