package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the HTTP API still tells when the broker was started again. One thread, the test's. */
@Tag("management")
@Timeout(60)
class HttpRestartTest {
  @TempDir Path data;
  private Broker broker;
  private Management management;
  private ManagementClient http;

  @BeforeEach
  void start() throws Exception {
    MapDbStore store = MapDbStore.open(data, StoreOptions.defaults());
    BrokerConfig config = BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).build();
    broker = Broker.start(config, store);
    management = Management.start(broker, ManagementOptions.loopback());
    URI uri = URI.create("http://127.0.0.1:" + management.port());
    http = ManagementClient.at(uri, "guest", "guest");
  }

  @AfterEach
  void stop() {
    management.close();
    broker.close();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  @Test
  void whoDeclaredAnExchangeIsKept() throws Exception {
    for (String type : List.of("topic", "x-delayed-message")) {
      Map<String, Object> arguments = Map.of("x-delayed-type", "direct");
      http.put(
              "/exchanges/%2F/" + type,
              Map.of("type", type, "durable", true, "arguments", arguments))
          .isEmpty(201);
    }
    restart();
    for (String type : List.of("topic", "x-delayed-message")) {
      assertThat(http.read("/exchanges/%2F/" + type).path("user_who_performed_action").textValue())
          .as(type)
          .isEqualTo("guest");
    }
  }

  @Test
  void limitsThatWereSetToNothingAreKept() throws Exception {
    String limits = "/parameters/vhost-limits/%2F/limits";
    http.get(limits).isNotFound();
    http.put(limits, Map.of("value", List.of())).isEmpty(201);
    restart();
    assertThat(http.read(limits).get("value")).isEmpty();
    http.delete(limits).isEmpty(204);
    restart();
    http.get(limits).isNotFound();
  }
}
