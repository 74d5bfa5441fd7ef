package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that came after 3.10: there they are not found, elsewhere they answer. */
class HttpNewerVersionsTest extends HttpTest {
  private final boolean newer = !HttpTarget.current().before40();

  /** Fails unless the path answers so in 4.x, and is not found in 3.10. */
  private JsonNode read(String path) {
    HttpAnswer answer = http.get(path);
    if (newer) {
      return answer.ok();
    }
    answer.isNotFound();
    return null;
  }

  @Test
  void queuesAreListedInDetail() {
    String queue = putQueue(EMPTY);
    JsonNode queues = read("/queues/detailed");
    if (newer) {
      assertFields(
          only(queues, "name", queue),
          "name",
          "vhost",
          "type",
          "durable",
          "auto_delete",
          "exclusive",
          "arguments");
    }
  }

  @Test
  void deprecatedFeaturesAreListed() {
    JsonNode features = read("/deprecated-features");
    JsonNode used = read("/deprecated-features/used");
    if (newer) {
      assertThat(features.isArray()).isTrue();
      assertThat(used.isArray()).isTrue();
    }
  }

  /** By GET with the password in the path up to 4.2, which later versions refuse, then by POST. */
  @Test
  void passwordsAreHashed() {
    HttpAnswer hashed = http.get("/auth/hash_password/secret");
    if (!newer) {
      hashed.isNotFound();
      return;
    }
    if (hashed.status() != 200) {
      hashed = http.post("/auth/hash_password", Map.of("password", "secret"));
    }
    assertThat(hashed.ok().get("ok").textValue()).matches("[A-Za-z0-9+/]+=*");
  }

  @Test
  void versionNeedsNoCredentials() {
    HttpAnswer version = ManagementClient.authorized(null).get("/version");
    if (newer) {
      assertThat(version.ok().textValue()).isEqualTo(HttpTarget.current().version());
    } else {
      version.isNotFound();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "is-in-service",
        "ready-to-serve-clients",
        "below-node-connection-limit",
        "metadata-store/initialized",
        "metadata-store/initialized/with-data",
        "quorum-queues-without-elected-leaders/all-vhosts/"
      })
  void checksSayOk(String check) {
    JsonNode ok = read("/health/checks/" + check);
    if (newer) {
      assertThat(ok.get("status").textValue()).isEqualTo("ok");
    }
  }

  @Test
  void vhostsAreProtectedFromDeletion() {
    String path = "/vhosts/" + newVhost();
    HttpAnswer answer = http.post(path + "/deletion/protection", EMPTY);
    if (!newer) {
      assertThat(answer.status()).isIn(404, 405);
      return;
    }
    answer.isEmpty(204);
    assertThat(http.delete(path).status()).isBetween(400, 499);
    http.get(path).hasStatus(200);
    http.delete(path + "/deletion/protection").isEmpty(204);
    http.delete(path).isEmpty(204);
  }

  @Test
  void vhostsNameTheTypeOfTheirQueues() {
    String path = temporary("/vhosts/" + name("hv"));
    http.put(path, Map.of("default_queue_type", "quorum")).isEmpty(201);
    JsonNode read = http.read(path);
    assertThat(read.get("default_queue_type").textValue())
        .isEqualTo(newer ? "quorum" : "undefined");
    if (newer) {
      assertThat(read.at("/metadata/default_queue_type").textValue()).isEqualTo("quorum");
    }
  }

  @Test
  void consumersNameTheirTimeout() throws Exception {
    String tag = channel.basicConsume(newQueue(), true, (t, delivery) -> {}, t -> {});
    JsonNode consumers =
        eventually(
            "/consumers",
            found -> assertThat(HttpAnswer.column(found, "consumer_tag")).contains(tag));
    assertThat(only(consumers, "consumer_tag", tag).has("consumer_timeout")).isEqualTo(newer);
  }

  @Test
  void leadersOfOneVhostAreChecked() {
    JsonNode ok = read("/health/checks/quorum-queues-without-elected-leaders/vhost/" + newVhost());
    if (newer) {
      assertThat(ok.get("status").textValue()).isEqualTo("ok");
    }
  }

  @Test
  void whatNobodyHasIsNotFound() {
    for (String path : List.of("/nonsense", "/health", "/auth/none")) {
      http.get(path).isNotFound();
    }
  }
}
