package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits in delayed exchanges, in Harvey's own part of the API. */
class HttpDelayedTest extends HttpTest {
  private static final int LATER = 3_600_000;

  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  private static String path(String exchange) {
    return "/dev/exchanges/%2F/" + exchange + "/delayed";
  }

  private String newDelayed() throws Exception {
    String exchange = name("delayed");
    temporary(exchangePath(exchange));
    channel.exchangeDeclare(
        exchange, "x-delayed-message", false, false, Map.of("x-delayed-type", "fanout"));
    return exchange;
  }

  private void delay(String exchange, String... bodies) throws Exception {
    channel.confirmSelect();
    for (int i = 0; i < bodies.length; i++) {
      Map<String, Object> headers = Map.of("x-delay", LATER + 10_000 * i, "n", (byte) i);
      channel.basicPublish(
          exchange, "key", properties().headers(headers).build(), bytes(bodies[i]));
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  private JsonNode items(String exchange, String query) throws Exception {
    return http.read(path(exchange) + query).get("items");
  }

  @Test
  void messagesAreSeenInTheOrderInWhichTheyAreDue() throws Exception {
    String exchange = newDelayed();
    JsonNode none = http.read(path(exchange));
    assertThat(none.get("total").intValue()).isZero();
    assertThat(none.get("items")).isEmpty();
    delay(exchange, "a", "b", "c");
    JsonNode all = http.read(path(exchange) + "?types=true");
    assertThat(all.get("total").intValue()).isEqualTo(3);
    assertThat(HttpAnswer.column(all.get("items"), "payload")).containsExactly("a", "b", "c");
    JsonNode first = all.at("/items/0");
    assertThat(first.get("due").longValue())
        .isBetween(System.currentTimeMillis() + LATER - 60_000, System.currentTimeMillis() + LATER);
    assertThat(first.get("exchange").textValue()).isEqualTo(exchange);
    assertThat(first.get("routing_key").textValue()).isEqualTo("key");
    assertThat(first.get("whole").booleanValue()).isTrue();
    assertThat(first.at("/properties/headers/x-delay").intValue()).isEqualTo(LATER);
    assertThat(first.at("/header_types/n").textValue()).isEqualTo("byte");
    assertThat(HttpAnswer.column(items(exchange, "?offset=1&limit=1"), "payload"))
        .containsExactly("b");
    String third = all.at("/items/2/id").textValue();
    assertThat(HttpAnswer.column(items(exchange, "?id=" + third), "payload")).containsExactly("c");
    assertThat(items(exchange, "?truncate=0").get(0).get("payload").textValue()).isEmpty();
    assertThat(items(exchange, "?id=0:1@x")).isEmpty();
  }

  @Test
  void chosenMessagesAreRoutedNowOrDeleted() throws Exception {
    String exchange = newDelayed();
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    delay(exchange, "a", "b", "c", "d");
    List<String> ids = HttpAnswer.column(items(exchange, ""), "id");
    Map<String, Object> chosen = Map.of("ids", List.of(ids.get(1), "7:7@x"));
    assertJson(
        http.post(path(exchange) + "/release", chosen).ok(),
        Map.of("done", 1, "failed", EMPTY, "gone", 1));
    assertThat(drain(queue)).containsExactly("b");
    assertJson(
        http.post(path(exchange) + "/delete", Map.of("ids", ids.subList(0, 2))).ok(),
        Map.of("done", 1, "failed", EMPTY, "gone", 1));
    http.post(path(exchange) + "/delete?if-messages=1", Map.of("all", true))
        .isBadRequest(
            "exchange '" + exchange + "' in vhost '/' would lose 2 messages, more than 1");
    Map<String, Object> seen =
        Map.of("all", true, "until", http.read(path(exchange)).get("until").textValue());
    delay(exchange, "late");
    http.post(path(exchange) + "/release", seen).ok();
    assertThat(drain(queue)).containsExactly("c", "d");
    assertThat(HttpAnswer.column(items(exchange, ""), "payload")).containsExactly("late");
    http.post(path(exchange) + "/delete", Map.of()).misses("ids");
  }

  @Test
  void whatIsChosenIsAListOfIdsOrAllAndNotBoth() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "a");
    for (String act : List.of("/release", "/delete")) {
      for (Object none : List.of("x", 1, Map.of(), List.of(List.of()))) {
        http.post(path(exchange) + act, Map.of("ids", none))
            .isBadRequest("ids has to be a list of texts");
      }
      http.post(path(exchange) + act, Map.of("ids", List.of("x"), "all", true))
          .isBadRequest("it has both ids and all");
    }
    assertThat(items(exchange, "")).hasSize(1);
  }

