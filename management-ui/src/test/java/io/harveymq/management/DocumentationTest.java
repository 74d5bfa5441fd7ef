package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Broker;
import io.harveymq.management.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI document and the two static pages, below a path prefix. */
class DocumentationTest {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}]+)}");
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\":]+)\"");

  private static Broker broker;
  private static Management management;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();
    management = Management.start(broker, ManagementOptions.loopback().withPathPrefix("/rabbit"));
  }

  @AfterAll
  static void stop() {
    management.close();
    broker.close();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(management.uri()).resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode document() throws Exception {
    HttpResponse<String> answer = get("api/docs");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void theDocumentSaysWhereTheApiIsAndHowToLogIn() throws Exception {
    JsonNode document = document();

    assertThat(document.path("openapi").asText()).startsWith("3.0.");
    assertThat(document.at("/servers/0/url").asText()).isEqualTo("/rabbit/api");
    assertThat(document.at("/info/version").asText())
        .isEqualTo(broker.config().compatibility().version());
    assertThat(document.at("/components/securitySchemes/basic/scheme").asText()).isEqualTo("basic");
    assertThat(document.path("security").toString()).isEqualTo("[{\"basic\":[]}]");
  }

  @Test
  void eachPathHasItsMethodsItsRightAndATag() throws Exception {
    JsonNode paths = document().path("paths");

    JsonNode queue = paths.path("/queues/{vhost}/{queue}");
    assertThat(names(queue)).containsExactlyInAnyOrder("parameters", "get", "put", "delete");
    assertThat(queue.at("/get/tags/0").asText()).isEqualTo("Queues");
    assertThat(queue.at("/get/responses").has("200")).isTrue();
    assertThat(queue.at("/put/responses").has("201")).isTrue();
    assertThat(paths.at("/~1users/get/description").asText())
        .isEqualTo("For the tag administrator.");
    assertThat(paths.at("/~1users~1{user}/delete/summary").asText())
        .isEqualTo("Deletes a user with all connections");
    assertThat(names(paths))
        .contains("/overview", "/dev/live", "/dev/queues/{vhost}/{queue}/messages/redrive");
  }

  @Test
  void whatBoundsALossIsAParameter() throws Exception {
    JsonNode paths = document().path("paths");

    assertThat(paths.at("/~1vhosts~1{vhost}/delete/parameters").findValuesAsText("name"))
        .containsExactly("if-queues", "if-messages", "if-connections");
    assertThat(paths.at("/~1vhosts~1{vhost}/delete/parameters/0/in").asText()).isEqualTo("query");
    assertThat(
            paths
                .at("/~1dev~1queues~1{vhost}~1{queue}~1messages~1redrive/post/parameters")
                .findValuesAsText("name"))
        .containsExactly("if-messages");
    assertThat(queries(paths, "/~1vhosts~1{vhost}/get")).doesNotContain("if-messages");
  }

  private static List<String> queries(JsonNode paths, String operation) {
    return paths.at(operation + "/parameters").findValuesAsText("name");
  }

  @Test
  void whatAQueryMaySayIsAParameter() throws Exception {
    JsonNode paths = document().path("paths");

    List<String> sorting = List.of("sort", "sort_reverse", "columns");
    assertThat(queries(paths, "/~1queues/get"))
        .contains("page", "page_size", "name", "use_regex", "lengths_age", "msg_rates_incr")
        .containsAll(sorting);
    assertThat(queries(paths, "/~1users/get")).isEqualTo(sorting);
    assertThat(queries(paths, "/~1queues~1{vhost}~1{queue}/delete"))
        .contains("if-unused", "if-empty", "if-messages");
    assertThat(queries(paths, "/~1dev~1queues~1{vhost}~1{queue}~1messages/get"))
        .containsExactlyInAnyOrder(
            "state", "search", "offset", "limit", "place", "truncate", "types", "reverse");
    assertThat(queries(paths, "/~1queues~1{vhost}~1{queue}/put")).isEmpty();
    assertThat(queries(paths, "/~1dev~1exchanges~1{vhost}~1{exchange}~1delayed~1release/post"))
        .isEmpty();
  }

  @Test
  void whatIsForAnybodyNeedsNoLogin() throws Exception {
    JsonNode paths = document().path("paths");

    assertThat(paths.at("/~1docs/get/security").isArray()).isTrue();
    assertThat(paths.at("/~1docs/get/security")).isEmpty();
    assertThat(paths.at("/~1overview/get").has("security")).isFalse();
  }

  /** As OpenAPI demands. */
  @Test
  void variablesAreDeclaredAndNamesOfOperationsAndShapesOfPathsAreUnique() throws Exception {
    JsonNode document = document();
    Set<String> tags = new HashSet<>();
    document.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
    Set<String> ids = new HashSet<>();
    Set<String> shapes = new HashSet<>();

    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              assertThat(shapes.add(VARIABLE.matcher(path.getKey()).replaceAll("{}")))
                  .as(path.getKey())
                  .isTrue();
              Matcher variables = VARIABLE.matcher(path.getKey());
              assertThat(path.getValue().path("parameters").findValuesAsText("name"))
                  .containsExactlyElementsOf(
                      variables.results().map(found -> found.group(1)).toList());
              for (JsonNode operation : path.getValue()) {
                if (operation.isObject()) {
                  assertThat(ids.add(operation.path("operationId").asText()))
                      .as(operation.toString())
                      .isTrue();
                  assertThat(tags).contains(operation.at("/tags/0").asText());
                }
              }
            });
    assertThat(ids).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"api/index.html", "cli/index.html"})
  void aPageHasNoScriptOfItsOwnAndItsLinksLead(String path) throws Exception {
    HttpResponse<String> page = get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.body()).doesNotContainPattern("<script(?![^>]* src=)|<style| style=| on\\w+=");
    List<String> links =
        LINK.matcher(page.body()).results().map(found -> found.group(1)).distinct().toList();
    assertThat(links).contains("../css/docs.css", "../");
    for (String link : links) {
      String target = URI.create(management.uri()).resolve(path).resolve(link).toString();
      assertThat(get(target).statusCode()).as(link).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "api/", "doc/stats.html"})
  void rabbitmqsAddressesLeadToTheList(String path) throws Exception {
    assertThat(get(path).headers().firstValue("location")).contains("/rabbit/api/index.html");
  }

  @Test
  void theListIsMadeFromTheDocument() throws Exception {
    assertThat(get("api/index.html").body()).contains("../js/docs.js", "id=\"endpoints\"");
    assertThat(get("js/docs.js").body()).contains("fetch(\"docs\"", "\"endpoints\"");
  }

  @Test
  void thePageAboutTheCommandLineSaysWhereToGetIt() throws Exception {
    assertThat(get("cli/index.html").body())
        .contains("/usr/bin/rabbitmqadmin", "rabbitmqadmin-ng", "15672");
  }
}
