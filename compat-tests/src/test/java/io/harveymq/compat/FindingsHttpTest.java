package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** What tests of findings have in common: a queue, messages in it, what is found. */
abstract class FindingsHttpTest extends ClockedHttpTest {
  static final Duration SAMPLE = Duration.ofSeconds(5);

  @BeforeEach
  void confirm() throws Exception {
    channel.confirmSelect();
  }

  final void publish(String exchange, String key, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      channel.basicPublish(exchange, key, null, "m".getBytes(StandardCharsets.UTF_8));
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  final String queue(String name, Map<String, Object> arguments) throws IOException {
    return channel.queueDeclare(name, true, false, false, arguments).getQueue();
  }

  final JsonNode findings() {
    return http.read("/dev/findings");
  }

  static JsonNode ofKind(JsonNode findings, String kind) {
    for (JsonNode finding : findings) {
      if (finding.get("kind").textValue().equals(kind)) {
        return finding;
      }
    }
    return null;
  }

  final JsonNode found(String kind) {
    return ofKind(findings(), kind);
  }

  /** Waits until the finding is there: what a client does may take a moment to arrive. */
  final void awaitFound(String kind, Consumer<JsonNode> assertions) {
    await()
        .untilAsserted(
            () -> {
              JsonNode found = found(kind);
              assertThat(found).as("a finding of the kind %s", kind).isNotNull();
              assertions.accept(found);
            });
  }

  final void awaitNothing(String kind) {
    await().untilAsserted(() -> assertThat(found(kind)).isNull());
  }

  static Map<String, Object> deadTo(String queue, Map<String, Object> arguments) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("x-dead-letter-exchange", "");
    all.put("x-dead-letter-routing-key", queue);
    return all;
  }
}