  @Test
  void whatNoQueueTakesStaysAndIsDroppedWhenItsTimeHasCome() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "a");
    assertJson(
        http.post(path(exchange) + "/release", Map.of("all", true)).ok(),
        Map.of("done", 0, "failed", Map.of("no queue takes it", 1), "gone", 0));
    channel.basicPublish(
        exchange, "key", properties().headers(Map.of("x-delay", 1)).build(), bytes("soon"));
    JsonNode dropped =
        eventually(
            "/dev/dropped/%2F/" + exchange,
            found -> assertThat(found.get("total").intValue()).isEqualTo(1));
    assertThat(dropped.at("/items/0/payload").textValue()).isEqualTo("soon");
    assertThat(items(exchange, "")).hasSize(1);
  }

  @Test
  void keysHeadersAndPayloadsAreSearchedAPartAtATime() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "apple", "pear", "Apple pie", "pineapple");
    JsonNode found = http.read(path(exchange) + "?search=apple&limit=2");
    assertThat(HttpAnswer.column(found.get("items"), "payload"))
        .containsExactly("apple", "Apple pie");
    assertThat(found.get("total").intValue()).isEqualTo(4);
    assertThat(found.get("looked").intValue()).isEqualTo(3);
    String next = "&cursor=" + found.get("next").textValue();
    JsonNode rest = http.read(path(exchange) + "?search=apple&limit=2" + next);
    assertThat(HttpAnswer.column(rest.get("items"), "payload")).containsExactly("pineapple");
    assertThat(rest.has("next")).isFalse();
    assertThat(items(exchange, "?search=KEY")).hasSize(4);
    assertThat(items(exchange, "?search=" + (LATER + 10_000))).hasSize(1);
    assertThat(items(exchange, "?search=nowhere")).isEmpty();
  }

  @Test
  void allAreReadByCursorThoughTheFirstOnesGoMeanwhile() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "a", "b", "c", "d", "e");
    JsonNode first = http.read(path(exchange) + "?cursor=first&limit=2");
    assertThat(HttpAnswer.column(first.get("items"), "payload")).containsExactly("a", "b");
    assertThat(first.get("looked").intValue()).isEqualTo(2);
    List<String> gone = HttpAnswer.column(first.get("items"), "id");
    http.post(path(exchange) + "/delete", Map.of("ids", gone)).ok();
    String rest = path(exchange) + "?limit=2&truncate=0&cursor=";
    JsonNode second = http.read(rest + first.get("next").textValue());
    assertThat(HttpAnswer.column(second.get("items"), "payload_bytes")).containsExactly("1", "1");
    assertThat(second.get("total").intValue()).isEqualTo(3);
    JsonNode last = http.read(path(exchange) + "?cursor=" + second.get("next").textValue());
    assertThat(HttpAnswer.column(last.get("items"), "payload")).containsExactly("e");
    assertThat(last.has("next")).isFalse();
  }

  @Test
  void aCursorThatIsNoneOfTheExchangeIsRefused() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "a", "b");
    String stale = http.read(path(exchange) + "?search=key&limit=1").get("next").textValue();
    http.delete(exchangePath(exchange)).isEmpty(204);
    channel.exchangeDeclare(
        exchange, "x-delayed-message", false, false, Map.of("x-delayed-type", "fanout"));
    delay(exchange, "a");
    for (String cursor : List.of(stale, "rubbish")) {
      for (String search : List.of("", "&search=key")) {
        http.get(path(exchange) + "?cursor=" + cursor + search)
            .isBadRequest("the cursor is none, or of another exchange, or from before a restart");
      }
    }
    assertThat(items(exchange, "?search=key&cursor=first")).hasSize(1);
  }

  @Test
  void searchOverAllFindsWhatIsDelayedUnlessAQueueIsNamed() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "apple", "pear");
    String all = "/dev/messages/%2F?exchange=" + exchange;
    JsonNode found = http.read(all + "&text=apple");
    assertThat(found.get("items")).hasSize(1);
    JsonNode one = found.at("/items/0");
    assertThat(one.get("payload").textValue()).isEqualTo("apple");
    assertThat(one.get("state").textValue()).isEqualTo("delayed");
    assertThat(one.get("delayed_in").textValue()).isEqualTo(exchange);
    assertThat(items(exchange, "?id=" + one.get("id").textValue())).hasSize(1);
    assertThat(found.get("searched_exchanges").intValue()).isPositive();
    assertThat(http.read(all + "&queue=none").get("items")).isEmpty();
    String user = newUser("management");
    permit(user, "/", ".*", ".*", "other");
    JsonNode hidden = ManagementClient.as(user, "p").read(all);
    assertThat(hidden.get("items")).isEmpty();
    assertThat(hidden.get("exchanges").intValue()).isZero();
  }

  @Test
  void dryRunFollowsWhatIsDelayedAndSaysSo() throws Exception {
    String exchange = newDelayed();
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    JsonNode route =
        http.post("/dev/route", Map.of("exchange", exchange, "headers", Map.of("x-delay", 60_000)))
            .ok();
    assertThat(route.at("/queues/0").textValue()).isEqualTo(queue);
    assertThat(route.get("delayed_ms").longValue()).isEqualTo(60_000);
    JsonNode atOnce = http.post("/dev/route", Map.of("exchange", exchange)).ok();
    assertThat(atOnce.at("/queues/0").textValue()).isEqualTo(queue);
    assertThat(atOnce.has("delayed_ms")).isFalse();
  }

  @Test
  void exchangesThatKeepNothingAndThoseThatAreNotThereSaySo() throws Exception {
    http.get(path("amq.direct"))
        .isBadRequest(
            "exchange 'amq.direct' in vhost '/' is of type direct, no message waits in it");
    http.get(path("nowhere")).isError(404, "not_found", "no exchange 'nowhere' in vhost '/'");
    http.get(path("amq.direct") + "?offset=-1")
        .isBadRequest("offset has to be a whole number from 0 on");
  }

  @Test
  void lookingAndDeletingNeedReadAndRoutingNeedsWrite() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "a");
    String user = newUser("management");
    ManagementClient theirs = ManagementClient.as(user, "p");
    String id = items(exchange, "").get(0).get("id").textValue();
    permit(user, "/", "", exchange, "");
    theirs.get(path(exchange)).hasStatus(401);
    theirs.post(path(exchange) + "/delete", Map.of("ids", List.of(id))).hasStatus(401);
    permit(user, "/", "", "", exchange);
    theirs.read(path(exchange));
    theirs.post(path(exchange) + "/release", Map.of("ids", List.of(id))).hasStatus(401);
    theirs.post(path(exchange) + "/delete", Map.of("ids", List.of(id))).ok();
  }

  @Test
  void anExchangeAndAVirtualHostGoWithNoMoreDelayedMessagesThanTold() throws Exception {
    String exchange = newDelayed();
    delay(exchange, "a", "b");
    http.delete(exchangePath(exchange) + "?if-messages=1")
        .isBadRequest(
            "exchange '" + exchange + "' in vhost '/' would lose 2 messages, more than 1");
    http.delete(exchangePath(exchange) + "?if-messages=2").isEmpty(204);
    String vhost = newVhost();
    String path = "/exchanges/" + vhost + "/x";
    http.put(
            path,
            Map.of("type", "x-delayed-message", "arguments", Map.of("x-delayed-type", "fanout")))
        .isEmpty(201);
    http.post(
            path + "/publish",
            Map.of(
                "routing_key",
                "",
                "payload",
                "m",
                "payload_encoding",
                "string",
                "properties",
                Map.of("headers", Map.of("x-delay", LATER))))
        .ok();
    http.delete("/vhosts/" + vhost + "?if-messages=0")
        .isBadRequest("vhost '" + vhost + "' would lose 1 message, more than 0");
    http.delete("/vhosts/" + vhost + "?if-messages=1").isEmpty(204);
  }
}
