package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * What every suite of the HTTP API needs. RabbitMQ's statistics come up to five seconds late, so
 * that everything alive is awaited. One thread, the test's.
 */
@Tag("management")
@Timeout(120)
abstract class HttpTest extends CompatTest {
  static final Map<String, Object> EMPTY = Map.of();

  private final Deque<String> temporary = new ArrayDeque<>();

  protected final ManagementClient http = ManagementClient.ofTarget();

  @AfterEach
  void deleteTemporary() {
    for (String path : temporary) {
      assertThat(http.delete(path).status()).as(path).isIn(204, 404);
    }
  }

  /** The path is deleted after the test, if it is still there; the last one comes first. */
  String temporary(String path) {
    temporary.push(path);
    return path;
  }

  /** The path of a queue in the default virtual host that CompatTest removes. */
  static String queuePath(String queue) {
    return "/queues/%2F/" + ManagementClient.segment(queue);
  }

  static String exchangePath(String exchange) {
    return "/exchanges/%2F/" + ManagementClient.segment(exchange);
  }

  /** A queue of the default virtual host, declared by HTTP. */
  String putQueue(Map<String, Object> body) {
    String queue = name("hq");
    http.put(queuePath(queue), body).isEmpty(201);
    return queue;
  }

  /** An exchange of the default virtual host, declared by HTTP. */
  String putExchange(String type) {
    String exchange = name("hx");
    http.put(exchangePath(exchange), Map.of("type", type)).isEmpty(201);
    return exchange;
  }

  /** A fresh virtual host, which its creator may use. */
  String newVhost() {
    String vhost = name("hv");
    http.put(temporary("/vhosts/" + vhost), EMPTY).isEmpty(201);
    return vhost;
  }

  /** A fresh user with the password {@code p} and no permissions. */
  String newUser(String tags) {
    String user = name("hu");
    http.put(temporary("/users/" + user), Map.of("password", "p", "tags", tags)).isEmpty(201);
    return user;
  }

  void permit(String user, String vhost, String configure, String write, String read) {
    String path = "/permissions/" + ManagementClient.segment(vhost) + "/" + user;
    Map<String, String> rights = Map.of("configure", configure, "write", write, "read", read);
    assertThat(http.put(path, rights).status()).isIn(201, 204);
  }

  /** Reads the path until what is read passes; for what RabbitMQ shows late. */
  JsonNode eventually(String path, Consumer<JsonNode> assertions) {
    List<JsonNode> read = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              JsonNode found = http.read(path);
              assertions.accept(found);
              read.add(found);
            });
    return read.get(0);
  }

  /** A connection that was given this name, once it is listed. */
  JsonNode awaitListed(String connection) {
    JsonNode list =
        eventually(
            "/connections",
            found ->
                assertThat(HttpAnswer.column(found, "user_provided_name")).contains(connection));
    return only(list, "user_provided_name", connection);
  }

  /** A map that keeps nulls and any number of keys, for bodies. */
  static Map<String, Object> with(Map<String, Object> body, String key, Object value) {
    Map<String, Object> changed = new TreeMap<>(body);
    changed.put(key, value);
    return changed;
  }

  static Map<String, Object> without(Map<String, Object> body, String key) {
    Map<String, Object> changed = new TreeMap<>(body);
    changed.remove(key);
    return changed;
  }

  /**
   * Fails unless the object has these fields: with 3.10 no others, with other versions perhaps
   * more.
   *
   * @param only310 fields that only 3.10 has to have
   */
  static void assertFields(JsonNode object, List<String> always, List<String> only310) {
    if (HttpTarget.current().is310()) {
      List<String> all = new ArrayList<>(always);
      all.addAll(only310);
      assertThat(HttpAnswer.fields(object)).containsExactlyInAnyOrderElementsOf(all);
    } else {
      assertThat(HttpAnswer.fields(object)).containsAll(always);
    }
  }

  static void assertFields(JsonNode object, String... always) {
    assertFields(object, List.of(always), List.of());
  }

  /** The only item of an array whose field has the value; fails if there is none or another. */
  static JsonNode only(JsonNode array, String field, String value) {
    List<JsonNode> found = new ArrayList<>();
    assertThat(array.isArray()).as("an array: " + array).isTrue();
    array.forEach(
        item -> {
          if (item.path(field).asText().equals(value)) {
            found.add(item);
          }
        });
    assertThat(found).as("%s %s in %s", field, value, array).hasSize(1);
    return found.get(0);
  }

  /** Fails unless the object equals this JSON, the order of fields aside. */
  static void assertJson(JsonNode actual, Object expected) {
    assertThat(actual)
        .isEqualTo(
            expected instanceof String text
                ? HttpAnswer.parse(text)
                : HttpAnswer.parse(HttpAnswer.tree(expected).toString()));
  }
}
