package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Injected faults in Harvey's own part of the API. */
class HttpFaultsTest extends ClockedHttpTest {
  private static final String FAULTS = "/dev/faults/%2F";

  @BeforeEach
  void declare() throws Exception {
    channel.queueDeclare("q", false, false, false, null);
  }

  private JsonNode begin(Map<String, Object> fault) {
    return http.post(FAULTS, fault).ok();
  }

  private JsonNode list() {
    return http.read("/dev/faults");
  }

  private int ready() throws Exception {
    return channel.queueDeclarePassive("q").getMessageCount();
  }

  @Test
  void aFaultStrikesAndTheListSaysHowOften() throws Exception {
    JsonNode begun =
        begin(Map.of("kind", "nack", "exchange", "amq.default", "count", 2, "for_ms", 5_000));
    assertThat(begun)
        .isEqualTo(
            HttpAnswer.parse(
                "{\"id\":1,\"vhost\":\"/\",\"kind\":\"nack\",\"exchange\":\"amq.default\",\"count\":2,"
                    + "\"for_ms\":5000,\"on\":true,\"struck\":0,\"left_ms\":5000}"));
    Confirms confirms = new Confirms(channel);
    channel.basicPublish("", "q", null, new byte[1]);
    assertThat(confirms.taken()).isFalse();
    assertThat(ready()).isZero();
    advance(4_000);
    JsonNode seen = list().get(0);
    assertThat(seen.get("struck").intValue()).isEqualTo(1);
    assertThat(seen.get("left_ms").intValue()).isEqualTo(1_000);
    advance(1_000);
    assertThat(list().get(0).get("on").booleanValue()).isFalse();
    channel.basicPublish("", "q", null, new byte[1]);
    assertThat(confirms.taken()).isTrue();
  }

  @Test
  void allThatIsSaidIsShown() {
    JsonNode begun =
        begin(
            Map.of(
                "kind",
                "close-channel",
                "exchange",
                "x",
                "queue",
                "q",
                "user",
                "guest",
                "operation",
                "basic.publish",
                "every",
                3,
                "code",
                404));
    assertThat(begun)
        .isEqualTo(
            HttpAnswer.parse(
                "{\"id\":1,\"vhost\":\"/\",\"kind\":\"close-channel\",\"exchange\":\"x\",\"queue\":\"q\","
                    + "\"user\":\"guest\",\"operation\":\"basic.publish\",\"count\":1,\"every\":3,"
                    + "\"code\":404,\"for_ms\":60000,\"on\":true,\"struck\":0,\"left_ms\":60000}"));
    JsonNode late = begin(Map.of("kind", "withhold-confirms", "delay_ms", 250));
    assertThat(late.get("delay_ms").intValue()).isEqualTo(250);
    assertThat(HttpAnswer.column(list(), "kind"))
        .containsExactly("close-channel", "withhold-confirms");
  }

  @Test
  void whatEndsIsForgotten() {
    begin(Map.of("kind", "block"));
    begin(Map.of("kind", "nack"));
    begin(Map.of("kind", "cut", "operation", "basic.get"));
    http.delete(FAULTS + "/2").isEmpty(204);
    http.delete(FAULTS + "/2").isNotFound();
    http.delete(FAULTS + "/two").isNotFound();
    assertThat(HttpAnswer.column(list(), "kind")).containsExactly("block", "cut");
    http.delete(FAULTS).isEmpty(204);
    assertThat(list()).isEmpty();
  }

  @Test
  void whatClosesConnectionsIsOverAtOnceAndSaysHowMany() throws Exception {
    Connection second = broker.connect("billing");
    JsonNode over = begin(Map.of("kind", "cut", "user", "guest"));
    second.abort(5_000);
    assertThat(over.get("struck").intValue()).isEqualTo(2);
    assertThat(over.get("on").booleanValue()).isFalse();
    assertThat(over.has("count")).isFalse();
    assertThat(over.get("left_ms").intValue()).isZero();
  }

  @Test
  void whatCanNotBeIsRefusedInASentence() {
    refused(
        Map.of("kind", "nonsense"),
        "kind has to be one of [nack, withhold-confirms, hold-deliveries, close-channel, close-connection, cut, refuse-connections, block]");
    refused(
        Map.of("kind", "nack", "que", "q"),
        "a fault has no que; it has kind, exchange, queue, user, operation, count, every, delay_ms, code, for_ms");
    refused(Map.of("kind", "nack", "queue", 7), "queue has to be a string");
    refused(Map.of("kind", "nack", "count", "2"), "count has to be a whole number");
    refused(Map.of("kind", "nack", "count", 1L << 33), "count has to be from 1 to 1000000000");
    refused(Map.of("kind", "nack", "for_ms", 0), "for_ms has to be from 1 to 3600000");
    refused(
        Map.of("kind", "cut", "operation", "basic.ack"),
        "operation has to be one of [basic.publish, basic.consume, basic.get]");
    refused(Map.of("kind", "block", "user", "guest"), "block has no user");
    http.post(FAULTS, Map.of()).misses("kind");
    for (int i = 0; i < 64; i++) {
      begin(Map.of("kind", "nack"));
    }
    refused(Map.of("kind", "nack"), "64 faults are on in vhost '/'; end one before");
  }

  private void refused(Map<String, Object> fault, String reason) {
    http.post(FAULTS, fault).isBadRequest(reason);
  }

  @Test
  void eachVirtualHostHasItsOwnAndWhoDoesNotMonitorSeesNoOtherUsers() {
    http.put("/vhosts/other", Map.of());
    http.put("/users/somebody", Map.of("password", "p", "tags", "management"));
    http.put("/users/monitor", Map.of("password", "p", "tags", "monitoring"));
    Object all = Map.of("configure", ".*", "write", ".*", "read", ".*");
    http.put("/permissions/other/somebody", all);
    http.put("/permissions/other/monitor", all);
    begin(Map.of("kind", "block"));
    for (String user : List.of("guest", "somebody")) {
      http.post("/dev/faults/other", Map.of("kind", "nack", "user", user)).ok();
    }
    http.post("/dev/faults/other", Map.of("kind", "cut", "operation", "basic.get")).ok();
    http.post("/dev/faults/missing", Map.of("kind", "nack")).isNotFound();
    http.delete("/dev/faults/missing").isNotFound();
    assertThat(seenBy("guest", "guest")).containsExactly("/ 1", "other 1", "other 2", "other 3");
    assertThat(seenBy("somebody", "p")).containsExactly("other 2", "other 3");
    assertThat(seenBy("monitor", "p")).containsExactly("other 1", "other 2", "other 3");
  }

  private List<String> seenBy(String user, String password) {
    List<String> seen = new ArrayList<>();
    as(user, password)
        .read("/dev/faults")
        .forEach(one -> seen.add(one.get("vhost").textValue() + " " + one.get("id").intValue()));
    return seen;
  }
}
