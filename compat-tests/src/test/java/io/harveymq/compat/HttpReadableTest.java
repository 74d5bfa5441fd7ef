package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passing and lost messages show nobody what AMQP would not give. */
class HttpReadableTest extends HttpTest {
  private String user;
  private ManagementClient client;

  @BeforeEach
  void addUser() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
    user = newUser("management");
    channel.confirmSelect();
    client = ManagementClient.as(user, "p");
  }

  /** Publishes, and waits until the broker has seen to it. */
  private void send(String exchange, String key, String body) throws Exception {
    publish(exchange, key, body);
    channel.waitForConfirmsOrDie(10_000);
  }

  private BufferedReader tail(String query) throws Exception {
    return HttpMessagesTest.tail(user + ":p", query);
  }

  private static String keyOfNext(BufferedReader lines) throws Exception {
    return HttpMessagesTest.next(lines).get("routing_key").textValue();
  }

  /** A topic exchange of which the user may have messages of one key only. */
  private String topicExchange() {
    String exchange = putExchange("topic");
    permit(user, "/", "", ".*", ".*");
    Map<String, String> keys = Map.of("exchange", exchange, "write", ".*", "read", "^mine\\.");
    http.put("/topic-permissions/%2F/" + user, keys).isEmpty(201);
    return exchange;
  }

  @Test
  void tailOfATopicExchangeShowsKeysThatTheTopicPermissionsAllow() throws Exception {
    String exchange = topicExchange();
    try (BufferedReader lines = tail("exchange=" + exchange)) {
      send(exchange, "theirs.secret", "a");
      send(exchange, "mine.open", "b");
      assertThat(keyOfNext(lines)).isEqualTo("mine.open");
      http.delete("/topic-permissions/%2F/" + user).isEmpty(204);
      send(exchange, "theirs.too", "c");
      assertThat(keyOfNext(lines)).isEqualTo("theirs.too");
    }
  }

  @Test
  void lostMessagesOfATopicExchangeGoByTopicPermissionsInLookingAndPublishingAgain()
      throws Exception {
    String exchange = topicExchange();
    send(exchange, "theirs.secret", "a");
    send(exchange, "mine.open", "b");
    String path = "/dev/dropped/%2F/" + exchange;
    assertThat(http.read(path).get("items")).hasSize(2);
    assertThat(HttpAnswer.column(client.read(path).get("items"), "routing_key"))
        .containsExactly("mine.open");
    assertThat(HttpAnswer.column(client.read("/dev/dropped/%2F").get("items"), "routing_key"))
        .contains("mine.open")
        .doesNotContain("theirs.secret");
    assertThat(keysInFindings(client, exchange).toString()).isEqualTo("[\"mine.open\"]");
    assertThat(keysInFindings(http, exchange)).hasSize(2);
    String queue = newQueue();
    channel.queueBind(queue, exchange, "#");
    assertThat(client.post(path + "/publish", Map.of("all", true)).ok().get("done").intValue())
        .isEqualTo(1);
    assertThat(drain(queue)).containsExactly("b");
    client.delete(path).isEmpty(204);
    assertThat(HttpAnswer.column(http.read(path).get("items"), "routing_key"))
        .containsExactly("theirs.secret");
  }

  private static JsonNode keysInFindings(ManagementClient of, String exchange) {
    for (JsonNode finding : of.read("/dev/findings?vhost=%2F")) {
      if (finding.at("/object/name").asText().equals(exchange)) {
        return finding.at("/evidence/keys");
      }
    }
    throw new AssertionError("nothing is said of " + exchange);
  }

  @Test
  void findingsNameNoKeysToWhoMayNotReadTheExchange() throws Exception {
    String exchange = putExchange("direct");
    permit(user, "/", "", "", "^other$");
    send(exchange, "secret", "a");
    assertThat(keysInFindings(http, exchange)).hasSize(1);
    assertThat(keysInFindings(client, exchange)).isEmpty();
    assertThat(client.read("/dev/findings?vhost=%2F").toString()).doesNotContain("secret");
  }

  @Test
  void defaultExchangeShowsOnlyWhatGoesToQueuesThatTheUserMayRead() throws Exception {
    String mine = newQueue();
    String theirs = newQueue();
    String exclusive = channel.queueDeclare(name("own"), false, true, false, null).getQueue();
    permit(
        user,
        "/",
        "",
        "",
        "^(amq\\.default|" + mine + "|" + exclusive + "|lost-mine|amq\\.rabbit.*)$");
    try (BufferedReader lines = tail("exchange=amq.default")) {
      send("", theirs, "a");
      send("", exclusive, "b");
      send("", "amq.rabbitmq.reply-to.none", "c");
      send("", mine, "d");
      assertThat(keyOfNext(lines)).isEqualTo(mine);
    }
    send("", "lost-secret", "e");
    send("", "lost-mine", "f");
    JsonNode items = client.read("/dev/dropped/%2F/amq.default").get("items");
    assertThat(HttpAnswer.column(items, "routing_key"))
        .contains("lost-mine")
        .doesNotContain("lost-secret");
  }

  @Test
  void exclusiveQueueOfAnotherUserIsNotWatched() throws Exception {
    String queue = channel.queueDeclare().getQueue();
    permit(user, "/", "", "", ".*");
    assertThat(client.get("/dev/tail/%2F?queue=" + queue).status()).isEqualTo(401);
    try (BufferedReader lines = HttpMessagesTest.tail("guest:guest", "queue=" + queue)) {
      send("", queue, "own");
      assertThat(keyOfNext(lines)).isEqualTo(queue);
    }
  }

  @Test
  void tailEndsWhenItsQueueBecomesTheExclusiveQueueOfAnotherUser() throws Exception {
    String queue = newQueue();
    permit(user, "/", "", "", ".*");
    try (BufferedReader lines = tail("queue=" + queue)) {
      channel.queueDelete(queue);
      channel.queueDeclare(queue, false, true, false, null);
      send("", queue, "secret");
      assertThat(HttpMessagesTest.next(lines).has("reason")).isTrue();
    }
  }

  @Test
  void tailEndsWithTheRightToReadTheExchange() throws Exception {
    String exchange = putExchange("fanout");
    permit(user, "/", "", "", ".*");
    try (BufferedReader lines = tail("exchange=" + exchange)) {
      send(exchange, "k", "a");
      assertThat(keyOfNext(lines)).isEqualTo("k");
      permit(user, "/", "", "", "^other$");
      assertThat(HttpMessagesTest.next(lines).get("reason").textValue())
          .isEqualTo("it may not be watched any more");
    }
  }
}
