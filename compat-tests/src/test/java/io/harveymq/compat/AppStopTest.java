package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose clients are turned out while its process goes on, and that is made as new. */
@Timeout(60)
class AppStopTest {
  /** Messages of 3,000 bytes. */
  private static final int LONGER_THAN_MEMORY = 8_000;

  @TempDir private Path data;
  private Broker broker;
  private Management management;
  private ManagementClient http;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "Harvey's own endpoints");
    BrokerConfig config = BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).build();
    broker = Broker.start(config, MapDbStore.open(data, StoreOptions.defaults()));
    management = Management.start(broker, ManagementOptions.loopback());
    URI uri = URI.create("http://127.0.0.1:" + management.port());
    http = ManagementClient.at(uri, "guest", "guest");
  }

  @AfterEach
  void stop() {
    if (broker != null) {
      management.close();
      broker.close();
    }
  }

  private Connection connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(broker.port());
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }

  private void run(boolean on) {
    http.put("/dev/app", Map.of("running", on)).isEmpty(204);
    assertThat(http.read("/dev/app").get("running").booleanValue()).isEqualTo(on);
  }

  private static void publish(Channel channel, String queue, boolean persistent) throws Exception {
    channel.basicPublish(
        "",
        queue,
        persistent ? MessageProperties.MINIMAL_PERSISTENT_BASIC : MessageProperties.MINIMAL_BASIC,
        new byte[] {(byte) (persistent ? 1 : 0)});
  }

  private List<String> names(String path) {
    return HttpAnswer.column(http.read(path), "name");
  }

  @Test
  void clientsAreTurnedOutAndWhatARestartLeavesIsThereAgain() throws Exception {
    Connection connection = connect();
    CompletableFuture<ShutdownSignalException> end = new CompletableFuture<>();
    connection.addShutdownListener(end::complete);
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    channel.exchangeDeclare("kept", "topic", true);
    channel.exchangeDeclare("gone", "topic", false);
    channel.queueDeclare("durable", true, false, false, Map.of());
    channel.queueDeclare("transient", false, false, false, Map.of());
    channel.queueDeclare("exclusive", false, true, false, Map.of());
    channel.queueDeclare("quorum", true, false, false, Map.of("x-queue-type", "quorum"));
    for (String queue : List.of("durable", "transient", "quorum")) {
      publish(channel, queue, false);
      publish(channel, queue, true);
    }
    channel.queueDeclare("long", true, false, false, Map.of());
    for (int i = 0; i < LONGER_THAN_MEMORY; i++) {
      channel.basicPublish("", "long", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[3_000]);
    }
    publish(channel, "long", false);
    channel.waitForConfirmsOrDie(60_000);
    channel.basicGet("quorum", false);
    int port = broker.port();

    run(false);

    assertThat(end.get(10, TimeUnit.SECONDS).getMessage())
        .contains("reply-code=320")
        .contains("broker forced connection closure with reason 'shutdown'");
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    assertThat(HttpAnswer.column(http.read("/dev/findings"), "kind")).first().isEqualTo("stopped");
    run(false);
    assertThat(names("/queues")).containsExactlyInAnyOrder("durable", "long", "quorum");
    assertThat(names("/exchanges/%2F")).contains("kept", "amq.topic").doesNotContain("gone");

    run(true);

    assertThat(HttpAnswer.column(http.read("/dev/findings"), "kind")).doesNotContain("stopped");
    assertThat(broker.port()).isEqualTo(port);
    try (Connection again = connect();
        Channel other = again.createChannel()) {
      assertThat(other.messageCount("durable")).isEqualTo(1);
      assertThat(other.basicGet("durable", true).getBody()).containsExactly(1);
      assertThat(other.messageCount("quorum")).isEqualTo(2);
      assertThat(other.messageCount("long")).isEqualTo(LONGER_THAN_MEMORY);
    }
  }

  @Test
  void portThatIsTakenMeanwhileIsTold() throws Exception {
    run(false);
    BrokerConfig same =
        BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(broker.port()).build();
    try (Broker other = Broker.start(same)) {
      HttpAnswer refused = http.put("/dev/app", Map.of("running", true));
      refused.hasStatus(409);
      assertThat(refused.body()).contains("can't listen again").contains("stop what took the port");
      assertThat(other.port()).isEqualTo(broker.port());
    }
    run(true);
    connect().close();
  }

  @Test
  void onlyWhatItBeginsWithIsLeftByAReset() throws Exception {
    http.put("/vhosts/mine", Map.of()).isEmpty(201);
    http.put("/vhosts/safe", Map.of("protected_from_deletion", true)).isEmpty(201);
    http.put("/users/bob", Map.of("password", "p", "tags", "")).isEmpty(201);
    http.put("/users/guest", Map.of("password", "other", "tags", "administrator")).isEmpty(204);
    http =
        ManagementClient.at(URI.create("http://127.0.0.1:" + management.port()), "guest", "other");
    http.put("/policies/%2F/p", Map.of("pattern", "^q", "definition", Map.of("max-length", 5)))
        .isEmpty(201);
    http.put("/global-parameters/g", Map.of("value", 1)).isEmpty(201);
    http.put("/queues/%2F/q", Map.of("durable", true)).isEmpty(201);
    http.post("/dev/app/reset", Map.of()).hasStatus(409);
    assertThat(names("/vhosts")).containsExactlyInAnyOrder("/", "mine", "safe");
    run(false);

    http.post("/dev/app/reset", Map.of()).isEmpty(204);

    http =
        ManagementClient.at(URI.create("http://127.0.0.1:" + management.port()), "guest", "guest");
    assertAsNew();
    run(true);
    connect().close();
    stop();
    start();
    assertAsNew();
  }

  private void assertAsNew() {
    JsonNode all = http.read("/definitions");
    assertThat(HttpAnswer.column(all.get("users"), "name")).containsExactly("guest");
    assertThat(HttpAnswer.column(all.get("vhosts"), "name")).containsExactly("/");
    assertThat(all.get("permissions")).hasSize(1);
    assertThat(all.get("policies")).isEmpty();
    assertThat(all.get("parameters")).isEmpty();
    assertThat(HttpAnswer.column(all.get("global_parameters"), "name")).doesNotContain("g");
    assertThat(all.get("queues")).isEmpty();
    assertThat(names("/exchanges/%2F")).contains("amq.topic");
  }
}
