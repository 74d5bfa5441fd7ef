package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.broker.recording.RecordingRule;
import io.harveymq.broker.recording.Replay;
import io.harveymq.broker.recording.ReplayRule;
import io.harveymq.broker.recording.Replayer;
import io.harveymq.broker.recording.Replays;
import io.harveymq.management.json.RecordingJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Recorded messages that are published again by Harvey's own part of the API. */
class HttpReplaysTest extends RecordingHttpTest {
  @Test
  void replayKeepsTheTimesOfTheBrokersClock() throws Exception {
    long id = begin(Map.of());
    publish("", "q", "1");
    advance(10_000);
    publish("", "q", "2");
    http.post(RECORDINGS + "/" + id + "/stop", null).ok();
    drained(channel);
    JsonNode begun = http.post(REPLAYS + "?speed=10&recording=" + id, null).ok();
    assertThat(begun.get("state").textValue()).isEqualTo("running");
    String where = REPLAYS + "/" + begun.get("id");
    await().untilAsserted(() -> assertThat(ready()).isEqualTo(1));
    advance(999);
    assertThat(ready()).isEqualTo(1);
    advance(1);
    assertThat(drained(channel)).containsExactly("1", "2");
    JsonNode over = http.read(where);
    assertThat(over.get("state").textValue()).isEqualTo("done");
    assertThat(over.get("length_ms").intValue()).isEqualTo(1_000);
    http.post(REPLAYS + "?recording=" + id, null).ok();
    advance(9_999);
    assertThat(ready()).isEqualTo(1);
    advance(1);
    assertThat(ready()).isEqualTo(2);
  }

  @Test
  void replayThatRunsIsSeenAndStopped() throws Exception {
    String file =
        fileOf(
            "{\"routing_key\":\"q\",\"payload\":\"1\"}",
            "{\"routing_key\":\"q\",\"payload\":\"2\",\"at_ms\":5000}");
    JsonNode running = http.post(REPLAYS + "?wait=300", file).ok();
    assertThat(running.get("state").textValue()).isEqualTo("running");
    assertThat(running.get("published").intValue()).isEqualTo(1);
    assertThat(running.get("messages").intValue()).isEqualTo(2);
    assertThat(HttpAnswer.column(http.read("/dev/replays"), "state")).containsExactly("running");
    JsonNode stopped = http.delete(REPLAYS + "/1").ok();
    assertThat(stopped.get("state").textValue()).isEqualTo("stopped");
    advance(60_000);
    assertThat(drained(channel)).containsExactly("1");
    http.delete(REPLAYS + "/7").isNotFound();
    http.get(REPLAYS + "/7").isNotFound();
  }

  @Test
  void replayGoesToAnotherExchangeMoreThanOnceAndCountsWhatReachesNoQueue() throws Exception {
    String file =
        fileOf(
            "{\"exchange\":\"gone\",\"routing_key\":\"order.new\",\"payload\":\"1\"}",
            "{\"exchange\":\"gone\",\"routing_key\":\"return.new\",\"payload\":\"2\"}");
    http.post(REPLAYS + "?speed=max", file)
        .isError(
            404,
            "not_found",
            "no exchange 'gone' in vhost '/', which message 0 was published to: declare it, or name"
                + " another exchange for the replay");
    JsonNode over = http.post(REPLAYS + "?speed=max&exchange=shop&times=3&wait=20000", file).ok();
    assertThat(over.get("published").intValue()).isEqualTo(6);
    assertThat(over.get("unroutable").intValue()).isEqualTo(3);
    assertThat(over.get("exchange").textValue()).isEqualTo("shop");
    assertThat(drained(channel)).containsExactly("1", "1", "1");
  }

  @Test
  void messageThatIsRefusedIsNamedAndTheOthersGoOn() throws Exception {
    String file =
        fileOf(
            "{\"routing_key\":\"q\",\"payload\":\"1\"}",
            "{\"routing_key\":\"q\",\"payload\":\"2\",\"properties\":{\"user_id\":\"somebody\"}}",
            "{\"routing_key\":\"q\",\"payload\":\"3\",\"properties\":{\"expiration\":\"soon\"}}");
    JsonNode over = replay(file);
    assertThat(over.get("published").intValue()).isEqualTo(1);
    assertThat(over.get("refused").intValue()).isEqualTo(2);
    assertThat(over.at("/first_error/message").intValue()).isEqualTo(1);
    assertThat(over.at("/first_error/reason").textValue())
        .isEqualTo(
            "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was"
                + " 'guest'");
    assertThat(drained(channel)).containsExactly("1");
  }

