package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In what a declaration differs from what exists; see also {@link HttpDevTest}. */
class HttpDeclareCheckTest extends HttpTest {
  @BeforeEach
  void onlyHarveyHasThis() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
  }

  @Test
  void declarationThatDiffersInSeveralArgumentsIsToldAll() throws Exception {
    String queue = name("hq");
    channel.queueDeclare(queue, false, false, true, Map.of("x-max-length", 7, "x-expires", 60_000));
    Map<String, Object> wanted = Map.of("x-message-ttl", 5, "x-expires", 60_000);
    Map<String, Object> asked =
        Map.of("kind", "queue", "name", queue, "durable", true, "arguments", wanted);
    JsonNode refused = http.post("/dev/declare/check", asked).ok();
    assertThat(refused.get("reason").textValue())
        .endsWith("received 'true' but current is 'false'");
    Map<String, String> differences = new HashMap<>();
    for (JsonNode one : refused.get("differences")) {
      String how = one.get("received").textValue() + " for " + one.get("current").textValue();
      differences.put(one.get("argument").textValue(), how);
    }
    assertThat(differences)
        .isEqualTo(
            Map.of(
                "durable", "true for false",
                "auto_delete", "false for true",
                "x-max-length", "none for 7",
                "x-message-ttl", "5 for none"));
    assertThat(refused.at("/differences/0/argument").textValue()).isEqualTo("durable");
    Map<String, Object> other =
        Map.of("kind", "exchange", "name", "amq.fanout", "type", "topic", "auto_delete", true);
    assertThat(
            HttpAnswer.column(
                http.post("/dev/declare/check", other).ok().get("differences"), "argument"))
        .containsExactly("type", "durable", "auto_delete");
  }
}
