package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns, sorting and pages of lists, shown on the queues of a virtual host. */
class HttpListsTest extends HttpTest {
  private String vhost;
  private String list;

  @BeforeEach
  void declareFiveQueues() {
    vhost = newVhost();
    list = "/queues/" + vhost;
    for (int i = 4; i >= 0; i--) {
      http.put(list + "/q" + i, Map.of("durable", i % 2 == 0)).isEmpty(201);
    }
  }

  private List<String> names(String query) {
    return HttpAnswer.column(http.read(list + query), "name");
  }

  private JsonNode page(String query) {
    return http.read(list + "?columns=name&" + query);
  }

  private static void assertPage(JsonNode page, List<String> names, int number, int size) {
    assertFields(
        page,
        "filtered_count",
        "item_count",
        "items",
        "page",
        "page_count",
        "page_size",
        "total_count");
    assertThat(HttpAnswer.column(page.get("items"), "name")).isEqualTo(names);
    assertThat(page.get("item_count").intValue()).isEqualTo(names.size());
    assertThat(page.get("page").intValue()).isEqualTo(number);
    assertThat(page.get("page_size").intValue()).isEqualTo(size);
    assertThat(page.get("total_count").intValue()).isEqualTo(5);
  }

  @Test
  void columnsAreChosen() {
    assertJson(
        http.read(list + "?columns=name,durable&name=ignored").get(0),
        Map.of("name", "q0", "durable", true));
    assertJson(http.read(list + "?columns=name,nope").get(0), Map.of("name", "q0"));
    JsonNode nested = http.read("/overview?columns=node,object_totals.queues");
    assertThat(nested.at("/object_totals/queues").isInt()).isTrue();
    assertThat(HttpAnswer.fields(nested)).containsExactly("node", "object_totals");
    assertJson(http.read("/whoami?columns=name"), Map.of("name", BrokerUnderTest.user()));
    assertJson(http.read(list + "/q1?columns=name"), Map.of("name", "q1"));
    assertJson(http.read(list + "/q1?columns=name.nope"), Map.of("name", "q1"));
  }

  /** RabbitMQ writes an empty list for an object of which nothing is chosen. */
  @Test
  void ofAnObjectWithoutTheColumnNothingIsLeftAndAValueIsWhole() {
    String queue = list + "/q0?columns=";
    http.post(
            "/exchanges/" + vhost + "/amq.default/publish",
            Map.of(
                "routing_key", "q0",
                "properties", Map.of(),
                "payload", "m",
                "payload_encoding", "string"))
        .ok();
    Map<String, Object> published = Map.of("message_stats", Map.of("publish", 1));
    eventually(queue + "message_stats.publish", found -> assertJson(found, published));
    for (String nothing : List.of("message_stats.nothing", "message_stats.nothing.deeper")) {
      JsonNode some = http.read(queue + nothing);
      assertThat(HttpAnswer.fields(some)).containsExactly("message_stats");
      assertThat(some.get("message_stats")).isEmpty();
      JsonNode all = http.read(list + "?columns=name," + nothing);
      assertThat(HttpAnswer.fields(all.get(0))).containsExactly("message_stats", "name");
      assertThat(all.at("/0/message_stats")).isEmpty();
    }
    assertJson(http.read(queue + "message_stats.publish.x"), published);
    assertThat(HttpAnswer.column(http.read(list + "?columns=name.x"), "name"))
        .containsExactly("q0", "q1", "q2", "q3", "q4");
    assertJson(
        http.read(queue + "name.x,name,arguments.x"), Map.of("name", "q0", "arguments", Map.of()));
  }

  @Test
  void columnsReachIntoLists() {
    JsonNode listeners =
        http.read("/overview?columns=listeners.port,listeners.protocol").get("listeners");
    assertJson(
        only(listeners, "protocol", "amqp"),
        Map.of("port", BrokerUnderTest.port(), "protocol", "amqp"));
  }

  @Test
  void listsAreSorted() {
    assertThat(names("?columns=name")).containsExactly("q0", "q1", "q2", "q3", "q4");
    assertThat(names("?columns=name&sort=name&sort_reverse=true"))
        .containsExactly("q4", "q3", "q2", "q1", "q0");
    assertThat(names("?columns=name&sort_reverse=true"))
        .containsExactly("q4", "q3", "q2", "q1", "q0");
    assertThat(names("?columns=name,durable&sort=durable"))
        .containsExactly("q1", "q3", "q0", "q2", "q4");
    assertThat(names("?columns=name&sort=nope")).containsExactly("q0", "q1", "q2", "q3", "q4");
  }

