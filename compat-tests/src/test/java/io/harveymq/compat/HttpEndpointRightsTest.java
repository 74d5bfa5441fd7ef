package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every endpoint with every tag: {@code access/endpoints.txt} says what is answered, in the own
 * virtual host and in one without a permission.
 */
class HttpEndpointRightsTest extends HttpTest {
  private static final List<String> TAGS =
      List.of("", "management", "policymaker", "monitoring", "administrator");

  /** A line of the table. */
  private record Row(String method, String path, String body, List<String> statuses, String only) {
    static Row of(String line) {
      String[] parts = line.split(" \\| ");
      String[] request = parts[0].split(" ", 3);
      return new Row(
          request[0],
          request[1],
          request.length > 2 ? request[2] : null,
          List.of(parts[1].split(" ")),
          parts.length > 2 ? parts[2] : "");
    }

    boolean isThere() {
      return switch (only) {
        case "4" -> !HttpTarget.current().before40();
        case "harvey" -> BrokerUnderTest.isEmbedded();
        default -> true;
      };
    }
  }

  private final List<ManagementClient> clients = new ArrayList<>();
  private Map<String, String> names;

  @BeforeEach
  void addUsers() {
    String own = newVhost();
    String foreign = newVhost();
    List<String> users = new ArrayList<>();
    for (String tag : TAGS) {
      String user = newUser(tag);
      users.add(user);
      permit(user, own, ".*", ".*", ".*");
      clients.add(ManagementClient.as(user, "p"));
    }
    String global = name("g");
    names =
        Map.of(
            "{v}", own,
            "{w}", foreign,
            "{u}", users.get(0),
            "{g}", global,
            "{node}", HttpTarget.current().node());
    fill(own);
    fill(foreign);
    http.put(temporary("/global-parameters/" + global), Map.of("value", 1)).isEmpty(201);
    http.put("/user-limits/" + users.get(0) + "/max-channels", Map.of("value", 100)).isEmpty(204);
    http.put(
            "/topic-permissions/" + own + "/" + users.get(0),
            Map.of("exchange", "x", "write", ".*", "read", ".*"))
        .isEmpty(201);
  }

  private void fill(String vhost) {
    Map<String, Object> policy = Map.of("pattern", "^n$", "definition", Map.of("max-length", 1));
    http.put("/queues/" + vhost + "/q", Map.of("durable", true)).isEmpty(201);
    http.put("/exchanges/" + vhost + "/x", Map.of("type", "topic", "durable", true)).isEmpty(201);
    http.post("/bindings/" + vhost + "/e/x/q/q", Map.of("routing_key", "k")).hasStatus(201);
    http.put("/policies/" + vhost + "/p", policy).isEmpty(201);
    http.put("/operator-policies/" + vhost + "/p", policy).isEmpty(201);
    http.put("/vhost-limits/" + vhost + "/max-queues", Map.of("value", 100)).isEmpty(204);
  }

  private static List<Row> rows() {
    try (InputStream table =
        HttpEndpointRightsTest.class.getResourceAsStream("/access/endpoints.txt")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(Row::of)
          .toList();
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private String named(String text) {
    String named = text;
    for (Map.Entry<String, String> name : names.entrySet()) {
      named = named == null ? null : named.replace(name.getKey(), name.getValue());
    }
    return named;
  }

  @Test
  void everyTagMayWhatItMayAndNothingElse() {
    SoftAssertions softly = new SoftAssertions();
    for (Row row : rows()) {
      for (int i = 0; row.isThere() && i < TAGS.size(); i++) {
        HttpAnswer answer = clients.get(i).send(row.method, named(row.path), named(row.body));
        softly
            .assertThat(Integer.toString(answer.status()))
            .as("%s as '%s'", answer, TAGS.get(i))
            .isIn((Object[]) row.statuses.get(i).split("/"));
        if (answer.status() == 401 && !row.path.equals("/login") && !row.method.equals("HEAD")) {
          softly.assertThat(answer.body()).contains("not_authorised");
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void withoutLoggingInThereIsNothing() {
    ManagementClient nobody = ManagementClient.authorized(null);
    SoftAssertions softly = new SoftAssertions();
    for (Row row : rows()) {
      boolean open = row.statuses.get(0).equals("200") || row.path.equals("/login");
      if (row.isThere() && !open) {
        HttpAnswer answer = nobody.send(row.method, named(row.path), named(row.body));
        softly.assertThat(answer.status()).as("%s", answer).isEqualTo(401);
        softly.assertThat(answer.body()).as("%s", answer).isEmpty();
      }
    }
    softly.assertAll();
  }

  @Test
  void thereIsNoEndpointThatTheTableDoesNotHave() {
    org.junit.jupiter.api.Assumptions.assumeTrue(BrokerUnderTest.isEmbedded());
    TreeSet<String> missing = new TreeSet<>();
    http.read("/docs")
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (!method.equals("parameters") && !isInTable(method, path.getKey())) {
                            missing.add(method + " " + path.getKey());
                          }
                        }));
    assertThat(missing).isEmpty();
  }

  private static boolean isInTable(String method, String template) {
    String pattern = template.replaceAll("\\{[a-z_]+}", "[^/]+");
    return rows().stream()
        .anyMatch(
            row ->
                (row.method.equalsIgnoreCase(method)
                        || row.method.equals("HEAD") && method.equals("get"))
                    && row.path.replaceAll("\\?.*", "").matches(pattern));
  }
}
