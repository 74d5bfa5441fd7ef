package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /parameters}, {@code /global-parameters}, {@code /vhost-limits}, {@code /user-limits}. */
class HttpParametersTest extends HttpTest {
  private static final String FAILED = "Validation failed\n\n";

  private static Map<String, Object> value(Object value) {
    return Map.of("value", value);
  }

  @Test
  void parameterIsSetChangedAndCleared() {
    String vhost = newVhost();
    String path = "/parameters/vhost-limits/" + vhost + "/limits";
    http.get(path).isNotFound();
    http.put(path, value(Map.of("max-queues", 3))).isEmpty(201);
    http.put(path, value(Map.of("max-queues", 4))).isEmpty(204);
    Map<String, Object> expected =
        Map.of(
            "value",
            Map.of("max-queues", 4),
            "vhost",
            vhost,
            "component",
            "vhost-limits",
            "name",
            "limits");
    assertJson(http.read(path), expected);
    assertJson(http.read("/parameters/vhost-limits/" + vhost), List.of(expected));
    assertJson(only(http.read("/parameters/vhost-limits"), "vhost", vhost), expected);
    assertJson(only(http.read("/parameters"), "vhost", vhost), expected);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
  }

  @Test
  void badParametersAreRefused() {
    String vhost = newVhost();
    String limits = "/parameters/vhost-limits/" + vhost + "/limits";
    http.put(limits, EMPTY).misses("value");
    http.put("/parameters/nope/" + vhost + "/x", value(1))
        .isBadRequest(FAILED + "component nope not found\n");
    http.put("/parameters/policy/" + vhost + "/x", value(EMPTY))
        .isBadRequest("policies may not be set using this method");
    http.put(limits, value(Map.of("x", 3)))
        .isBadRequest(FAILED + "Unrecognised terms [{&lt;&lt;\"x\"&gt;&gt;,3}] in limits\n");
  }

  @Test
  void unknownComponentsHaveNoParameters() {
    assertThat(http.read("/parameters/none")).isEmpty();
    http.get("/parameters/none/%2F/x").isNotFound();
    http.get("/parameters/vhost-limits/" + name("none")).isNotFound();
  }

  @Test
  void globalParameterIsSetChangedAndCleared() {
    String name = name("g");
    String path = temporary("/global-parameters/" + name);
    http.get(path).isNotFound();
    http.put(path, value(Map.of("a", List.of(1)))).isEmpty(201);
    assertJson(http.read(path), Map.of("name", name, "value", Map.of("a", List.of(1))));
    http.put(path, value("text")).isEmpty(204);
    assertJson(
        only(http.read("/global-parameters"), "name", name), Map.of("name", name, "value", "text"));
    http.put(path, EMPTY).misses("value");
    http.put(path, "{").isBadRequest("not_json");
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
  }

  @Test
  void vhostLimitsAreSetAndCleared() {
    String vhost = newVhost();
    String path = "/vhost-limits/" + vhost;
    assertThat(http.read(path)).isEmpty();
    http.put(path + "/max-connections", value(3)).isEmpty(204);
    http.put(path + "/max-queues", value(-1)).isEmpty(204);
    Map<String, Object> expected =
        Map.of("vhost", vhost, "value", Map.of("max-connections", 3, "max-queues", -1));
    assertJson(http.read(path), List.of(expected));
    assertJson(only(http.read("/vhost-limits"), "vhost", vhost), expected);
    http.delete(path + "/max-queues").isEmpty(204);
    assertJson(http.read(path).get(0).get("value"), Map.of("max-connections", 3));
    http.delete(path + "/max-connections").isEmpty(204);
    http.delete(path + "/max-connections").isEmpty(204);
    assertThat(http.read(path)).isEmpty();
    assertJson(
        only(http.read("/vhost-limits"), "vhost", vhost),
        Map.of("vhost", vhost, "value", List.of()));
  }

