package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who says how much may go with what is deleted loses no more. */
class HttpLossTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "if-messages and its like are Harvey's own");
  }

  private static String messagesPath(String queue, String act, int most) {
    return "/dev/queues/%2F/" + queue + "/messages/" + act + "?if-messages=" + most;
  }

  @Test
  void messagesOfAQueueAreDeletedMovedAndRedrivenOnlyWhenTheyAreNoMoreThanTold() throws Exception {
    String queue = newQueue();
    String other = newQueue();
    fill(queue, "a", "b", "c");
    Map<String, Object> all = Map.of("all", true, "exchange", "", "routing_key", other);
    String more = "queue '" + queue + "' in vhost '/' would lose 3 messages, more than 2";
    for (String act : List.of("delete", "move", "redrive")) {
      http.post(messagesPath(queue, act, 2), all).isBadRequest(more);
    }
    http.post(messagesPath(queue, "delete", -1), all)
        .isBadRequest("if-messages has to be a number of messages");
    assertThat(ready(queue)).isEqualTo(3);
    assertThat(ready(other)).isZero();
    JsonNode stayed = http.post(messagesPath(queue, "redrive", 3), all).ok();
    assertJson(
        stayed, Map.of("done", 0, "failed", Map.of("it does not say where it died", 3), "gone", 0));
    JsonNode moved = http.post(messagesPath(queue, "move", 3), all).ok();
    assertJson(moved, Map.of("done", 3, "failed", EMPTY, "gone", 0));
    assertThat(drain(other)).containsExactly("a", "b", "c");
  }

  @Test
  void allMessagesAreThoseThatWereThereWhenTheQueueWasLookedAt() throws Exception {
    String queue = newQueue();
    String other = newQueue();
    fill(queue, "a", "b", "c");
    channel.basicGet(queue, true);
    JsonNode seen = http.read("/dev/queues/%2F/" + queue + "/messages?limit=0");
    assertThat(seen.get("ready").intValue()).isEqualTo(2);
    assertThat(seen.get("until")).hasSize(1);
    assertThat(seen.get("until").get(0).asText()).startsWith("0:2@");
    fill(queue, "late");
    Map<String, Object> all =
        Map.of("all", true, "until", seen.get("until"), "exchange", "", "routing_key", other);
    assertThat(http.post(messagesPath(queue, "move", 2), all).ok().get("done").intValue())
        .isEqualTo(2);
    assertThat(drain(other)).containsExactly("b", "c");
    assertThat(drain(queue)).containsExactly("late");
    fill(queue, "x", "y");
    for (Object none : List.of(List.of("x"), List.of(0), "0:2", 2, Map.of("0", "0:9"))) {
      http.post(messagesPath(queue, "delete", 2), with(all, "until", none))
          .isBadRequest("until has to be a list of places, as browsing tells it");
    }
    assertThat(ready(queue)).isEqualTo(2);
  }

  @Test
  void chosenMessagesThatHadLeftAreCounted() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b", "c");
    Map<String, Object> chosen = Map.of("ids", List.of("0:0", "0:2"));
    channel.basicGet(queue, true);
    JsonNode done = http.post(messagesPath(queue, "delete", 2), chosen).ok();
    assertJson(done, Map.of("done", 1, "failed", EMPTY, "gone", 1));
    assertThat(drain(queue)).containsExactly("b");
  }

  @Test
  void idsOfAQueueThatIsGoneChooseNothingInTheNextOneOfItsName() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    JsonNode seen = http.read("/dev/queues/%2F/" + queue + "/messages");
    List<String> ids = seen.get("items").findValuesAsText("id");
    channel.queueDelete(queue);
    channel.queueDeclare(queue, false, false, false, null);
    fill(queue, "new", "newer");
    JsonNode done = http.post(messagesPath(queue, "delete", 2), Map.of("ids", ids)).ok();
    assertJson(done, Map.of("done", 0, "failed", EMPTY, "gone", 2));
    Map<String, Object> all = Map.of("all", true, "until", seen.get("until"));
    done = http.post(messagesPath(queue, "delete", 2), all).ok();
    assertJson(done, Map.of("done", 0, "failed", EMPTY, "gone", 0));
    assertThat(drain(queue)).containsExactly("new", "newer");
  }

  @Test
  void whatAnEndpointDoesNotHeedIsIgnored() throws Exception {
    String queue = newQueue();
    fill(queue, "m");
    String foreign = "?if-connections=abc&if-queues=";
    http.delete(queuePath(queue) + "/contents" + foreign).isEmpty(204);
    http.delete(queuePath(queue) + foreign + "&if-messages=x")
        .isBadRequest("if-messages has to be a number of messages");
    http.delete(queuePath(queue) + foreign + "&if-messages=0").ok();
    http.get(queuePath(queue)).isNotFound();
  }

  @Test
  void queueGoesWithNoMoreConsumersAndBindingsThanTold() throws Exception {
    String queue = newQueue();
    channel.queueBind(queue, "amq.topic", "a");
    channel.queueBind(queue, "amq.topic", "b");
    channel.basicConsume(queue, (consumer, delivery) -> {}, consumer -> {});
    fill(queue, "m");
    String path = queuePath(queue) + "?if-messages=1&if-consumers=";
    String what = "queue '" + queue + "' in vhost '/' would lose ";
    http.delete(path + "0&if-bindings=2").isBadRequest(what + "1 consumer, more than 0");
    http.delete(path + "0&if-bindings=1")
        .isBadRequest(what + "1 consumer, more than 0, and 2 bindings, more than 1");
    http.delete(path + "x").isBadRequest("if-consumers has to be a number of consumers");
    http.delete(path + "1&if-bindings=2").ok();
    http.get(queuePath(queue)).isNotFound();
  }

  @Test
  void exchangeGoesWithNoMoreBindingsThanTold() throws Exception {
    String exchange = name("hx");
    channel.exchangeDeclare(exchange, "fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    channel.exchangeBind(exchange, "amq.fanout", "");
    String path = exchangePath(exchange);
    String refusal = "exchange '" + exchange + "' in vhost '/' would lose 2 bindings, more than 1";
    http.delete(path + "?if-bindings=1").isBadRequest(refusal);
    assertThat(http.read(path + "/bindings/source")).hasSize(1);
    http.delete(path + "?if-bindings=2").isEmpty(204);
    http.get(path).isNotFound();
  }

  @Test
  void virtualHostAndUserGoWithNoMoreThanTold() throws Exception {
    String vhost = newVhost();
    String user = newUser("");
    Channel other = channelOf(user, vhost);
    other.queueDeclare("a", false, false, false, null);
    other.basicPublish("", "a", null, bytes("m"));
    other.waitForConfirmsOrDie(10_000);
    String told = "/vhosts/" + vhost + "?if-connections=1&if-messages=";
    String what = "vhost '" + vhost + "' would lose ";
    http.delete(told + "0&if-queues=0")
        .isBadRequest(what + "1 queue, more than 0, and 1 message, more than 0");
    http.delete("/vhosts/" + vhost + "?if-connections=0")
        .isBadRequest(what + "1 connection, more than 0");
    http.delete("/users/" + user + "?if-connections=0")
        .isBadRequest("user '" + user + "' would lose 1 connection, more than 0");
    assertThat(other.messageCount("a")).isEqualTo(1);
    http.delete(told + "1&if-queues=1").isEmpty(204);
    http.get("/vhosts/" + vhost).isNotFound();
    http.delete("/users/" + user + "?if-connections=0").isEmpty(204);
    http.get("/users/" + user).isNotFound();
  }

  /** A channel of the user's own, who may do everything there. */
  private Channel channelOf(String user, String vhost) throws Exception {
    permit(user, vhost, ".*", ".*", ".*");
    ConnectionFactory factory = factory();
    factory.setAutomaticRecoveryEnabled(false);
    factory.setVirtualHost(vhost);
    factory.setUsername(user);
    factory.setPassword("p");
    Channel own = keep(factory.newConnection()).createChannel();
    own.confirmSelect();
    return own;
  }

  @Test
  void queuesThatGoWithConnectionsAreCountedForTheConnectionAndForItsUser() throws Exception {
    String vhost = newVhost();
    String user = newUser("");
    Channel other = channelOf(user, vhost);
    other.queueDeclare("exclusive", false, true, false, null);
    other.queueDeclare("auto-delete", false, false, true, null);
    other.queueDeclare("stays", false, false, false, null);
    other.basicConsume("auto-delete", false, (tag, delivery) -> {}, tag -> {});
    for (String queue : List.of("exclusive", "auto-delete", "auto-delete", "stays")) {
      other.basicPublish("", queue, null, bytes("m"));
    }
    other.waitForConfirmsOrDie(10_000);
    String name =
        only(http.read("/queues/" + vhost), "name", "exclusive")
            .at("/owner_pid_details/name")
            .textValue();
    String path =
        "/connections/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    String more = "' would lose 2 queues, more than 1, and 3 messages, more than 2";
    http.delete(path + "?if-queues=1&if-messages=2").isBadRequest("connection '" + name + more);
    http.delete("/users/" + user + "?if-connections=1&if-queues=1&if-messages=2")
        .isBadRequest("user '" + user + more);
    assertThat(other.messageCount("exclusive")).isEqualTo(1);
    http.delete("/users/" + user + "?if-connections=1&if-queues=2&if-messages=3").isEmpty(204);
    await().until(() -> http.read("/queues/" + vhost).size() == 1);
    assertThat(http.read("/queues/" + vhost).findValuesAsText("name")).containsExactly("stays");
  }

  @Test
  void connectionTakesNoMoreExclusiveQueuesWithItThanTold() throws Exception {
    Connection client = keep(factory().newConnection());
    Channel other = client.createChannel();
    String queue = other.queueDeclare().getQueue();
    other.confirmSelect();
    other.basicPublish("", queue, null, bytes("m"));
    other.waitForConfirmsOrDie(10_000);
    String name =
        only(http.read("/queues/%2F"), "name", queue).at("/owner_pid_details/name").textValue();
    String path =
        "/connections/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    http.delete(path + "?if-queues=0&if-messages=0")
        .isBadRequest(
            "connection '"
                + name
                + "' would lose 1 queue, more than 0, and 1 message, more than 0");
    assertThat(other.messageCount(queue)).isEqualTo(1);
    http.delete(path + "?if-queues=1&if-messages=1").isEmpty(204);
    await().until(() -> !client.isOpen());
  }
}
