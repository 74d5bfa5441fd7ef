package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Harvey says of declarations that are hardly meant so. */
@Tag("management")
@Timeout(60)
@ExtendWith(BrokerUnderTest.class)
class HttpLintTest {
  private static final String DEAD_LETTERS = "x-dead-letter-exchange";
  private static final String KEY = "x-dead-letter-routing-key";

  private PageBroker broker;
  private ManagementClient http;
  private Connection connection;
  private Channel channel;

  @BeforeEach
  void start() throws Exception {
    broker = PageBroker.start();
    http = ManagementClient.at(broker.uri(), "guest", "guest");
    connection = broker.connect("orders-api");
    channel = connection.createChannel();
  }

  @AfterEach
  void stop() {
    connection.abort(5_000);
    broker.close();
  }

  private void queue(String name, Map<String, Object> arguments) throws IOException {
    channel.queueDeclare(name, true, false, false, arguments);
  }

  private void exchange(String name, String type) throws IOException {
    channel.exchangeDeclare(name, type, true);
  }

  /** Kind and sentence of each. */
  private List<String> lint() {
    JsonNode answer = http.read("/dev/lint/%2F");
    List<String> all = new ArrayList<>();
    answer
        .get("items")
        .forEach(one -> all.add(one.get("kind").textValue() + ": " + one.get("text").textValue()));
    assertThat(answer.get("total").intValue()).isEqualTo(all.size());
    return all;
  }

  @Test
  void aSoundTopologyHasNothing() throws Exception {
    exchange("shop", "topic");
    exchange("shop.dead", "fanout");
    exchange("shop.rest", "fanout");
    channel.exchangeDeclare(
        "shop.all", "direct", true, false, Map.of("alternate-exchange", "shop.rest"));
    queue("orders", Map.of(DEAD_LETTERS, "shop.dead"));
    queue("orders.retry", Map.of(DEAD_LETTERS, "", KEY, "orders", "x-message-ttl", 1_000));
    queue("orders.dead", null);
    channel.queueBind("orders", "shop", "order.*.paid");
    channel.queueBind("orders.dead", "shop.dead", "");
    channel.queueBind("orders.dead", "shop.rest", "");
    assertThat(lint()).isEmpty();
  }

  @Test
  void deadLettersThatGoNowhere() throws Exception {
    exchange("unbound.dlx", "fanout");
    queue("a", Map.of(DEAD_LETTERS, "missing.dlx"));
    queue("b", Map.of(DEAD_LETTERS, "unbound.dlx"));
    queue("c", Map.of(DEAD_LETTERS, "", KEY, "missing"));
    queue("d", Map.of(DEAD_LETTERS, ""));
    queue("e", Map.of(DEAD_LETTERS, "", KEY, "e"));
    assertThat(lint())
        .containsExactly(
            "dead-letters-lost: a loses its dead letters: there is no exchange missing.dlx",
            "dead-letters-lost: b loses its dead letters: nothing is bound to the exchange"
                + " unbound.dlx",
            "dead-letters-lost: c loses its dead letters: there is no queue missing",
            "dead-letter-key: d gives its dead letters to the default exchange with the keys that"
                + " they came with: set x-dead-letter-routing-key to the name of a queue",
            "dead-letters-return: e gets its own dead letters back: rejected ones go round, expired"
                + " ones are dropped",
            "unbound: unbound.dlx drops all that is published to it: nothing is bound to it");
  }

  @Test
  void whatPoliciesSetCountsAndWhatMendsItIsNamed() throws Exception {
    queue("q", null);
    Map<String, Object> definition = Map.of("dead-letter-exchange", "by.policy");
    Object policy = Map.of("pattern", "^q$", "definition", definition, "apply-to", "queues");
    assertThat(http.put("/policies/%2F/p", policy).status()).isEqualTo(201);
    JsonNode found = http.read("/dev/lint/%2F").at("/items/0");
    assertThat(found.get("severity").textValue()).isEqualTo("bad");
    assertThat(found.get("object").toString())
        .isEqualTo("{\"type\":\"queue\",\"vhost\":\"/\",\"name\":\"q\"}");
    assertThat(found.get("act").toString())
        .isEqualTo(
            "{\"do\":\"declare-exchange\",\"label\":\"Declare by.policy\",\"exchange\":\"by.policy\"}");
  }

  @Test
  void exchangesAndBindingsThatDoNotDoWhatTheySeemTo() throws Exception {
    queue("q", null);
    channel.exchangeDeclare("x", "direct", true, false, Map.of("alternate-exchange", "missing"));
    channel.queueBind("q", "x", "order.*");
    exchange("t", "topic");
    channel.queueBind("q", "t", "order.new*");
    channel.queueBind("q", "t", "order.#");
    exchange("h", "headers");
    channel.queueBind("q", "h", "");
    channel.exchangeDeclare("transient", "fanout", false);
    channel.queueBind("q", "transient", "");
    assertThat(lint())
        .containsExactly(
            "alternate-lost: x drops what no binding takes: there is no alternate exchange missing",
            "headers: h binds q without headers: it gets all",
            "not-durable: q is no longer bound after a restart: the exchange transient is not"
                + " durable",
            "wildcard: t binds q with order.new*: * and # stand for whole words only, between dots",
            "wildcard: x binds q with order.*: a direct exchange takes * and # as they are");
  }

  @Test
  void itIsForThoseOfTheVirtualHost() {
    http.put("/vhosts/other", Map.of());
    assertThat(http.get("/dev/lint/missing").status()).isEqualTo(404);
    http.put("/users/somebody", Map.of("password", "p", "tags", "management"));
    ManagementClient somebody = ManagementClient.at(broker.uri(), "somebody", "p");
    assertThat(somebody.get("/dev/lint/other").status()).isEqualTo(401);
  }
}