  @Test
  void alarmHoldsAReplayAsItHoldsPublishers() throws Exception {
    broker.alarms().memoryHighWatermark(ResourceLimit.parse("0"));
    String file = fileOf("{\"routing_key\":\"q\",\"payload\":\"1\"}");
    JsonNode held = http.post(REPLAYS + "?speed=max&wait=300", file).ok();
    assertThat(held.get("state").textValue()).isEqualTo("running");
    assertThat(held.get("published").intValue()).isZero();
    broker.alarms().memoryHighWatermark(ResourceLimit.parse("1GiB"));
    await()
        .untilAsserted(
            () -> assertThat(http.read(REPLAYS + "/1").get("state").textValue()).isEqualTo("done"));
    assertThat(drained(channel)).containsExactly("1");
  }

  @Test
  void fileThatCanNotBeReadSaysWhereAndWhatToDo() {
    refused("", "send the file of a recording, or name one that is here with recording=ID");
    refused(
        "[]",
        "this is no recording: give a file that was downloaded from one, an object with"
            + " \"format\":\"harvey-recording\"");
    refused("{\"format\":\"harvey-recording\",\"version\":2}", "version 2 is not known here; 1 is");
    refused("{\"format\":\"harvey-recording\",\"version\":1}", "messages has to be a list");
    refused(fileOf(), "there is no message to replay");
    refusedMessage(
        "{\"playload\":\"x\"}",
        "message 1 has 'playload', which is not known; there are at_ms, client, connection,"
            + " exchange, header_types, mandatory, payload, payload_bytes, payload_encoding,"
            + " properties, properties_base64, queues, routing_key, user");
    refusedMessage("{\"payload\":\"x\"}", "message 1: routing_key is missing");
    refusedMessage("{\"routing_key\":\"x\"}", "message 1: payload is missing");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"a*b=\",\"payload_encoding\":\"base64\"}",
        "message 1: payload is not base64: Illegal base64 character 2a");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"\",\"payload_encoding\":\"hex\"}",
        "message 1: payload_encoding 'hex' is not known; there are string and base64");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"\",\"at_ms\":-1}",
        "message 1: at_ms has to be a whole number from 0 to 315360000000");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"\",\"properties\":{\"type\":7}}",
        "message 1: type has to be a string");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"\",\"properties\":{\"headers\":{\"n\":\"x\"}},"
            + "\"header_types\":{\"n\":\"signedint\"}}",
        "message 1: headers.n does not fit its type signedint");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"\",\"properties\":{\"headers\":{\"n\":1}},"
            + "\"header_types\":{\"m\":\"int\"}}",
        "message 1: header_types has headers.m, which is not there");
    refusedMessage(
        "{\"routing_key\":\"k\",\"payload\":\"\",\"properties_base64\":\"AAAA\"}",
        "message 1: properties_base64 has no properties of a message");
    HttpAnswer broken = http.post(REPLAYS, "{\"format\":\n\"harvey-recording\",]}");
    assertThat(broken.hasStatus(400).json().get("reason").textValue())
        .startsWith("no JSON at line 2, column 2");
    String good = fileOf("{\"routing_key\":\"q\",\"payload\":\"1\"}");
    http.post(REPLAYS + "?speed=fast", good).isBadRequest("speed and times have to be numbers");
    http.post(REPLAYS + "?speed=-1", good)
        .isBadRequest(
            "speed has to be 0 or max (at once), or from 0.001 to 1000000 (1 is as recorded)");
    http.post(REPLAYS + "?times=0", good).isBadRequest("times has to be from 1 to 1000000");
    http.post(REPLAYS + "?sped=1", good)
        .isBadRequest("a replay has no sped; it has exchange, from, recording, speed, times, wait");
    http.post(REPLAYS + "?recording=1", good)
        .isBadRequest("send a file or name a recording, not both");
    http.post(REPLAYS + "?recording=1", null).isNotFound();
  }

  private void refused(String file, String reason) {
    http.post(REPLAYS, file.isEmpty() ? null : file).isBadRequest(reason);
  }

  private void refusedMessage(String message, String reason) {
    refused(fileOf("{\"routing_key\":\"q\",\"payload\":\"1\"}", message), reason);
  }

  @Test
  void queryThatMakesNoSenseIsRefused() throws Exception {
    long id = begin(Map.of());
    publish("", "q", "1");
    assertThat(id).isEqualTo(1);
    for (String none : List.of("0", "-7", "x", "")) {
      http.post(REPLAYS + "?recording=" + none, null)
          .isBadRequest("recording has to be the id of a recording");
    }
    String good = fileOf("{\"routing_key\":\"q\",\"payload\":\"1\"}");
    http.post(REPLAYS + "?from=%2F", good)
        .isBadRequest("from is the virtual host of a recording; name it with recording=ID");
    assertThat(ready()).isEqualTo(1);
  }

  /** Those that begin when it is over push it out of the list before it can be looked for. */
  @Test
  void whoWaitsGetsTheEndOfAReplayThatIsForgottenAtOnce() throws Exception {
    String file =
        fileOf(
            "{\"routing_key\":\"q\",\"payload\":\"1\"}",
            "{\"routing_key\":\"q\",\"payload\":\"2\",\"at_ms\":5000}");
    List<RecordedMessage> messages = RecordingJson.read(file.getBytes(StandardCharsets.UTF_8));
    CompletableFuture<HttpAnswer> waiting =
        CompletableFuture.supplyAsync(() -> http.post(REPLAYS + "?wait=20000", file));
    await().untilAsserted(() -> assertThat(broker.recordings().replays("/")).hasSize(1));
    broker
        .recordings()
        .whenOver("/", 1)
        .thenRun(
            () -> {
              for (int i = 0; i < Replays.MOST; i++) {
                broker
                    .recordings()
                    .submitReplay(null, "/", Replayer.Source.of(messages, ReplayRule.atSpeed(1)));
              }
            });
    assertThat(broker.recordings().replays("/")).hasSize(1);
    advance(5_000);
    JsonNode over = waiting.get(30, TimeUnit.SECONDS).ok();
    assertThat(over.get("state").textValue()).isEqualTo("done");
    assertThat(over.get("published").intValue()).isEqualTo(2);
    as("guest", "guest").get(REPLAYS + "/1").isNotFound();
  }

  @Test
  void virtualHostThatGoesEndsTheWait() throws Exception {
    http.put("/vhosts/other", Map.of());
    String file =
        fileOf(
            "{\"routing_key\":\"q\",\"payload\":\"1\"}",
            "{\"routing_key\":\"q\",\"payload\":\"2\",\"at_ms\":5000}");
    CompletableFuture<HttpAnswer> waiting =
        CompletableFuture.supplyAsync(() -> http.post("/dev/replays/other?wait=20000", file));
    await().untilAsserted(() -> assertThat(http.read("/dev/replays")).hasSize(1));
    as("guest", "guest").delete("/vhosts/other").isEmpty(204);
    JsonNode over = waiting.get(30, TimeUnit.SECONDS).ok();
    assertThat(over.get("state").textValue()).isEqualTo("stopped");
    assertThat(over.get("published").intValue()).isEqualTo(1);
  }

  // ---- in a JVM

  @Test
  void embedderRecordsAndReplays() throws Exception {
    Recording recording =
        broker.recordings().begin("/", RecordingRule.builder().exchange("shop").build());
    publish("shop", "order.new", "1");
    List<RecordedMessage> traffic = broker.recordings().messages("/", recording.id());
    assertThat(traffic).hasSize(1);
    assertThat(broker.recordings().stop("/", recording.id()).on()).isFalse();
    drained(channel);
    Replay begun = broker.recordings().replay("/", traffic, ReplayRule.atOnce().times(2));
    Replay over = broker.recordings().whenOver("/", begun.id()).toCompletableFuture().join();
    assertThat(over.published()).isEqualTo(2);
    assertThat(over.user()).isNull();
    assertThat(drained(channel)).containsExactly("1", "1");
    assertThat(broker.recordings().replays("/")).hasSize(1);
    assertThat(broker.recordings().delete("/", recording.id())).isTrue();
    assertThat(broker.recordings().list("/")).isEmpty();
    assertThatThrownBy(
            () -> broker.recordings().replay("/", traffic, ReplayRule.atOnce().to("missing")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no exchange 'missing' in vhost '/'");
    assertThatThrownBy(() -> broker.recordings().list("missing"))
        .hasMessage("there is no virtual host 'missing'");
  }
}
