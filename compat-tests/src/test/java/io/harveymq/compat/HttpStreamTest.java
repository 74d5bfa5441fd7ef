package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What streams hold, in Harvey's own part of the API. */
class HttpStreamTest extends HttpTest {
  private String stream;

  @BeforeEach
  void declare() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
    stream = name("stream");
    temporary(queuePath(stream));
    channel.queueDeclare(stream, true, false, false, Map.of("x-queue-type", "stream"));
    channel.confirmSelect();
  }

  private void publish(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      Map<String, Object> headers = Map.of("n", (byte) i, "color", i % 2 == 0 ? "red" : "blue");
      channel.basicPublish(
          "", stream, properties().headers(headers).build(), bytes("body " + i + "."));
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  private JsonNode read(String query) throws Exception {
    return http.read("/dev/queues/%2F/" + stream + "/messages?" + query);
  }

  private List<Integer> offsets(String query) throws Exception {
    List<Integer> offsets = new ArrayList<>();
    read(query).get("items").forEach(one -> offsets.add(one.get("offset").intValue()));
    return offsets;
  }

  @Test
  void messagesAreSeenFromAnyPlaceOnAndBack() throws Exception {
    JsonNode none = read("");
    assertThat(none.get("items")).isEmpty();
    assertThat(none.has("next")).isFalse();
    publish(0, 10);
    JsonNode page = read("limit=3&types=true");
    assertThat(page.get("first").intValue()).isZero();
    assertThat(page.get("end").intValue()).isEqualTo(10);
    assertThat(page.get("next").intValue()).isEqualTo(3);
    JsonNode one = page.at("/items/1");
    assertThat(one.get("offset").intValue()).isEqualTo(1);
    assertThat(one.get("state").textValue()).isEqualTo("stream");
    assertThat(one.get("routing_key").textValue()).isEqualTo(stream);
    assertThat(one.get("payload").textValue()).isEqualTo("body 1.");
    assertThat(one.at("/header_types/n").textValue()).isEqualTo("byte");
    assertThat(one.get("age_ms").longValue()).isBetween(0L, 60_000L);
    long now = System.currentTimeMillis();
    assertThat(one.get("time").longValue()).isBetween(now - 60_000, now + 60_000);
    assertThat(offsets("offset=8&limit=3")).containsExactly(8, 9);
    assertThat(read("offset=8&limit=3").has("next")).isFalse();
    assertThat(offsets("offset=last")).containsExactly(9);
    assertThat(offsets("offset=next")).isEmpty();
    assertThat(offsets("offset=1h&limit=2")).containsExactly(0, 1);
    assertThat(offsets("offset=" + Instant.ofEpochMilli(one.get("time").longValue()))).contains(9);
    assertThat(offsets("reverse=true&limit=2")).containsExactly(9, 8);
    assertThat(read("reverse=true&limit=2").get("next").intValue()).isEqualTo(7);
    assertThat(offsets("reverse=true&offset=1")).containsExactly(1, 0);
    assertThat(read("offset=3&limit=1&truncate=2").at("/items/0/payload").textValue())
        .isEqualTo("bo");
  }

  @Test
  void keysHeadersAndPayloadsAreSearched() throws Exception {
    publish(0, 600);
    assertThat(offsets("search=BODY%2017.")).containsExactly(17);
    assertThat(offsets("search=blue&limit=3")).containsExactly(1, 3, 5);
    JsonNode found = read("search=blue&limit=3&reverse=true&offset=500");
    assertThat(HttpAnswer.column(found.get("items"), "payload"))
        .containsExactly("body 499.", "body 497.", "body 495.");
    assertThat(found.get("next").intValue()).isEqualTo(494);
    assertThat(found.get("looked").intValue()).isEqualTo(6);
    JsonNode none = read("search=nowhere");
    assertThat(none.get("items")).isEmpty();
    assertThat(none.get("looked").intValue()).isEqualTo(600);
    assertThat(none.has("next")).isFalse();
  }

  @Test
  void searchOverAllQueuesLooksIntoStreamsTheNewestFirst() throws Exception {
    publish(0, 5);
    JsonNode found = http.read("/dev/messages/%2F?queue=" + stream + "&text=red");
    assertThat(HttpAnswer.column(found.get("items"), "payload"))
        .containsExactly("body 4.", "body 2.", "body 0.");
    assertThat(found.at("/items/0/queue").textValue()).isEqualTo(stream);
    assertThat(found.at("/items/0/offset").intValue()).isEqualTo(4);
    assertThat(found.get("complete").booleanValue()).isTrue();
  }

  @Test
  void whoMayNotReadSeesNothingAndWhatIsNoPlaceIsSaid() throws Exception {
    publish(0, 1);
    String path = "/dev/queues/%2F/" + stream + "/messages";
    http.get(path + "?offset=yesterday")
        .isBadRequest(
            "offset of a stream has to be first, last, next, a whole number from 0 on, a time as"
                + " 2026-01-31T12:00:00Z, or a span back from now as 1h");
    String user = newUser("management");
    permit(user, "/", ".*", ".*", "other");
    assertThat(ManagementClient.as(user, "p").get(path).status()).isEqualTo(401);
  }

  @Test
  void lookingChangesNothingAndWhatIsTooMuchIsGoneOnWith() throws Exception {
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < 8; i++) {
      channel.basicPublish("", stream, properties().build(), large);
    }
    channel.waitForConfirmsOrDie(30_000);
    JsonNode page = read("truncate=1");
    assertThat(page.get("items").size()).isBetween(2, 7);
    assertThat(page.get("next").intValue()).isEqualTo(page.get("items").size());
    assertThat(page.at("/items/0/payload_bytes").intValue()).isEqualTo(large.length);
    assertThat(http.read(queuePath(stream)).get("messages_ready").intValue()).isEqualTo(8);
  }
}
