package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /bindings}, and the names that bindings have in it. */
class HttpBindingsTest extends HttpTest {
  private String exchange;
  private String queue;
  private String path;

  @BeforeEach
  void declare() {
    exchange = putExchange("topic");
    queue = putQueue(EMPTY);
    path = "/bindings/%2F/e/" + exchange + "/q/" + queue;
  }

  /** Binds, and returns the properties_key that the answer's Location names. */
  private String bind(String key, Map<String, Object> arguments) {
    HttpAnswer bound = http.post(path, Map.of("routing_key", key, "arguments", arguments));
    String location = bound.isEmpty(201).header("location");
    assertThat(location).startsWith(queue + "/");
    return URLDecoder.decode(location.substring(queue.length() + 1), StandardCharsets.UTF_8);
  }

  @Test
  void bindingHasTheFieldsThatClientsRead() {
    bind("a.b", Map.of("x", 1));
    JsonNode bindings = http.read(path);
    assertThat(bindings).hasSize(1);
    JsonNode binding = bindings.get(0);
    assertFields(
        binding,
        "source",
        "vhost",
        "destination",
        "destination_type",
        "routing_key",
        "arguments",
        "properties_key");
    assertThat(binding.get("source").textValue()).isEqualTo(exchange);
    assertThat(binding.get("vhost").textValue()).isEqualTo("/");
    assertThat(binding.get("destination").textValue()).isEqualTo(queue);
    assertThat(binding.get("destination_type").textValue()).isEqualTo("queue");
    assertThat(binding.get("routing_key").textValue()).isEqualTo("a.b");
    assertJson(binding.get("arguments"), Map.of("x", 1));
    String key = binding.get("properties_key").textValue();
    assertThat(key).matches("a\\.b~[A-Za-z0-9_-]{5,6}");
    assertThat(http.read(path + "/" + key)).isEqualTo(binding);
  }

  @Test
  void emptyKeyIsATilde() {
    assertThat(bind("", EMPTY)).isEqualTo("~");
    JsonNode binding = http.read(path + "/~");
    assertThat(binding.get("properties_key").textValue()).isEqualTo("~");
    assertThat(binding.get("routing_key").textValue()).isEmpty();
    http.delete(path + "/~").isEmpty(204);
    http.delete(path + "/~").isNotFound();
    http.get(path + "/~").isNotFound();
  }

  @Test
  void bodyMayBeEmpty() {
    for (Object body : new Object[] {EMPTY, ""}) {
      http.post(path, body).isEmpty(201);
      http.delete(path + "/~").isEmpty(204);
    }
  }

  @Test
  void plainKeysStandForThemselves() {
    assertThat(bind("a.b-c_d", EMPTY)).isEqualTo("a.b-c_d");
    http.get(path + "/a.b-c_d").hasStatus(200);
    http.delete(path + "/a.b-c_d").isEmpty(204);
  }

  @Test
  void otherKeysAreQuotedOnceInJsonAndTwiceInPaths() {
    assertThat(bind("a b/c~%.é", EMPTY)).isEqualTo("a+b%2Fc%7E%25.%C3%A9");
    assertThat(bind("a.*", EMPTY)).isEqualTo("a.%2A");
    assertThat(bind("a.#", EMPTY)).isEqualTo("a.%23");
    assertThat(bind("~", EMPTY)).isEqualTo("%7E");
    for (String key : HttpAnswer.column(http.read(path), "properties_key")) {
      String quoted = path + "/" + ManagementClient.segment(key);
      assertThat(http.read(quoted).get("properties_key").textValue()).isEqualTo(key);
      http.delete(quoted).isEmpty(204);
    }
    assertThat(http.read(path)).isEmpty();
  }

  @Test
  void keyWithoutOddCharactersNeedsNoSecondQuoting() {
    bind("a.*", EMPTY);
    http.get(path + "/a.*").hasStatus(200);
    http.delete(path + "/a.*").isEmpty(204);
  }

