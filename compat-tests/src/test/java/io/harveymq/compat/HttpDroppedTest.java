package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that reached no queue, in Harvey's own part of the API. */
class HttpDroppedTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasIt() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  private static String path(String exchange) {
    return "/dev/dropped/%2F/" + exchange;
  }

  private void lose(String exchange, String key, String... bodies) throws Exception {
    channel.confirmSelect();
    for (String body : bodies) {
      channel.basicPublish(
          exchange, key, properties().headers(Map.of("n", body)).build(), bytes(body));
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  @Test
  void lostMessagesAreKeptTheLastOneFirst() throws Exception {
    String exchange = putExchange("fanout");
    assertThat(http.read(path(exchange)).get("items")).isEmpty();
    lose(exchange, "k", "a", "b");
    JsonNode dropped = http.read(path(exchange));
    assertThat(dropped.get("total").intValue()).isEqualTo(2);
    JsonNode items = dropped.get("items");
    assertThat(HttpAnswer.column(items, "payload")).containsExactly("b", "a");
    JsonNode last = http.read(path(exchange) + "?limit=1");
    assertThat(HttpAnswer.column(last.get("items"), "payload")).containsExactly("b");
    assertThat(last.get("kept").intValue()).isEqualTo(2);
    assertThat(items.get(0).at("/properties/headers/n").textValue()).isEqualTo("b");
    assertThat(items.get(0).get("user").textValue()).isEqualTo("guest");
    assertThat(HttpAnswer.column(http.read("/dev/dropped/%2F").get("items"), "payload"))
        .startsWith("b", "a");
  }

  private static String[] numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toArray(String[]::new);
  }

  @Test
  void noMoreThanTwoHundredOfAnExchangeAreKept() throws Exception {
    String exchange = putExchange("fanout");
    lose(exchange, "k", numbered(205));
    JsonNode dropped = http.read(path(exchange));
    assertThat(dropped.get("total").intValue()).isEqualTo(205);
    assertThat(dropped.get("items")).hasSize(200);
    assertThat(dropped.at("/items/199/payload").textValue()).isEqualTo("m5");
  }

  @Test
  void lostMessagesArePublishedAgainInTheirOrderWithTheirHeaders() throws Exception {
    String exchange = putExchange("fanout");
    lose(exchange, "k", "a", "b", "c");
    JsonNode none = http.post(path(exchange) + "/publish", Map.of("all", true)).ok();
    assertThat(none.get("done").intValue()).isZero();
    assertThat(none.at("/failed/no queue takes it").intValue()).isEqualTo(3);
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    long last = http.read(path(exchange)).at("/items/0/id").longValue();
    assertThat(
            http.post(path(exchange) + "/publish", Map.of("ids", List.of(last)))
                .ok()
                .get("done")
                .intValue())
        .isEqualTo(1);
    assertThat(http.post(path(exchange) + "/publish", Map.of("all", true)).ok().get("done").asInt())
        .isEqualTo(2);
    assertThat(http.read(path(exchange)).get("items")).isEmpty();
    GetResponse first = channel.basicGet(queue, true);
    assertThat(text(first)).isEqualTo("c");
    assertThat(first.getProps().getHeaders().get("n").toString()).isEqualTo("c");
    assertThat(drain(queue)).containsExactly("a", "b");
  }

  @Test
  void largeMessageIsRememberedWithoutItsBody() throws Exception {
    String exchange = putExchange("fanout");
    channel.confirmSelect();
    channel.basicPublish(exchange, "k", null, new byte[300_000]);
    channel.waitForConfirmsOrDie(10_000);
    JsonNode item = http.read(path(exchange)).at("/items/0");
    assertThat(item.get("payload_bytes").intValue()).isEqualTo(300_000);
    assertThat(item.get("payload").textValue()).isEmpty();
    assertThat(item.get("whole").booleanValue()).isFalse();
    JsonNode again = http.post(path(exchange) + "/publish", Map.of("all", true)).ok();
    assertThat(again.at("/failed/it was too large to be kept").intValue()).isEqualTo(1);
  }

  @Test
  void forgottenAndDeletedExchangesKeepNothing() throws Exception {
    String exchange = putExchange("fanout");
    lose(exchange, "k", "a");
    http.delete(path(exchange)).isEmpty(204);
    assertThat(http.read(path(exchange)).get("total").intValue()).isZero();
    lose(exchange, "k", "b");
    channel.exchangeDelete(exchange);
    assertThat(http.get(path(exchange)).status()).isEqualTo(404);
    channel.exchangeDeclare(exchange, "fanout");
    assertThat(http.read(path(exchange)).get("items")).isEmpty();
  }

  @Test
  void messagesThatTwoPublishAgainAtATimeArePublishedOnce() throws Exception {
    String exchange = putExchange("fanout");
    String[] bodies = numbered(200);
    lose(exchange, "k", bodies);
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    List<CompletableFuture<JsonNode>> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(
          CompletableFuture.supplyAsync(
              () -> http.post(path(exchange) + "/publish", Map.of("all", true)).ok()));
    }
    int done = 0;
    for (CompletableFuture<JsonNode> one : both) {
      done += one.get(30, TimeUnit.SECONDS).get("done").intValue();
    }
    assertThat(done).isEqualTo(bodies.length);
    assertThat(drain(queue)).containsExactlyInAnyOrder(bodies);
    assertThat(http.read(path(exchange)).get("items")).isEmpty();
  }

  @Test
  void whoMayNotReadTheExchangeSeesNothing() throws Exception {
    String exchange = putExchange("fanout");
    lose(exchange, "k", "secret");
    String user = newUser("management");
    permit(user, "/", ".*", ".*", "other");
    ManagementClient other = ManagementClient.as(user, "p");
    assertThat(other.get(path(exchange)).status()).isEqualTo(401);
    assertThat(other.post(path(exchange) + "/publish", Map.of("all", true)).status())
        .isEqualTo(401);
    assertThat(other.read("/dev/dropped/%2F").get("items")).isEmpty();
  }
}
