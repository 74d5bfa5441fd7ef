package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /policies} and {@code /operator-policies}. */
class HttpPoliciesTest extends HttpTest {
  private static final Map<String, Object> LENGTH = Map.of("max-length", 3);
  private static final Map<String, Object> BODY = Map.of("pattern", "^p", "definition", LENGTH);

  /** Policies escape markup in what they say, operator policies do not. */
  private static String term(String kind, String text) {
    String plain = "<<\"" + text + "\">>";
    return kind.equals("policies") ? plain.replace("<", "&lt;").replace(">", "&gt;") : plain;
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "operator-policies"})
  void policyIsSetChangedAndCleared(String kind) {
    String vhost = newVhost();
    String path = "/" + kind + "/" + vhost + "/p1";
    http.get(path).isNotFound();
    http.put(path, BODY).isEmpty(201);
    Map<String, Object> expected =
        Map.of(
            "vhost",
            vhost,
            "name",
            "p1",
            "pattern",
            "^p",
            "apply-to",
            "all",
            "definition",
            LENGTH,
            "priority",
            0);
    assertJson(http.read(path), expected);
    http.put(path, with(with(BODY, "priority", 5), "apply-to", "queues")).isEmpty(204);
    Map<String, Object> changed = with(with(expected, "priority", 5), "apply-to", "queues");
    assertJson(http.read(path), changed);
    assertJson(http.read("/" + kind + "/" + vhost), List.of(changed));
    assertJson(only(http.read("/" + kind), "vhost", vhost), changed);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
    assertThat(http.read("/" + kind + "/" + vhost)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "operator-policies"})
  void badPoliciesAreRefused(String kind) {
    String path = "/" + kind + "/" + newVhost() + "/p";
    String failed = "Validation failed\n\n";
    http.put(path, without(BODY, "pattern")).misses("pattern");
    http.put(path, without(BODY, "definition")).misses("definition");
    http.put(path, "{").isBadRequest("not_json");
    http.put(path, with(BODY, "definition", EMPTY)).isBadRequest(failed + "no policy provided\n");
    http.put(path, with(BODY, "definition", Map.of("nope", 1)))
        .isBadRequest(
            failed + "[{" + term(kind, "nope") + ",1}] are not recognised policy settings\n");
    http.put(path, with(BODY, "definition", Map.of("max-length", "x")))
        .isBadRequest(failed + term(kind, "x") + " is not a valid maximum length\n");
    http.put(path, with(BODY, "definition", Map.of("max-length", -1)))
        .isBadRequest(failed + "-1 is not a valid maximum length\n");
    http.put(path, with(BODY, "definition", Map.of("expires", "x")))
        .isBadRequest(failed + term(kind, "x") + " is not a valid queue expiry\n");
    http.put(path, with(BODY, "priority", "3"))
        .isBadRequest(
            failed + "priority should be a number, actually was " + term(kind, "3") + "\n");
    http.put(path, with(BODY, "pattern", 1))
        .isBadRequest(failed + "pattern should be a binary but was 1\n");
    http.get(path).isNotFound();
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "operator-policies"})
  void whatAPolicyAppliesToIsChecked(String kind) {
    String path = "/" + kind + "/" + newVhost() + "/p";
    HttpAnswer refused = http.put(path, with(BODY, "apply-to", "x")).hasStatus(400);
    assertThat(refused.json().get("reason").textValue())
        .startsWith("Validation failed\n\napply-to 'x' unrecognised; should be ");
    for (String target : List.of("queues", "all")) {
      assertThat(http.put(path, with(BODY, "apply-to", target)).status()).isIn(201, 204);
      assertThat(http.read(path).get("apply-to").textValue()).isEqualTo(target);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "operator-policies"})
  void patternHasToBeARegularExpression(String kind) {
    String path = "/" + kind + "/" + newVhost() + "/p";
    HttpAnswer refused = http.put(path, with(BODY, "pattern", "[")).hasStatus(400);
    assertThat(refused.json().get("error").textValue()).isEqualTo("bad_request");
    assertThat(refused.json().get("reason").textValue())
        .startsWith("Validation failed\n\npattern should be regular expression but is invalid: {")
        .endsWith("}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "operator-policies"})
  void unknownVhostIsNotFound(String kind) {
    String path = "/" + kind + "/" + name("none");
    http.put(path + "/p", BODY).isError(404, "not_found", "vhost_not_found");
    http.get(path).isNotFound();
    http.get(path + "/p").isNotFound();
    http.delete(path + "/p").isNotFound();
  }

  @Test
  void operatorsMayNotSayEverything() {
    Map<String, Object> exchange = with(BODY, "definition", Map.of("alternate-exchange", "q"));
    http.put("/operator-policies/" + newVhost() + "/p", exchange)
        .isBadRequest(
            "Validation failed\n\n[{<<\"alternate-exchange\">>,<<\"q\">>}] are not recognised"
                + " policy settings\n");
    http.put("/policies/" + newVhost() + "/p", exchange).isEmpty(201);
  }

  @Test
  void bodyMayNotRenameThePolicy() {
    String vhost = newVhost();
    Map<String, Object> body = with(with(BODY, "name", "other"), "vhost", "none");
    http.put("/policies/" + vhost + "/p", body).isEmpty(201);
    JsonNode read = http.read("/policies/" + vhost);
    assertThat(HttpAnswer.column(read, "name")).containsExactly("p");
    assertThat(HttpAnswer.column(read, "vhost")).containsExactly(vhost);
  }

  @Test
  void policyTakesEffectAtOnce() throws Exception {
    String queue = newQueue();
    http.put(
            temporary("/policies/%2F/" + name("p")),
            Map.of("pattern", "^" + queue + "$", "definition", Map.of("max-length", 1)))
        .isEmpty(201);
    fill(queue, "a", "b");
    assertThat(drain(queue)).containsExactly("b");
  }
}
