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
  void whatFrameworksDeclareIsSound() throws Exception {
    // types of messages, as exchanges of NServiceBus and MassTransit: the general ones are unbound
    exchange("System:Object", "fanout");
    exchange("Shop:OrderPlaced", "fanout");
    channel.exchangeBind("System:Object", "Shop:OrderPlaced", "");
    // Celery's remote control, and an exclusive queue of Spring's on it
    channel.exchangeDeclare("reply.celery.pidbox", "direct", false);
    channel.queueDeclare("spring.gen-1", true, true, true, null);
    channel.queueBind("spring.gen-1", "reply.celery.pidbox", "a");
    channel.queueBind("spring.gen-1", "reply.celery.pidbox", "b");
    // one queue in which messages for many wait: their keys are the queues that they go back to
    exchange("wait", "fanout");
    queue("work", null);
    queue("waiting", Map.of(DEAD_LETTERS, "", "x-message-ttl", 1_000));
    channel.queueBind("waiting", "wait", "");
    // dead letters by the keys that they came with
    exchange("jobs", "direct");
    exchange("jobs.dlx", "topic");
    queue("jobs", Map.of(DEAD_LETTERS, "jobs.dlx"));
    channel.queueBind("jobs", "jobs", "jobs.new");
    channel.queueBind("work", "jobs.dlx", "#.new");
    Map<String, Object> delayed = Map.of("x-delayed-type", "topic");
    channel.exchangeDeclare("later", "x-delayed-message", true, false, delayed);
    channel.queueBind("work", "later", "jobs.*");
    exchange("recent", "x-recent-history");
    channel.basicPublish("recent", "", null, new byte[0]);
    assertThat(lint()).isEmpty();
  }

  @Test
  void deadLettersThatGoNowhere() throws Exception {
    exchange("unbound.dlx", "fanout");
    exchange("before.dlx", "fanout");
    channel.exchangeBind("unbound.dlx", "before.dlx", "");
    exchange("direct.dlx", "direct");
    queue("sink", null);
    channel.queueBind("sink", "direct.dlx", "dead");
    queue("a", Map.of(DEAD_LETTERS, "missing.dlx"));
    queue("b", Map.of(DEAD_LETTERS, "before.dlx"));
    queue("c", Map.of(DEAD_LETTERS, "", KEY, "missing"));
    queue("d", Map.of(DEAD_LETTERS, "direct.dlx", KEY, "deaf"));
    queue("e", Map.of(DEAD_LETTERS, "direct.dlx"));
    queue("f", Map.of(DEAD_LETTERS, "direct.dlx", KEY, "dead"));
    assertThat(lint())
        .containsExactly(
            "dead-letters-lost: a loses its dead letters: there is no exchange missing.dlx",
            "dead-letters-lost: b loses its dead letters: nothing is bound to the exchange"
                + " before.dlx",
            "dead-letters-lost: c loses its dead letters: there is no queue missing",
            "dead-letters-lost: d loses its dead letters: the exchange direct.dlx leads the key"
                + " deaf to no queue",
            "dead-letters-lost: e loses its dead letters: the exchange direct.dlx leads the keys"
                + " that they came with to no queue");
  }

  @Test
  void deadLettersThatComeBack() throws Exception {
    queue("d", Map.of(DEAD_LETTERS, ""));
    queue("e", Map.of(DEAD_LETTERS, "", KEY, "e"));
    assertThat(lint())
        .containsExactly(
            "dead-letters-return: d gets its own dead letters back, or loses them: the default"
                + " exchange takes them by the keys that they came with",
            "dead-letters-return: e gets its own dead letters back: rejected ones go round, expired"
                + " ones are dropped");
  }

  @Test
  void anUnboundExchangeIsNamedOnceSomethingIsPublishedToIt() throws Exception {
    exchange("audit", "fanout");
    assertThat(lint()).isEmpty();
    channel.confirmSelect();
    channel.basicPublish("audit", "", null, new byte[0]);
    channel.waitForConfirmsOrDie(10_000);
    assertThat(lint())
        .containsExactly(
            "unbound: audit drops all that is published to it: nothing is bound to it");
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
    channel.queueBind("q", "h", "", Map.of("x-match", "all"));
    channel.queueBind("q", "h", "", Map.of("x-match", "any", "x-kind", "a"));
    channel.queueBind("q", "h", "", Map.of("x-match", "any-with-x", "x-kind", "a"));
    channel.exchangeDeclare("transient", "fanout", false);
    channel.queueBind("q", "transient", "a");
    channel.queueBind("q", "transient", "b");
    assertThat(lint())
        .containsExactly(
            "alternate-lost: x drops what no binding takes: there is no alternate exchange missing",
            "headers: h binds q without headers: it gets all",
            "headers: h binds q without headers: it gets nothing",
            "not-durable: q is no longer bound after a restart: the exchange transient is not"
                + " durable",
            "wildcard: t binds q with order.new*: * and # stand for whole words only, between dots",
            "wildcard: x binds q with order.*: a direct exchange takes * and # as they are");
  }

  @Test
  void eachVirtualHostHasItsOwnAndOnlyItsUsersSeeIt() throws Exception {
    queue("flawed", Map.of(DEAD_LETTERS, "missing.dlx"));
    http.put("/vhosts/other", Map.of());
    assertThat(http.read("/dev/lint/%2F").get("total").intValue()).isOne();
    assertThat(http.read("/dev/lint/other").get("total").intValue()).isZero();
    assertThat(http.get("/dev/lint/missing").status()).isEqualTo(404);
    http.put("/users/somebody", Map.of("password", "p", "tags", "management"));
    Object all = Map.of("configure", ".*", "write", ".*", "read", ".*");
    http.put("/permissions/other/somebody", all);
    ManagementClient somebody = ManagementClient.at(broker.uri(), "somebody", "p");
    assertThat(somebody.get("/dev/lint/other").status()).isEqualTo(200);
    assertThat(somebody.get("/dev/lint/%2F").status()).isEqualTo(401);
  }
}
