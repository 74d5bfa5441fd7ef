package io.harveymq.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/**
 * What suites of recordings and replays share: a queue {@code q} bound to the topic exchange {@code
 * shop} by {@code order.*}, and a client that publishes with confirms.
 */
abstract class RecordingHttpTest extends ClockedHttpTest {
  protected static final String RECORDINGS = "/dev/recordings/%2F";
  protected static final String REPLAYS = "/dev/replays/%2F";

  @BeforeEach
  void declare() throws Exception {
    channel.queueDeclare("q", false, false, false, null);
    channel.exchangeDeclare("shop", "topic");
    channel.queueBind("q", "shop", "order.*");
    channel.confirmSelect();
  }

  final long begin(Map<String, Object> rule) {
    return http.post(RECORDINGS, rule).ok().get("id").longValue();
  }

  final void publish(String exchange, String key, String body) throws Exception {
    channel.basicPublish(exchange, key, null, body.getBytes(StandardCharsets.UTF_8));
    channel.waitForConfirmsOrDie(10_000);
  }

  final JsonNode one(long id) {
    return http.read(RECORDINGS + "/" + id);
  }

  final String file(long id) {
    return http.get(RECORDINGS + "/" + id + "/file").hasStatus(200).body();
  }

  /** A replay at once that is waited for. */
  final JsonNode replay(String file) {
    return http.post(REPLAYS + "?speed=max&wait=20000", file).ok();
  }

  protected static String fileOf(String... messages) {
    return "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":["
        + String.join(",", messages)
        + "]}";
  }

  final int ready() throws Exception {
    return channel.queueDeclarePassive("q").getMessageCount();
  }

  final List<String> drained(Channel from) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (GetResponse got = from.basicGet("q", true); got != null; got = from.basicGet("q", true)) {
      bodies.add(new String(got.getBody(), StandardCharsets.UTF_8));
    }
    return bodies;
  }
}
