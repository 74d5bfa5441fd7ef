package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Broker;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demo shop that Harvey's own part of the API starts and removes. */
class HttpDemoTest {
  private static final String DEMO = "/dev/demo";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Broker broker;
  private Management management;
  private ManagementClient http;

  @BeforeEach
  void start() throws Exception {
    broker = Broker.start();
    startManagement();
  }

  private void startManagement() throws Exception {
    management = Management.start(broker, ManagementOptions.loopback());
    http =
        ManagementClient.at(URI.create("http://127.0.0.1:" + management.port()), "guest", "guest");
  }

  @AfterEach
  void stop() {
    management.close();
    broker.close();
  }

  private String state() {
    return http.read(DEMO).get("state").textValue();
  }

  private static String refused(HttpAnswer answer) {
    return answer.hasStatus(409).json().get("reason").textValue();
  }

  private TreeSet<String> names(String path, String field) {
    TreeSet<String> names = new TreeSet<>();
    http.read(path).forEach(one -> names.add(one.at(field).asText()));
    return names;
  }

  private TreeSet<String> clients() {
    return names("/connections", "/user_provided_name");
  }

  @Test
  void aShopOfRealClientsRunsUntilItIsRemoved() {
    assertThat(state()).isEqualTo("off");
    http.delete(DEMO).isNotFound();
    http.put(DEMO, null).isEmpty(201);
    assertThat(state()).isEqualTo("running");
    http.put(DEMO, null).isEmpty(204);
    assertThat(clients())
        .containsExactly("billing-worker", "report-writer", "shipping-worker", "web-shop");
    assertThat(names("/queues/demo", "/name"))
        .containsExactly("billing", "orders.dead", "reports", "shipping");
    assertThat(names("/permissions", "/user")).contains("guest", "demo-shop");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(http.read("/queues/demo/orders.dead").get("messages").intValue())
                  .isEqualTo(1);
              JsonNode worst = http.read("/dev/findings?vhost=demo").get(0);
              assertThat(worst.get("kind").textValue()).isEqualTo("dropping");
              assertThat(worst.get("text").textValue()).contains("order.eu.returned");
            });
    http.delete(DEMO).isEmpty(204);
    assertThat(state()).isEqualTo("off");
    assertThat(names("/vhosts", "/name")).containsExactly("/");
    assertThat(names("/users", "/name")).containsExactly("guest");
    assertThat(clients()).isEmpty();
  }

  @Test
  void whatOthersMadeIsLeftAlone() {
    http.put("/vhosts/demo", Map.of("description", "mine")).isEmpty(201);
    assertThat(state()).isEqualTo("taken");
    assertThat(refused(http.put(DEMO, null))).contains("did not make virtual host 'demo'");
    assertThat(refused(http.delete(DEMO))).contains("leaves it alone");
    assertThat(http.read("/vhosts/demo").get("description").textValue()).isEqualTo("mine");
    http.delete("/vhosts/demo").isEmpty(204);
    http.put("/users/demo-shop", Map.of("password", "mine", "tags", "")).isEmpty(201);
    assertThat(refused(http.put(DEMO, null))).contains("user 'demo-shop'");
    assertThat(names("/vhosts", "/name")).containsExactly("/");
    assertThat(names("/users", "/name")).containsExactly("demo-shop", "guest");
  }

  @Test
  void whatIsLeftAfterARestartGoesOnOrIsRemoved() throws Exception {
    http.put(DEMO, null).isEmpty(201);
    management.close();
    startManagement();
    assertThat(state()).isEqualTo("left");
    http.put(DEMO, null).isEmpty(201);
    assertThat(state()).isEqualTo("running");
    assertThat(clients()).hasSize(4);
    management.close();
    startManagement();
    http.delete(DEMO).isEmpty(204);
    assertThat(names("/vhosts", "/name")).containsExactly("/");
    assertThat(names("/users", "/name")).containsExactly("guest");
  }

  @Test
  void itEndsWhenItsVirtualHostIsDeleted() {
    http.put(DEMO, null).isEmpty(201);
    http.delete("/vhosts/demo").isEmpty(204);
    await().atMost(PATIENCE).until(() -> state().equals("off"));
    await().atMost(PATIENCE).until(() -> clients().isEmpty());
    assertThat(names("/users", "/name")).containsExactly("guest");
    http.put(DEMO, null).isEmpty(201);
  }

  @Test
  void aClientThatIsCutComesBack() {
    http.put(DEMO, null).isEmpty(201);
    for (JsonNode one : http.read("/connections")) {
      if (one.get("user_provided_name").textValue().equals("billing-worker")) {
        http.delete("/connections/" + ManagementClient.segment(one.get("name").textValue()));
      }
    }
    await().atMost(PATIENCE).until(() -> !clients().contains("billing-worker"));
    await().atMost(PATIENCE).until(() -> clients().contains("billing-worker"));
    assertThat(names("/consumers/demo", "/consumer_tag"))
        .isEqualTo(new TreeSet<>(List.of("billing-worker", "report-writer", "shipping-worker")));
  }

  @Test
  void onlyAdministratorsStartIt() {
    http.put("/users/watcher", Map.of("password", "p", "tags", "monitoring")).isEmpty(201);
    ManagementClient watcher =
        ManagementClient.at(URI.create("http://127.0.0.1:" + management.port()), "watcher", "p");
    assertThat(watcher.put(DEMO, null).status()).isEqualTo(401);
    assertThat(watcher.get(DEMO).status()).isEqualTo(401);
    assertThat(names("/vhosts", "/name")).containsExactly("/");
  }
}
