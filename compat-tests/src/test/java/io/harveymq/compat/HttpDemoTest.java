package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** Another broker instead, of this configuration. */
  private void restart(BrokerConfig config) throws Exception {
    stop();
    broker = Broker.start(config);
    startManagement();
  }

  /** From now on until it is completed no change of users and virtual hosts is made. */
  private CompletableFuture<Void> holdChanges() {
    CompletableFuture<Void> held = new CompletableFuture<>();
    broker.access().submit(editor -> held.join());
    return held;
  }

  private CompletableFuture<HttpAnswer> later(String method) {
    return CompletableFuture.supplyAsync(() -> http.send(method, DEMO, null));
  }

  private void awaitState(String state) {
    await().atMost(PATIENCE).until(this::state, state::equals);
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
  void itTakesTheFramesThatTheBrokerTakes() throws Exception {
    ConnectionLimits small = new ConnectionLimits(8_192, 2_047, 60, 0, -1, -1);
    restart(BrokerConfig.builder().limits(small).build());
    http.put(DEMO, null).isEmpty(201);
    assertThat(names("/connections", "/frame_max")).containsExactly("8192");
  }

  @Test
  void aBrokerThatListensWithTlsOnlyHasNone(@TempDir Path directory) throws Exception {
    X509Bundle server =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificate = directory.resolve("server.pem");
    Path key = directory.resolve("server.key");
    Files.writeString(certificate, server.getCertificatePEM());
    Files.writeString(key, server.getPrivateKeyPEM());
    restart(
        BrokerConfig.builder()
            .amqpPort(BrokerConfig.NO_PORT)
            .tls(TlsOptions.of(certificate, key), 0)
            .build());
    String refusal = "The demo did not start: the broker listens to no client without TLS";
    http.put(DEMO, null).isError(503, "service_unavailable", refusal);
    assertThat(state()).isEqualTo("off");
    http.delete(DEMO).isNotFound();
    http.put(DEMO, null).isError(503, "service_unavailable", refusal);
    assertThat(names("/vhosts", "/name")).containsExactly("/");
    assertThat(names("/users", "/name")).containsExactly("guest");
  }

  @Test
  void whatIsTooLargeToBeLookedAtTakesNoWorkerItsPlaces() {
    http.put(DEMO, null).isEmpty(201);
    for (int i = 0; i < 10; i++) {
      publishToBilling("x".repeat(200_000));
    }
    publishToBilling("{\"mine\": 1, \"total\": null}");
    await().atMost(PATIENCE).until(() -> isDead("mine"));
    assertThat(http.read("/queues/demo/orders.dead").get("message_bytes").intValue())
        .isLessThan(10_000);
  }

  private void publishToBilling(String payload) {
    http.post("/exchanges/demo/amq.default/publish", ManagementClient.message("billing", payload))
        .ok();
  }

  private boolean isDead(String word) {
    Map<String, Object> all =
        Map.of("count", 10, "ackmode", "ack_requeue_true", "encoding", "auto");
    JsonNode dead = http.post("/queues/demo/orders.dead/get", all).ok();
    return HttpAnswer.column(dead, "payload").stream().anyMatch(text -> text.contains(word));
  }

  @Test
  void oneThatIsStartedWhileTheLastIsBeingRemovedStays() {
    http.put(DEMO, null).isEmpty(201);
    CompletableFuture<Void> held = holdChanges();
    CompletableFuture<HttpAnswer> removed = later("DELETE");
    awaitState("left");
    CompletableFuture<HttpAnswer> started = later("PUT");
    awaitState("starting");
    held.complete(null);
    removed.join().isEmpty(204);
    started.join().isEmpty(201);
    assertThat(state()).isEqualTo("running");
    assertThat(names("/vhosts", "/name")).containsExactly("/", "demo");
    assertThat(clients()).hasSize(4);
  }

  @Test
  void oneThatIsRemovedWhileItStartsIsGone() {
    CompletableFuture<Void> held = holdChanges();
    CompletableFuture<HttpAnswer> started = later("PUT");
    awaitState("starting");
    CompletableFuture<HttpAnswer> removed = later("DELETE");
    awaitState("off");
    held.complete(null);
    removed.join().isEmpty(204);
    assertThat(started.join().hasStatus(503).json().get("reason").textValue())
        .isEqualTo("The demo did not start: it was removed meanwhile");
    assertThat(names("/vhosts", "/name")).containsExactly("/");
    assertThat(names("/users", "/name")).containsExactly("guest");
    http.put(DEMO, null).isEmpty(201);
    assertThat(clients()).hasSize(4);
  }

  @Test
  void whatOthersMakeWhileItStartsIsLeftAlone() {
    CompletableFuture<Void> held = holdChanges();
    VirtualHostDefinition vhost = VirtualHostDefinition.of("demo").withDescription("mine");
    broker.access().submit(editor -> editor.putVhost(vhost));
    CompletableFuture<HttpAnswer> started = later("PUT");
    awaitState("starting");
    held.complete(null);
    assertThat(refused(started.join())).contains("did not make virtual host 'demo'");
    assertThat(http.read("/vhosts/demo").get("description").textValue()).isEqualTo("mine");
    assertThat(names("/users", "/name")).containsExactly("guest");
    http.delete("/vhosts/demo").isEmpty(204);

    held = holdChanges();
    User user = User.of("demo-shop", "mine", "management");
    broker.access().submit(editor -> editor.putUser(user));
    started = later("PUT");
    awaitState("starting");
    held.complete(null);
    assertThat(refused(started.join())).contains("did not make user 'demo-shop'");
    assertThat(broker.access().user("demo-shop")).isEqualTo(user);
    assertThat(names("/vhosts", "/name")).containsExactly("/");
  }

  @Test
  void itEndsWhenItsUserIsDeletedOrTakenOver() {
    http.put(DEMO, null).isEmpty(201);
    http.delete("/users/demo-shop").isEmpty(204);
    awaitState("off");
    await().atMost(PATIENCE).until(() -> clients().isEmpty());
    http.put(DEMO, null).isEmpty(201);
    http.put("/users/demo-shop", Map.of("password", "mine", "tags", "")).isEmpty(204);
    await().atMost(PATIENCE).until(() -> clients().isEmpty());
    assertThat(state()).isEqualTo("taken");
    assertThat(names("/vhosts", "/name")).containsExactly("/");
    assertThat(names("/users", "/name")).containsExactly("demo-shop", "guest");
  }

  @Test
  void itEndsWhenItsPasswordIsChanged() {
    http.put(DEMO, null).isEmpty(201);
    broker.access().changePassword("demo-shop", "another");
    awaitState("left");
    await().atMost(PATIENCE).until(() -> clients().isEmpty());
    assertThat(names("/vhosts", "/name")).containsExactly("/", "demo");
    http.put(DEMO, null).isEmpty(201);
    assertThat(clients()).hasSize(4);
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
