package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /permissions} and {@code /topic-permissions}. */
class HttpPermissionsTest extends HttpTest {
  private static final Map<String, Object> RIGHTS =
      Map.of("configure", ".*", "write", "", "read", "^a");

  private String user;
  private String path;
  private String topicPath;

  @BeforeEach
  void addUser() {
    user = newUser("management");
    path = "/permissions/%2F/" + user;
    topicPath = "/topic-permissions/%2F/" + user;
  }

  private Map<String, Object> topic(String exchange, String write, String read) {
    return Map.of("exchange", exchange, "write", write, "read", read);
  }

  @Test
  void permissionIsSetChangedAndCleared() {
    http.get(path).isNotFound();
    http.put(path, RIGHTS).isEmpty(201);
    JsonNode read = http.read(path);
    assertJson(
        read, Map.of("user", user, "vhost", "/", "configure", ".*", "write", "", "read", "^a"));
    http.put(path, with(RIGHTS, "write", "w")).isEmpty(204);
    assertThat(http.read(path).get("write").textValue()).isEqualTo("w");
    assertThat(HttpAnswer.column(http.read("/permissions"), "user")).contains(user);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
  }

  @Test
  void allThreeRightsHaveToBeThere() {
    for (String right : List.of("configure", "write", "read")) {
      http.put(path, without(RIGHTS, right)).misses(right);
    }
    http.put(path, "{").isBadRequest("not_json");
    http.get(path).isNotFound();
  }

  @Test
  void rightsHaveToBeRegularExpressions() {
    HttpAnswer refused = http.put(path, with(RIGHTS, "write", "["));
    refused.hasStatus(400);
    JsonNode error = refused.json();
    assertThat(error.get("error").textValue()).isEqualTo("bad_request");
    assertThat(error.get("reason").get(0).textValue()).isEqualTo("invalid_regexp");
    http.get(path).isNotFound();
  }

  @Test
  void unknownUserOrVhostIsRefused() {
    http.put("/permissions/%2F/" + name("none"), RIGHTS).isBadRequest("vhost_or_user_not_found");
    http.put("/permissions/" + name("none") + "/" + user, RIGHTS)
        .isBadRequest("vhost_or_user_not_found");
    http.get("/permissions/" + name("none") + "/" + user).isNotFound();
  }

  @Test
  void topicPermissionIsSetChangedAndCleared() {
    http.get(topicPath).isNotFound();
    http.put(topicPath, topic("amq.topic", "^a", "b$")).isEmpty(201);
    http.put(topicPath, topic("amq.topic", "^a", "c$")).isEmpty(204);
    List<Map<String, String>> expected =
        List.of(
            Map.of(
                "user", user, "vhost", "/", "exchange", "amq.topic", "write", "^a", "read", "c$"));
    assertJson(http.read(topicPath), expected);
    assertJson(http.read(topicPath + "/amq.topic"), expected);
    assertJson(http.read("/users/" + user + "/topic-permissions"), expected);
    assertJson(only(http.read("/topic-permissions"), "user", user), expected.get(0));
    assertJson(only(http.read("/vhosts/%2F/topic-permissions"), "user", user), expected.get(0));
    http.delete(topicPath).isEmpty(204);
    http.delete(topicPath).isNotFound();
  }

  @Test
  void topicPermissionOfOneExchangeIsCleared() {
    http.put(topicPath, topic("amq.topic", "^a", "b$")).isEmpty(201);
    // RabbitMQ calls it new only if the user had none at all in the virtual host
    http.put(topicPath, topic("other", "^a", "b$")).isEmpty(204);
    http.delete(topicPath + "/amq.topic").isEmpty(204);
    assertThat(HttpAnswer.column(http.read(topicPath), "exchange")).containsExactly("other");
  }

  @Test
  void badTopicPermissionsAreRefused() {
    Map<String, Object> good = topic("amq.topic", "", "");
    for (String key : List.of("exchange", "write", "read")) {
      http.put(topicPath, without(good, key)).misses(key);
    }
    HttpAnswer refused = http.put(topicPath, topic("x", "[", ""));
    assertThat(refused.hasStatus(400).json().get("reason").get(0).textValue())
        .isEqualTo("invalid_regexp");
    http.put("/topic-permissions/%2F/" + name("none"), good)
        .isBadRequest("vhost_or_user_not_found");
  }
}
