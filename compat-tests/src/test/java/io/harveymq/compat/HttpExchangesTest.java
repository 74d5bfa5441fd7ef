package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /exchanges}, but for {@code /publish}. */
class HttpExchangesTest extends HttpTest {
  private static final Map<String, Object> DIRECT = Map.of("type", "direct");

  @Test
  void exchangeIsDeclaredOnceAndFoundTheSame() {
    String path = exchangePath(name("hx"));
    http.get(path).isNotFound();
    http.put(path, DIRECT).isEmpty(201);
    http.put(path, DIRECT).isEmpty(204);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
  }

  @Test
  void exchangeHasTheFieldsThatClientsRead() {
    String exchange = putExchange("topic");
    JsonNode read = http.read(exchangePath(exchange));
    assertJson(
        read,
        """
        {"arguments":{},"auto_delete":false,"durable":false,"incoming":[],"internal":false,
         "name":"%s","outgoing":[],"type":"topic","user_who_performed_action":"%s","vhost":"/"}
        """
            .formatted(exchange, BrokerUnderTest.user()));
    JsonNode listed = only(http.read("/exchanges/%2F"), "name", exchange);
    assertFields(
        listed,
        "arguments",
        "auto_delete",
        "durable",
        "internal",
        "name",
        "type",
        "user_who_performed_action",
        "vhost");
  }

  @Test
  void bodyOfADeclarationMayBeEmpty() {
    for (Object body : new Object[] {EMPTY, "", null}) {
      String exchange = name("hx");
      http.put(exchangePath(exchange), body).isEmpty(201);
      JsonNode read = http.read(exchangePath(exchange));
      assertThat(read.get("type").textValue()).isEqualTo("direct");
      assertThat(read.get("durable").booleanValue()).isFalse();
    }
  }

  @Test
  void allPropertiesOfADeclarationCount() {
    String exchange = name("hx");
    String path = exchangePath(exchange);
    Map<String, Object> body =
        Map.of(
            "type", "headers",
            "durable", true,
            "auto_delete", true,
            "internal", true,
            "arguments", Map.of("alternate-exchange", "amq.fanout", "x-own", 7));
    http.put(path, body).isEmpty(201);
    http.put(path, body).isEmpty(204);
    JsonNode read = http.read(path);
    for (String key : body.keySet()) {
      assertThat(read.get(key)).as(key).isEqualTo(HttpAnswer.tree(body.get(key)));
    }
  }

  @Test
  void inequivalentDeclarationsAreRefusedInTheWordsOfAmqp() {
    String exchange = putExchange("direct");
    String path = exchangePath(exchange);
    String in = " for exchange '" + exchange + "' in vhost '/': received ";
    http.put(path, Map.of("type", "topic"))
        .isBadRequest("inequivalent arg 'type'" + in + "'topic' but current is 'direct'");
    http.put(path, Map.of("type", "direct", "durable", true))
        .isBadRequest("inequivalent arg 'durable'" + in + "'true' but current is 'false'");
    http.put(path, Map.of("type", "direct", "auto_delete", true))
        .isBadRequest("inequivalent arg 'auto_delete'" + in + "'true' but current is 'false'");
  }

  @Test
  void badDeclarationsAreRefused() {
    String exchange = name("hx");
    String path = exchangePath(exchange);
    http.put(path, "{").isBadRequest("not_json");
    // a fresh one: RabbitMQ calls a type "invalid" whose name it has met before in some other place
    String type = name("nope");
    http.put(path, Map.of("type", type)).isBadRequest("unknown exchange type '" + type + "'");
    http.put(path, Map.of("type", "direct", "durable", "x"))
        .isBadRequest(List.of("not_boolean", "x"));
    HttpAnswer refused = http.put(path, with(DIRECT, "arguments", Map.of("alternate-exchange", 1)));
    refused.isBadRequest(
        "invalid type 'long' for arg 'alternate-exchange' in exchange '"
            + exchange
            + "' in vhost '/'");
    http.get(path).isNotFound();
  }

  @Test
  void reservedNamesAreRefused() {
    http.put(exchangePath("amq.mine"), DIRECT).isError(401, "not_authorised", "Access refused.");
    http.delete(exchangePath("amq.direct")).isError(401, "not_authorised", "Access refused.");
    http.put(exchangePath("amq.direct"), Map.of("type", "direct", "durable", true)).isEmpty(204);
  }

