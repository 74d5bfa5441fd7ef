package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.compat.ApiDescription.Operation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The description of the API is true: what a live broker answers to each endpoint has all fields
 * that are always there, and no field that is not described.
 */
@Tag("management")
@Timeout(120)
@ExtendWith(BrokerUnderTest.class)
class HttpDescriptionTest {
  /** What has to be in a query for an answer that is no refusal, by the parameter's name. */
  private static final Map<String, String> QUERY =
      Map.of("vhost", "%2F", "name", "orders", "until", "exists");

  private final ManualClock clock = new ManualClock();
  private PageBroker broker;
  private DescribedScene scene;
  private ManagementClient http;
  private ApiDescription api;

  @BeforeEach
  void start() throws Exception {
    start(PageBroker.start(clock));
    clock.advance(Duration.ofSeconds(40));
  }

  private void start(PageBroker fresh) throws Exception {
    broker = fresh;
    http = ManagementClient.at(broker.uri(), "guest", "guest");
    scene = DescribedScene.of(broker);
    api = new ApiDescription(http.read("/docs"));
  }

  @AfterEach
  void stop() {
    scene.close();
    broker.close();
  }

  private List<Operation> all(String... methods) {
    return api.operations().stream()
        .filter(one -> List.of(methods).contains(one.method()))
        .filter(one -> !one.isEndless())
        .toList();
  }

  private String path(Operation operation) {
    Map<String, String> values = new HashMap<>(scene.values());
    if (operation.path().endsWith("/story")) {
      values.put("id", values.get("story"));
    }
    StringBuilder path = new StringBuilder(operation.filled(values)).append('?');
    operation
        .parameters()
        .forEach(
            parameter -> {
              String name = parameter.get("name").textValue();
              boolean needed = parameter.path("required").asBoolean() || name.equals("until");
              if (parameter.get("in").textValue().equals("query") && needed) {
                path.append(name).append('=').append(QUERY.get(name)).append('&');
              }
            });
    return path.substring(0, path.length() - 1);
  }

  /** All ways to ask that change what is answered. */
  private List<String> ways(Operation operation) {
    String path = path(operation);
    String and = path + (path.contains("?") ? "&" : "?");
    List<String> ways = new ArrayList<>(List.of(path));
    if (operation.takes("page")) {
      ways.add(and + "page=1&page_size=2");
    }
    if (operation.takes("msg_rates_age")) {
      ways.add(
          and
              + "msg_rates_age=60&msg_rates_incr=5&lengths_age=60&lengths_incr=5"
              + "&data_rates_age=60&data_rates_incr=5");
    }
    if (operation.takes("node_stats_age")) {
      ways.add(and + "node_stats_age=60&node_stats_incr=5");
    }
    if (operation.takes("reverse")) {
      ways.add(operation.filled(Map.of("queue", "log")) + "?reverse=true&limit=1");
    }
    if (operation.takes("cursor")) {
      ways.add(and + "search=order");
    }
    if (operation.takes("types")) {
      ways.add(and + "types=true");
    }
    if (operation.takes("memory")) {
      ways.add(and + "memory=true");
    }
    if (operation.takes("parts")) {
      ways.add(and + "parts=passed");
    }
    return ways;
  }

  private void holdsForAllThatIsRead() {
    SoftAssertions softly = new SoftAssertions();
    for (Operation operation : all("GET")) {
      for (String way : ways(operation)) {
        HttpAnswer answer = http.get(way);
        softly.assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        softly.assertThat(api.wrong(operation, answer)).as("%s", answer).isEmpty();
      }
    }
    softly.assertAll();
  }

  @Test
  void whatIsReadIsAsDescribed() {
    holdsForAllThatIsRead();
  }

  @Test
  void soItIsInAnOlderVersion() throws Exception {
    stop();
    start(PageBroker.start(Compatibility.V3_10));

    holdsForAllThatIsRead();
  }

  @Test
  void examplesAreAsTheirSchemasSay() {
    for (Operation operation : all("PUT", "POST")) {
      if (operation.example() != null) {
        assertThat(api.wrongExample(operation)).as("%s", operation).isEmpty();
      }
    }
  }

