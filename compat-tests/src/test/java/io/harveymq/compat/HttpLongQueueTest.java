package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A queue of which only the head is in memory is looked at, searched, moved and deleted whole. */
@Tag("management")
@Timeout(120)
class HttpLongQueueTest {
  private static final int MESSAGES = 8_000;
  private static final String PADDING = "x".repeat(3_000);

  @TempDir Path data;
  private LongQueueBroker broker;
  private ManagementClient http;

  @BeforeEach
  void start() throws Exception {
    broker = LongQueueBroker.start(data);
    http = broker.http();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private String newLongQueue() throws Exception {
    broker.fill("long", MESSAGES, PADDING);
    return "long";
  }

  private static String messages(String queue) {
    return "/dev/queues/%2F/" + queue + "/messages";
  }

  private static List<Integer> numbers(JsonNode items) {
    return HttpAnswer.column(items, "payload").stream()
        .map(payload -> Integer.valueOf(payload.substring(1, payload.indexOf(' '))))
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private List<Integer> allOf(String queue) {
    List<Integer> all = new ArrayList<>();
    for (int offset = 0; ; offset += 500) {
      JsonNode page = http.read(messages(queue) + "?truncate=20&limit=500&offset=" + offset);
      all.addAll(numbers(page.get("items")));
      if (offset + 500 >= page.get("total").intValue()) {
        return all;
      }
    }
  }

  @Test
  void eachPageIsThereAndAMessageIsFoundByItsPlace() throws Exception {
    String queue = newLongQueue();
    String path = messages(queue);
    JsonNode last = http.read(path + "?truncate=20&offset=" + (MESSAGES - 30));
    assertThat(last.get("ready").intValue()).isEqualTo(MESSAGES);
    assertThat(last.get("total").intValue()).isEqualTo(MESSAGES);
    assertThat(numbers(last.get("items"))).isEqualTo(range(MESSAGES - 30, MESSAGES));
    assertThat(allOf(queue)).isEqualTo(range(0, MESSAGES));

    String place = last.get("items").get(7).get("place").asText();
    int at = MESSAGES - 23;
    JsonNode page = http.read(path + "?limit=50&place=" + place);
    assertThat(page.get("offset").intValue()).isEqualTo(at / 50 * 50);
    assertThat(numbers(page.get("items"))).contains(at);
    JsonNode one = http.read(path + "?limit=1&truncate=100000&place=" + place).get("items");
    assertThat(HttpAnswer.column(one, "payload")).containsExactly("m" + at + " " + PADDING);
    http.post(path + "/delete", Map.of("ids", List.of(place))).ok();
    assertThat(http.read(path + "?limit=1&offset=2147483647&place=" + place).get("items"))
        .isEmpty();
    assertThat(http.read(path + "?limit=1&offset=" + at).at("/items/0/position").intValue())
        .isEqualTo(at);
    assertThat(numbers(http.read(path + "?limit=1&offset=" + at).get("items")))
        .containsExactly(at + 1);
  }

  @Test
  void messagesOfTwoPrioritiesAreSeenInTheOrderInWhichTheyWouldBeDelivered() throws Exception {
    broker.declare("two", Map.of("x-max-priority", 1));
    broker.publish("two", 0, bodies(0, MESSAGES / 2));
    broker.publish("two", 1, bodies(MESSAGES / 2, MESSAGES));
    List<Integer> expected = new ArrayList<>(range(MESSAGES / 2, MESSAGES));
    expected.addAll(range(0, MESSAGES / 2));
    assertThat(allOf("two")).isEqualTo(expected);
    JsonNode seen = http.read(messages("two") + "?limit=0");
    assertThat(seen.get("until")).hasSize(2);
    JsonNode deleted =
        http.post(
                messages("two") + "/delete?if-messages=" + MESSAGES,
                Map.of("all", true, "until", seen.get("until")))
            .ok();
    HttpTest.assertJson(deleted, Map.of("done", MESSAGES, "failed", Map.of(), "gone", 0));
  }

  private static String[] bodies(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i + " " + PADDING).toArray(String[]::new);
  }

  @Test
  void afterARestartAllIsThere() throws Exception {
    String queue = newLongQueue();
    stop();
    start();
    assertThat(allOf(queue)).isEqualTo(range(0, MESSAGES));
  }

  @Test
  void aSearchFindsWhatIsOnTheDiskOnly() throws Exception {
    String queue = newLongQueue();
    JsonNode found = http.read(messages(queue) + "?truncate=20&limit=2&offset=1&search=m7999");
    assertThat(found.get("total").intValue()).isEqualTo(1);
    assertThat(found.get("looked").intValue()).isEqualTo(MESSAGES);
    assertThat(found.get("complete").booleanValue()).isTrue();
    assertThat(found.get("items")).isEmpty();
    JsonNode some = http.read(messages(queue) + "?truncate=20&limit=2&offset=3&search=m799");
    assertThat(some.get("total").intValue()).isEqualTo(11);
    assertThat(numbers(some.get("items"))).containsExactly(7_992, 7_993);
    String place = some.get("items").get(0).get("place").asText();
    JsonNode page = http.read(messages(queue) + "?truncate=20&limit=2&search=m799&place=" + place);
    assertThat(page.get("offset").intValue()).isEqualTo(2);
    assertThat(numbers(page.get("items"))).containsExactly(7_991, 7_992);

    JsonNode everywhere = http.read("/dev/messages/%2F?text=m7998&queue=" + queue);
    assertThat(everywhere.get("complete").booleanValue()).isTrue();
    assertThat(everywhere.get("looked").intValue()).isEqualTo(MESSAGES);
    assertThat(numbers(everywhere.get("items"))).containsExactly(7_998);
  }

  @Test
  void allThatWereShownAreMovedAndDeleted() throws Exception {
    String queue = newLongQueue();
    String other = "other";
    broker.declare(other);
    JsonNode seen = http.read(messages(queue) + "?limit=0");
    assertThat(seen.get("ready").intValue()).isEqualTo(MESSAGES);
    broker.publish(queue, "late");
    Map<String, Object> all =
        Map.of("all", true, "until", seen.get("until"), "exchange", "", "routing_key", other);
    JsonNode moved = http.post(messages(queue) + "/move?if-messages=" + MESSAGES, all).ok();
    HttpTest.assertJson(moved, Map.of("done", MESSAGES, "failed", Map.of(), "gone", 0));
    assertThat(HttpAnswer.column(http.read(messages(queue)).get("items"), "payload"))
        .containsExactly("late");
    assertThat(allOf(other)).isEqualTo(range(0, MESSAGES));

    http.post(messages(other) + "/delete?if-messages=" + (MESSAGES - 1), Map.of("all", true))
        .isBadRequest(
            "queue 'other' in vhost '/' would lose "
                + MESSAGES
                + " messages, more than "
                + (MESSAGES - 1));
    JsonNode deleted = http.post(messages(other) + "/delete", Map.of("all", true)).ok();
    HttpTest.assertJson(deleted, Map.of("done", MESSAGES, "failed", Map.of(), "gone", 0));
    assertThat(http.read(messages(other)).get("total").intValue()).isZero();
  }
}