  @Test
  void listsAreSortedByWhatIsCounted() {
    http.post(
            "/exchanges/" + vhost + "/amq.default/publish",
            Map.of(
                "routing_key", "q2",
                "properties", Map.of(),
                "payload", "some bytes",
                "payload_encoding", "string"))
        .ok();
    List<String> fields = new ArrayList<>();
    if (BrokerUnderTest.isEmbedded()) {
      // RabbitMQ's rate may be over before it shows, and its memory differs by itself
      fields.addAll(List.of("message_stats.publish_details.rate", "harvey.in_rate", "memory"));
    }
    fields.addAll(List.of("message_bytes", "message_bytes_ready", "message_bytes_ram"));
    fields.addAll(List.of("messages", "messages_ram"));
    for (String field : fields) {
      String query = "?columns=name,message_stats,message_bytes,memory,messages&sort=" + field;
      eventually(
          list + query,
          found ->
              assertThat(HttpAnswer.column(found, "name"))
                  .as(field)
                  .containsExactly("q0", "q1", "q3", "q4", "q2"));
      assertThat(names(query + "&sort_reverse=true").get(0)).as(field).isEqualTo("q2");
    }
    for (String same : List.of("type", "consumer_capacity", "message_bytes_unacknowledged")) {
      assertThat(names("?columns=name&sort=" + same)).containsExactly("q0", "q1", "q2", "q3", "q4");
    }
    assertThat(names("?columns=name&sort=message_stats.deliver_get_details.rate"))
        .containsExactly("q0", "q1", "q2", "q3", "q4");
  }

  @Test
  void pagesAreCut() {
    assertPage(page("page=1"), List.of("q0", "q1", "q2", "q3", "q4"), 1, 100);
    JsonNode first = page("page=1&page_size=2");
    assertPage(first, List.of("q0", "q1"), 1, 2);
    assertThat(first.get("page_count").intValue()).isEqualTo(3);
    assertThat(first.get("filtered_count").intValue()).isEqualTo(5);
    assertPage(page("page=3&page_size=2"), List.of("q4"), 3, 2);
    assertPage(page("page=1&page_size=2&sort=name&sort_reverse=true"), List.of("q4", "q3"), 1, 2);
  }

  @Test
  void pagesAreFilteredByName() {
    JsonNode part = page("page=1&name=1");
    assertPage(part, List.of("q1"), 1, 100);
    assertPage(page("page=1&name=Q1"), List.of("q1"), 1, 100);
    assertPage(page("page=1&name=Q%5B12%5D&use_regex=true"), List.of("q1", "q2"), 1, 100);
    assertThat(part.get("filtered_count").intValue()).isEqualTo(1);
    assertPage(page("page=1&name=%5Eq%5B12%5D$&use_regex=true"), List.of("q1", "q2"), 1, 100);
    assertPage(page("page=1&name=%2B&use_regex=false"), List.of(), 1, 100);
    assertPage(page("page=1&name="), List.of("q0", "q1", "q2", "q3", "q4"), 1, 100);
    JsonNode none = page("page=1&name=zz");
    assertPage(none, List.of(), 1, 100);
    assertThat(none.get("page_count").intValue()).isZero();
  }

  @Test
  void withoutAPageThereIsNoPage() {
    assertThat(names("?columns=name&page_size=2")).hasSize(5);
    assertThat(names("?columns=name&name=1")).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({"0,undefined", "-1,undefined", "1,0", "1,-1", "1,501"})
  void badNumbersOfPagesAreRefused(String page, String size) {
    String query = "?page=" + page + (size.equals("undefined") ? "" : "&page_size=" + size);
    http.get(list + query)
        .isError(
            400,
            "invalid_pagination_parameters",
            "Invalid pagination parameters: page number " + page + ", page size " + size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"page=x", "page=1&page_size=x", "page=1&name=%5B&use_regex=true"})
  void badPagesAreRefused(String query) {
    http.get(list + "?" + query).isBadRequest("Pagination parameters are invalid");
  }

  @Test
  void behindAFullLastPageThereIsAnEmptyOne() {
    assertPage(page("page=1&page_size=5"), List.of("q0", "q1", "q2", "q3", "q4"), 1, 5);
    assertPage(page("page=2&page_size=5"), List.of(), 2, 5);
    http.get(list + "?page=3&page_size=5").hasStatus(400);
  }

  @Test
  void pageBehindTheLastIsRefused() {
    http.get(list + "?page=4&page_size=2")
        .isError(400, "page_out_of_range", "Page out of range, page: 4 page size: 2, len: 5");
    http.get(list + "?page=2&name=zz")
        .isError(400, "page_out_of_range", "Page out of range, page: 2 page size: 100, len: 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/exchanges", "/queues", "/vhosts", "/connections", "/channels"})
  void longListsHavePages(String path) {
    assertFields(
        http.read(path + "?page=1&page_size=1"),
        "filtered_count",
        "item_count",
        "items",
        "page",
        "page_count",
        "page_size",
        "total_count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users", "/permissions", "/policies", "/consumers"})
  void shortListsHaveNoPagesBefore40(String path) {
    JsonNode read = http.read(path + "?page=1&page_size=1");
    if (HttpTarget.current().is310()) {
      assertThat(read.isArray()).isTrue();
    } else {
      assertThat(read.isContainerNode()).isTrue();
    }
  }
}