  @Test
  void whatIsSentAsInTheExamplesIsAnsweredAsDescribed() {
    List<Operation> deleting = new ArrayList<>(all("DELETE"));
    deleting.sort(
        Comparator.comparing(HttpDescriptionTest::isOfAll)
            .thenComparing(one -> one.path().startsWith("/connections"))
            .thenComparing(one -> one.path().contains("username"))
            .thenComparing(one -> -one.path().length()));
    List<Operation> making = new ArrayList<>(all("PUT"));
    making.sort(Comparator.comparing(one -> !isOfAll(one)));

    // the broker runs
    assertThat(sent(all("PUT", "POST"), 400, 599)).containsExactly("POST /dev/app/reset");
    // the other has been removed one by one before
    assertThat(sent(deleting, 400, 599))
        .containsExactly("DELETE /topic-permissions/{vhost}/{user}");
    assertThat(sent(making, 201, 201))
        .contains("PUT /vhosts/{vhost}", "PUT /users/{user}", "PUT /queues/{vhost}/{queue}");
  }

  /** With it goes much else. */
  private static boolean isOfAll(Operation operation) {
    return operation.path().matches("/(vhosts|users)/\\{\\w+}");
  }

  /** Sends examples, whose answers have to be as described; names those with some statuses. */
  private Set<String> sent(List<Operation> operations, int from, int to) {
    SoftAssertions softly = new SoftAssertions();
    Set<String> answered = new TreeSet<>();
    for (Operation operation : operations) {
      HttpAnswer answer = http.send(operation.method(), path(operation), body(operation));
      softly.assertThat(api.wrong(operation, answer)).as("%s", answer).isEmpty();
      if (answer.status() >= from && answer.status() <= to) {
        answered.add(operation.toString());
      }
    }
    softly.assertAll();
    return answered;
  }

  private String body(Operation operation) {
    if (operation.path().equals("/login")) {
      return "username=guest&password=guest";
    }
    JsonNode example = operation.example();
    if (example != null && example.has("channel")) {
      ((ObjectNode) example).put("channel", scene.values().get("channel"));
    }
    return example == null ? null : example.toString();
  }

  @Test
  void refusalsAreDescribed() {
    SoftAssertions softly = new SoftAssertions();
    for (Operation operation : all("GET", "PUT", "POST", "DELETE")) {
      HttpAnswer unknown =
          http.send(operation.method(), path(operation), null, "Authorization", "None");
      boolean open = operation.json().path("security").isArray();
      softly
          .assertThat(unknown.status() == 401)
          .as("%s", unknown)
          .isEqualTo(!open || operation.path().equals("/login"));
      softly.assertThat(api.wrong(operation, unknown)).as("%s", unknown).isEmpty();
      Map<String, String> missing = new HashMap<>();
      operation.parameters().forEach(one -> missing.put(one.get("name").asText(), "no-such-1"));
      if (operation.method().equals("GET") && operation.path().contains("{")) {
        HttpAnswer answer = http.get(operation.filled(missing));
        softly.assertThat(api.wrong(operation, answer)).as("%s", answer).isEmpty();
      }
      if (operation.json().at("/requestBody/required").asBoolean()) {
        HttpAnswer answer = http.send(operation.method(), path(operation), "[");
        softly.assertThat(api.wrong(operation, answer)).as("%s", answer).isEmpty();
      }
    }
    softly.assertAll();
  }

  @Test
  void aPassingMessageIsAsDescribed() throws Exception {
    Operation tail =
        api.operations().stream().filter(one -> one.path().startsWith("/dev/tail")).findAny().get();
    URI address = broker.uri().resolve("/api/dev/tail/%2F?exchange=shop");
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Basic " + ManagementClient.base64("guest:guest"))
            .build();

    try (Stream<String> lines =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body()) {
      http.post("/exchanges/%2F/shop/publish", ManagementClient.message("order.new", "{}")).ok();
      String data = lines.filter(line -> line.startsWith("data: ")).findFirst().get();
      JsonNode schema = tail.json().at("/responses/200/content/text~1event-stream/schema");
      assertThat(api.wrong(schema, HttpAnswer.parse(data.substring(6)))).as(data).isEmpty();
    }
  }

  @Test
  void whatHealthChecksFindIsDescribed() {
    broker.alarms().memoryHighWatermark(ResourceLimit.absolute(0));
    Map<String, String> missing = Map.of("port", "1", "protocol", "none");
    SoftAssertions softly = new SoftAssertions();
    int failed = 0;
    for (Operation operation : all("GET")) {
      if (operation.json().path("responses").has("503") && operation.path().contains("health")) {
        Map<String, String> values = new HashMap<>(scene.values());
        values.putAll(missing);
        HttpAnswer answer = http.get(operation.filled(values));
        failed += answer.status() == 503 ? 1 : 0;
        softly.assertThat(api.wrong(operation, answer)).as("%s", answer).isEmpty();
      }
    }
    softly.assertThat(failed).isEqualTo(6);
    softly.assertAll();
  }
}
