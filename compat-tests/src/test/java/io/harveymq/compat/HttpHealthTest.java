package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Compatibility;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** {@code /health/checks}, {@code /healthchecks} and {@code /aliveness-test}. */
class HttpHealthTest extends HttpTest {
  private static final String CHECKS = "/health/checks/";
  private static final String OK = "{\"status\":\"ok\"}";

  @Test
  void alivenessTestSaysOkAndNothingElse() {
    HttpAnswer alive = http.get("/aliveness-test/%2F").hasStatus(200);
    assertThat(alive.body()).isEqualTo(OK);
    assertThat(alive.header("content-type")).isEqualTo("application/json");
    http.get("/aliveness-test/" + name("none")).isNotFound();
  }

  /** Later versions would find it among the deprecated features that are used. */
  @Test
  void alivenessTestDeclaresAQueueBefore40Only() throws Exception {
    for (Compatibility version : List.of(Compatibility.V3_10, Compatibility.V4_2)) {
      try (PageBroker broker = PageBroker.start(version)) {
        ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
        assertThat(api.get("/aliveness-test/%2F").hasStatus(200).body()).isEqualTo(OK);
        List<String> queues = HttpAnswer.column(api.read("/queues"), "name");
        if (version == Compatibility.V3_10) {
          assertThat(queues).containsExactly("aliveness-test");
        } else {
          assertThat(queues).isEmpty();
          assertThat(api.read("/deprecated-features/used")).isEmpty();
        }
      }
    }
  }

  @Test
  void oldCheckSaysOkAndNothingElse() {
    assertThat(http.get("/healthchecks/node").hasStatus(200).body()).isEqualTo(OK);
    String node = "/healthchecks/node/" + HttpTarget.current().node();
    assertThat(http.get(node).hasStatus(200).body()).isEqualTo(OK);
    http.get("/healthchecks/node/none@h").isNotFound();
  }

  @Test
  void checksWithoutParametersSayOk() {
    for (String check : List.of("alarms", "local-alarms", "virtual-hosts")) {
      assertThat(http.get(CHECKS + check).hasStatus(200).body()).as(check).isEqualTo(OK);
    }
  }

  @Test
  void singleNodeIsNeverCritical() {
    HttpAnswer quorum = http.get(CHECKS + "node-is-quorum-critical").hasStatus(200);
    assertThat(quorum.json().get("status").textValue()).isEqualTo("ok");
    if (HttpTarget.current().is310()) {
      String single = "{\"status\":\"ok\",\"reason\":\"single node cluster\"}";
      assertThat(quorum.body()).isEqualTo(single);
      // mirrored queues, and this check with them, are gone since 4.0
      assertThat(http.get(CHECKS + "node-is-mirror-sync-critical").hasStatus(200).body())
          .isEqualTo(single);
    }
  }

  @Test
  void certificatesDoNotExpireWhereThereAreNone() {
    for (String unit : List.of("days", "weeks", "months", "years")) {
      assertThat(http.get(CHECKS + "certificate-expiration/1/" + unit).hasStatus(200).body())
          .isEqualTo(OK);
    }
    http.get(CHECKS + "certificate-expiration/x/weeks").isBadRequest("Invalid expiration value.");
    http.get(CHECKS + "certificate-expiration/1/x")
        .isBadRequest("Time unit not recognised. Supported units: days, weeks, months, years.");
  }

  @Test
  void listeningPortIsHealthy() {
    int port = BrokerUnderTest.port();
    JsonNode ok = http.read(CHECKS + "port-listener/" + port);
    assertJson(ok, Map.of("status", "ok", "port", port));
    int management = BrokerUnderTest.managementUri().getPort();
    http.get(CHECKS + "port-listener/" + management).hasStatus(200);
  }

  @Test
  void otherPortIsUnhealthy() {
    HttpAnswer failed = http.get(CHECKS + "port-listener/1").hasStatus(503);
    JsonNode json = failed.json();
    assertFields(json, "status", "reason", "missing", "ports");
    assertThat(json.get("status").textValue()).isEqualTo("failed");
    assertThat(json.get("reason").textValue()).isEqualTo("No active listener");
    assertThat(json.get("missing").intValue()).isEqualTo(1);
    assertThat(json.get("ports")).contains(HttpAnswer.tree(BrokerUnderTest.port()));
    http.get(CHECKS + "port-listener/x").isBadRequest("Invalid port");
  }

  @Test
  void servedProtocolIsHealthyUnderAllItsNames() {
    for (String name : List.of("amqp", "amqp091", "amqp0-9-1", "AMQP")) {
      http.get(CHECKS + "protocol-listener/" + name).hasStatus(200);
    }
    assertThat(http.read(CHECKS + "protocol-listener/amqp").get("status").textValue())
        .isEqualTo("ok");
    assertThat(http.read(CHECKS + "protocol-listener/http").get("protocol").textValue())
        .isEqualTo("http");
  }

  @Test
  void otherProtocolIsUnhealthy() {
    JsonNode json = http.get(CHECKS + "protocol-listener/nope").hasStatus(503).json();
    assertFields(json, "status", "reason", "missing", "protocols");
    assertThat(json.get("status").textValue()).isEqualTo("failed");
    assertThat(json.get("reason").textValue()).isEqualTo("No active listener");
    assertThat(json.get("missing").textValue()).isEqualTo("nope");
    assertThat(json.get("protocols").toString()).contains("\"amqp\"", "\"http\"");
  }

  @Test
  void unknownCheckIsNotFound() {
    http.get(CHECKS + "nope").isNotFound();
  }

  /** Sets the watermark of the memory, so it needs rabbitmqctl with another broker than Harvey. */
  @Test
  @EnabledIf("io.harveymq.compat.Administration#isAvailable")
  void alarmIsUnhealthy() {
    Administration administration = Administration.ofTarget();
    administration.setMemoryHighWatermark(0.000001);
    try {
      for (String check : List.of("alarms", "local-alarms")) {
        eventuallyFails(CHECKS + check);
      }
    } finally {
      administration.setMemoryHighWatermark(0.4);
    }
    eventually(CHECKS + "alarms", ok -> assertJson(ok, OK));
  }

  private void eventuallyFails(String path) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode json = http.get(path).hasStatus(503).json();
              assertThat(json.get("status").textValue()).isEqualTo("failed");
              JsonNode alarm = json.get("alarms").get(0);
              assertThat(alarm.get("resource").textValue()).isEqualTo("memory");
              assertThat(alarm.get("node").textValue()).isEqualTo(HttpTarget.current().node());
            });
  }
}