  @Test
  void argumentsAreToldApartByAHash() {
    String one = bind("k", Map.of("a", 1));
    String two = bind("k", Map.of("a", 2));
    String none = bind("k", EMPTY);
    String noKey = bind("", Map.of("a", 1));
    assertThat(none).isEqualTo("k");
    assertThat(one).startsWith("k~").isNotEqualTo(two);
    assertThat(noKey).isEqualTo("~" + one.substring(2));
    assertThat(http.read(path)).hasSize(4);
    assertJson(http.read(path + "/" + two).get("arguments"), Map.of("a", 2));
    http.delete(path + "/" + one).isEmpty(204);
    assertThat(HttpAnswer.column(http.read(path), "properties_key"))
        .containsExactlyInAnyOrder(two, none, noKey);
  }

  @Test
  void orderOfArgumentsMakesNoOtherBinding() {
    String first =
        http.post(path, "{\"routing_key\":\"r\",\"arguments\":{\"x\":1,\"y\":\"z\"}}")
            .isEmpty(201)
            .header("location");
    String second =
        http.post(path, "{\"routing_key\":\"r\",\"arguments\":{\"y\":\"z\",\"x\":1}}")
            .isEmpty(201)
            .header("location");
    assertThat(second).isEqualTo(first);
    assertThat(http.read(path)).hasSize(1);
  }

  @Test
  void sameBindingAgainIsNoDuplicate() {
    assertThat(bind("k", EMPTY)).isEqualTo(bind("k", EMPTY));
    assertThat(http.read(path)).hasSize(1);
  }

  @Test
  void argumentsMayBeOfManyTypes() {
    Map<String, Object> arguments =
        Map.of("i", 1, "f", 1.5, "b", true, "l", List.of(1, "x"), "t", Map.of("e", "f"));
    bind("k", arguments);
    assertJson(http.read(path).get(0).get("arguments"), arguments);
  }

  @Test
  void exchangesAreBoundToExchanges() {
    String destination = putExchange("fanout");
    String both = "/bindings/%2F/e/" + exchange + "/e/" + destination;
    HttpAnswer bound = http.post(both, Map.of("routing_key", "e")).isEmpty(201);
    assertThat(bound.header("location")).isEqualTo(destination + "/e");
    assertThat(http.read(both + "/e").get("destination_type").textValue()).isEqualTo("exchange");
    assertThat(http.read(both)).hasSize(1);
    http.delete(both + "/e").isEmpty(204);
    assertThat(http.read(both)).isEmpty();
  }

  @Test
  void bindingsOfUnknownThingsAreNoneOrRefused() {
    String none = name("none");
    assertThat(http.read("/bindings/%2F/e/" + exchange + "/q/" + none)).isEmpty();
    assertThat(http.read("/bindings/%2F/e/" + none + "/q/" + queue)).isEmpty();
    http.post("/bindings/%2F/e/" + exchange + "/q/" + none, EMPTY)
        .isError(404, "not_found", "no queue '" + none + "' in vhost '/'");
    http.post("/bindings/%2F/e/" + none + "/q/" + queue, EMPTY)
        .isError(404, "not_found", "no exchange '" + none + "' in vhost '/'");
    http.delete(path + "/none").isNotFound();
    http.delete(path + "/none~abcdef").isNotFound();
  }

  @Test
  void defaultExchangeBindsEveryQueueAndNothingElse() {
    String implicit = "/bindings/%2F/e/amq.default/q/" + queue;
    JsonNode bindings = http.read(implicit);
    assertThat(bindings).hasSize(1);
    assertThat(bindings.get(0).get("source").textValue()).isEmpty();
    assertThat(bindings.get(0).get("properties_key").textValue()).isEqualTo(queue);
    http.get(implicit + "/" + queue).hasStatus(200);
    http.post(implicit, Map.of("routing_key", "z"))
        .isError(401, "not_authorised", "Access refused.");
    http.delete(implicit + "/" + queue).isError(401, "not_authorised", "Access refused.");
  }

  @Test
  void bindingsOfAllVhostsAreListed() {
    bind("listed", EMPTY);
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/q", EMPTY).isEmpty(201);
    assertThat(HttpAnswer.column(http.read("/bindings/%2F"), "routing_key"))
        .contains("listed", queue);
    assertThat(HttpAnswer.column(http.read("/bindings"), "vhost")).contains("/", vhost);
    assertJson(
        http.read("/bindings/" + vhost),
        """
        [{"source":"","vhost":"%s","destination":"q","destination_type":"queue",
          "routing_key":"q","arguments":{},"properties_key":"q"}]
        """
            .formatted(vhost));
  }
}