  @Test
  void defaultExchangeIsCalledAmqDefault() {
    JsonNode read = http.read(exchangePath("amq.default"));
    assertThat(read.get("name").textValue()).isEmpty();
    assertThat(read.get("type").textValue()).isEqualTo("direct");
    assertThat(read.get("durable").booleanValue()).isTrue();
    http.put(exchangePath("amq.default"), DIRECT).isError(401, "not_authorised", "Access refused.");
    http.delete(exchangePath("amq.default")).isError(401, "not_authorised", "Access refused.");
    assertThat(HttpAnswer.column(http.read("/exchanges/%2F"), "name"))
        .contains(
            "",
            "amq.direct",
            "amq.fanout",
            "amq.headers",
            "amq.match",
            "amq.topic",
            "amq.rabbitmq.trace");
  }

  @Test
  void exchangesOfAllVhostsAreListed() {
    String exchange = putExchange("fanout");
    String vhost = newVhost();
    JsonNode all = http.read("/exchanges");
    assertThat(HttpAnswer.column(all, "name")).contains(exchange);
    assertThat(HttpAnswer.column(all, "vhost")).contains("/", vhost);
    assertThat(HttpAnswer.column(http.read("/exchanges/" + vhost), "vhost")).containsOnly(vhost);
    assertThat(HttpAnswer.column(http.read("/exchanges/" + vhost), "name"))
        .containsExactly(
            "",
            "amq.direct",
            "amq.fanout",
            "amq.headers",
            "amq.match",
            "amq.rabbitmq.trace",
            "amq.topic");
  }

  @Test
  void exchangeInUseIsNotDeletedIfUnused() throws Exception {
    String exchange = putExchange("fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    String path = exchangePath(exchange);
    http.delete(path + "?if-unused=true")
        .isBadRequest("exchange '" + exchange + "' in vhost '/' in use");
    channel.queueUnbind(queue, exchange, "");
    http.delete(path + "?if-unused=true").isEmpty(204);
  }

  @Test
  void bindingsAreListedFromBothEnds() throws Exception {
    String source = putExchange("topic");
    String destination = putExchange("fanout");
    channel.exchangeBind(destination, source, "k");
    channel.queueBind(newQueue(), source, "q");
    JsonNode outgoing = http.read(exchangePath(source) + "/bindings/source");
    assertThat(HttpAnswer.column(outgoing, "routing_key")).containsExactlyInAnyOrder("k", "q");
    JsonNode incoming = http.read(exchangePath(destination) + "/bindings/destination");
    assertJson(
        incoming,
        """
        [{"source":"%s","vhost":"/","destination":"%s","destination_type":"exchange",
          "routing_key":"k","arguments":{},"properties_key":"k"}]
        """
            .formatted(source, destination));
    assertJson(http.read(exchangePath(source) + "/bindings/destination"), List.of());
  }

  @Test
  void messagesInAndOutAreCounted() throws Exception {
    String exchange = putExchange("fanout");
    newQueue(exchange, "");
    newQueue(exchange, "");
    publish(exchange, "", "one");
    JsonNode read =
        eventually(
            exchangePath(exchange),
            found -> {
              assertThat(found.at("/message_stats/publish_in").intValue()).isEqualTo(1);
              assertThat(found.at("/message_stats/publish_out").intValue()).isEqualTo(2);
            });
    assertThat(HttpAnswer.fields(read.get("message_stats")))
        .containsExactly("publish_in", "publish_in_details", "publish_out", "publish_out_details");
    assertThat(read.at("/message_stats/publish_in_details/rate").isFloatingPointNumber()).isTrue();
  }

  @Test
  void policyOfAnExchangeIsShown() {
    String exchange = putExchange("direct");
    String policy = name("p");
    http.put(
            temporary("/policies/%2F/" + policy),
            Map.of(
                "pattern",
                "^" + exchange + "$",
                "definition",
                Map.of("alternate-exchange", "amq.fanout"),
                "apply-to",
                "exchanges"))
        .isEmpty(201);
    assertThat(http.read(exchangePath(exchange)).get("policy").textValue()).isEqualTo(policy);
  }

  @Test
  void nameMayNeedQuoting() {
    String exchange = name("x/y z%é");
    http.put(exchangePath(exchange), DIRECT).isEmpty(201);
    assertThat(http.read(exchangePath(exchange)).get("name").textValue()).isEqualTo(exchange);
  }
}