  @Test
  void vhostLimitsMayBeSetToNothing() {
    for (Object nothing : List.of(List.of(), EMPTY)) {
      String vhost = newVhost();
      String path = "/parameters/vhost-limits/" + vhost;
      assertThat(http.read(path)).isEmpty();
      http.put(path + "/limits", value(nothing)).isEmpty(201);
      assertJson(http.read(path + "/limits").get("value"), List.of());
      http.delete(path + "/limits").isEmpty(204);
      assertThat(http.read(path)).isEmpty();
    }
  }

  @Test
  void vhostLimitTakesEffect() {
    String vhost = newVhost();
    http.put("/vhost-limits/" + vhost + "/max-queues", value(1)).isEmpty(204);
    http.put("/queues/" + vhost + "/a", EMPTY).isEmpty(201);
    HttpAnswer refused = http.put("/queues/" + vhost + "/b", EMPTY);
    refused.isBadRequest(
        "cannot declare queue 'b': queue limit in vhost '" + vhost + "' (1) is reached");
  }

  @Test
  void badVhostLimitsAreRefused() {
    String path = "/vhost-limits/" + newVhost();
    http.put(path + "/nope", value(3))
        .isBadRequest(FAILED + "Unrecognised terms [{<<\"nope\">>,3}] in limits\n");
    http.put(path + "/max-queues", EMPTY).misses("value");
    http.put(path + "/max-queues", value("x"))
        .isBadRequest(FAILED + "max-queues should be a number, actually was <<\"x\">>\n");
    String none = "/vhost-limits/" + name("none");
    http.put(none + "/max-queues", value(3)).isError(404, "not_found", "vhost_not_found");
    http.get(none).isNotFound();
    assertThat(http.get(path + "/max-queues").isEmpty(405).header("allow"))
        .isEqualTo("PUT, DELETE, OPTIONS");
  }

  @Test
  void userLimitsAreSetAndCleared() {
    String user = newUser("");
    String path = "/user-limits/" + user;
    assertThat(http.read(path)).isEmpty();
    http.put(path + "/max-connections", value(3)).isEmpty(204);
    http.put(path + "/max-channels", value(-1)).isEmpty(204);
    Map<String, Object> limits = Map.of("max-connections", 3, "max-channels", -1);
    assertJson(http.read(path), List.of(Map.of("user", user, "value", limits)));
    assertJson(only(http.read("/user-limits"), "user", user).get("value"), limits);
    assertJson(http.read("/users/" + user).get("limits"), limits);
    http.delete(path + "/max-channels").isEmpty(204);
    http.delete(path + "/max-connections").isEmpty(204);
    http.delete(path + "/max-connections").isEmpty(204);
    assertThat(http.read(path)).isEmpty();
  }

  @Test
  void badUserLimitsAreRefused() {
    String path = "/user-limits/" + newUser("");
    http.put(path + "/nope", value(3))
        .isBadRequest("Unrecognised terms [{<<\"nope\">>,3}] in user-limits");
    http.put(path + "/max-channels", EMPTY).misses("value");
    http.put(path + "/max-channels", value("x"))
        .isBadRequest("max-channels should be a number, actually was <<\"x\">>");
    String none = name("none");
    http.put("/user-limits/" + none + "/max-channels", value(3))
        .isBadRequest(List.of("no_such_user", none));
    http.get("/user-limits/" + none).isNotFound();
  }

  @Test
  void featureFlagsAreListedAndEnabled() {
    JsonNode flags = http.read("/feature-flags");
    assertThat(flags).isNotEmpty();
    JsonNode quorum = only(flags, "name", "quorum_queue");
    assertFields(quorum, "desc", "doc_url", "name", "provided_by", "stability", "state");
    assertThat(quorum.get("state").textValue()).isEqualTo("enabled");
    flags.forEach(
        flag -> {
          assertThat(flag.get("state").textValue())
              .isIn("enabled", "disabled", "unavailable", "unsupported", "state_changing");
          assertThat(flag.get("stability").textValue()).isIn("stable", "required", "experimental");
        });
    http.put("/feature-flags/quorum_queue/enable", Map.of("name", "quorum_queue")).isEmpty(204);
    http.put("/feature-flags/none/enable", Map.of("name", "none")).isBadRequest("unsupported");
  }
}
