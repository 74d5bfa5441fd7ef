package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.broker.Broker;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.server.config.ConfigException;
import io.harveymq.server.config.ConfigSources;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What new virtual hosts get by default_limits, default_policies and default_users. */
class VhostDefaultsTest {
  private static final String[] CONFIGURATION = {
    "default_limits.vhosts.b.pattern = ^dev",
    "default_limits.vhosts.b.max_queues = 2",
    "default_limits.vhosts.b.max_connections = 7",
    "default_limits.vhosts.a.pattern = small$",
    "default_limits.vhosts.a.max_queues = 1",
    "default_policies.operator.short.vhost_pattern = ^(dev|/$)",
    "default_policies.operator.short.queue_pattern = ^q",
    "default_policies.operator.short.max_length = 3",
    "default_policies.operator.short.max_length_bytes = 1MB",
    "default_policies.operator.short.expires = 1h30m",
    "default_policies.operator.short.message_ttl = 60000",
    "default_policies.operator.short.apply_to = classic_queues",
    "default_policies.operator.short.classic_queues.queue_version = 2",
    "default_policies.operator.short.classic_queues.ha_mode = all",
    "default_users.alice.vhost_pattern = ^(dev|/$)",
    "default_users.alice.tags = monitoring, qa",
    "default_users.alice.password = wonder",
    "default_users.alice.configure = ^a-",
    "default_users.certified.vhost_pattern = ^dev",
    "default_users.guest.vhost_pattern = ^dev",
    "default_users.guest.password = changed",
    "default_users.guest.write = ^$"
  };

  @TempDir private Path directory;

  private ServerSettings settings(List<String> lines, String... options) throws Exception {
    Path file = Files.write(directory.resolve("rabbitmq.conf"), lines);
    List<String> all = new ArrayList<>(List.of("--config", file.toString()));
    all.addAll(List.of("--amqp-port", "0", "--http-port", "0", "--metrics-port", "off"));
    all.addAll(List.of(options));
    return ServerSettings.of(ConfigSources.none(), all.toArray(new String[0]));
  }

  private Running start(List<String> lines, String... options) throws Exception {
    return BrokerStart.start(settings(lines, options), false);
  }

  private static Connection connect(Running running, String vhost, String user, String password)
      throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(running.broker().port());
    factory.setHost("127.0.0.1");
    factory.setVirtualHost(vhost);
    factory.setUsername(user);
    factory.setPassword(password);
    return factory.newConnection();
  }

  private static int http(Running running, String method, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running.management().uri() + "api" + path))
            .header("authorization", "Basic Z3Vlc3Q6Z3Vlc3Q=")
            .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private static void declare(Connection connection, String queue) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, null);
    }
  }

  @Test
  void theFirstVirtualHostGetsWhatMatchesItsName() throws Exception {
    try (Running running = start(List.of(CONFIGURATION), "--memory")) {
      try (Connection guest = connect(running, "/", "guest", "guest");
          Channel channel = guest.createChannel()) {
        declare(guest, "q");
        channel.confirmSelect();
        for (int i = 0; i < 5; i++) {
          channel.basicPublish("", "q", null, new byte[1]);
        }
        channel.waitForConfirmsOrDie(10_000);
        assertThat(channel.messageCount("q")).isEqualTo(3);
      }
      try (Connection alice = connect(running, "/", "alice", "wonder")) {
        declare(alice, "a-1");
        assertThatThrownBy(() -> declare(alice, "b-1"))
            .hasRootCauseMessage(
                "channel error; protocol method: #method<channel.close>(reply-code=403,"
                    + " reply-text=ACCESS_REFUSED - configure access to queue 'b-1' in vhost '/'"
                    + " refused for user 'alice', class-id=50, method-id=10)");
      }
      assertThat(running.broker().access().vhost("/").limits()).isEqualTo(VhostLimits.NONE);
    }
  }

  @Test
  void aVirtualHostMadeByTheHttpApiGetsWhatMatchesItsName() throws Exception {
    try (Running running = start(List.of(CONFIGURATION), "--memory")) {
      assertThat(http(running, "PUT", "/vhosts/dev-1", "")).isEqualTo(201);
      assertThat(http(running, "PUT", "/vhosts/dev-small", "")).isEqualTo(201);
      assertThat(http(running, "PUT", "/vhosts/other", "")).isEqualTo(201);

      Broker broker = running.broker();
      assertThat(broker.access().vhost("dev-1").limits()).isEqualTo(new VhostLimits(7, 2));
      assertThat(broker.access().vhost("dev-small").limits())
          .as("the first by name counts, and nothing of others")
          .isEqualTo(new VhostLimits(VhostLimits.UNSET, 1));
      Policy policy = broker.policies().listOperator("dev-1").get(0);
      assertThat(policy.name()).isEqualTo("short");
      assertThat(policy.pattern()).isEqualTo("^q");
      assertThat(policy.applyTo()).isEqualTo(ApplyTo.CLASSIC_QUEUES);
      assertThat(policy.definition().get("expires").asLong()).isEqualTo(5_400_000);
      assertThat(policy.definition().get("max-length-bytes").asLong()).isEqualTo(1 << 20);
      assertThat(policy.definition().get("message-ttl").asLong()).isEqualTo(60_000);
      assertThat(policy.definition().get("queue-version").asLong()).isEqualTo(2);
      assertThat(policy.definition().get("ha-mode")).isNull();
      assertThat(broker.access().user("alice").tags()).containsExactly("monitoring", "qa");
      assertThat(broker.access().permission("guest", "dev-1"))
          .as("who makes a virtual host may do everything in it")
          .isEqualTo(Permission.all("guest", "dev-1"));
      try (Connection alice = connect(running, "dev-1", "alice", "wonder")) {
        declare(alice, "a-1");
        declare(alice, "a-2");
        assertThatThrownBy(() -> declare(alice, "a-3"))
            .hasRootCauseMessage(
                "channel error; protocol method: #method<channel.close>(reply-code=406,"
                    + " reply-text=PRECONDITION_FAILED - cannot declare queue 'a-3': queue limit"
                    + " in vhost 'dev-1' (2) is reached, class-id=50, method-id=10)");
      }
      assertThat(broker.access().vhost("other").limits()).isEqualTo(VhostLimits.NONE);
      assertThat(broker.policies().listOperator("other")).isEmpty();
      assertThat(broker.access().permission("alice", "other")).isNull();
    }
  }

  @Test
  void aUserWhoIsThereKeepsPasswordAndTags() throws Exception {
    try (Running running = start(List.of(CONFIGURATION), "--memory")) {
      running.broker().access().addVhost("dev-1");

      connect(running, "dev-1", "guest", "guest").close();
      assertThat(running.broker().access().permission("guest", "dev-1"))
          .isEqualTo(new Permission("guest", "dev-1", ".*", "^$", ".*"));
      assertThat(running.broker().access().user("guest").tags()).containsExactly("administrator");
    }
  }

  @Test
  void aUserWithoutAPasswordIsMadeAndCannotLogInWithOne() throws Exception {
    try (Running running = start(List.of(CONFIGURATION), "--memory")) {
      assertThat(running.broker().access().user("certified")).isNull();
      running.broker().access().addVhost("dev-1");

      assertThat(running.broker().access().user("certified").tags()).isEmpty();
      assertThatThrownBy(() -> connect(running, "dev-1", "certified", ""))
          .isInstanceOf(AuthenticationFailureException.class);
    }
  }

  @Test
  void importedVirtualHostsGetThemTooAndWhatIsImportedWins() throws Exception {
    String definitions =
        """
        {"users": [{"name": "alice", "password": "own", "tags": []}],
         "vhosts": [{"name": "dev-1"}, {"name": "dev-2"}],
         "permissions": [
           {"user": "alice", "vhost": "dev-2", "configure": "x", "write": "y", "read": "z"}],
         "parameters": [
           {"component": "vhost-limits", "name": "limits", "vhost": "dev-2",
            "value": {"max-queues": 50}},
           {"component": "operator_policy", "name": "short", "vhost": "dev-2",
            "value": {"pattern": "^p", "definition": {"max-length": 9}}}]}
        """;
    try (Running running = start(List.of(CONFIGURATION), "--memory")) {
      assertThat(http(running, "POST", "/definitions", definitions)).isEqualTo(204);
      expectImported(running.broker());
    }
    Path file = Files.writeString(directory.resolve("definitions.json"), definitions);
    List<String> lines = new ArrayList<>(List.of(CONFIGURATION));
    lines.add("load_definitions = " + file);
    try (Running running = start(lines, "--memory")) {
      expectImported(running.broker());
      assertThat(running.broker().access().vhost("/")).isNull();
      connect(running, "dev-1", "alice", "own").close();
    }
  }

  private static void expectImported(Broker broker) {
    assertThat(broker.access().vhost("dev-1").limits()).isEqualTo(new VhostLimits(7, 2));
    assertThat(broker.access().permission("alice", "dev-1").configure()).isEqualTo("^a-");
    assertThat(broker.policies().listOperator("dev-1").get(0).pattern()).isEqualTo("^q");
    assertThat(broker.access().vhost("dev-2").limits())
        .isEqualTo(new VhostLimits(VhostLimits.UNSET, 50));
    assertThat(broker.access().permission("alice", "dev-2").configure()).isEqualTo("x");
    assertThat(broker.policies().listOperator("dev-2").get(0).pattern()).isEqualTo("^p");
    assertThat(broker.access().user("alice").tags()).isEmpty();
  }

  @Test
  void theyAreStoredAndGivenOnlyOnce() throws Exception {
    String data = directory.resolve("data").toString();
    try (Running running = start(List.of(CONFIGURATION), "--data-dir", data)) {
      running.broker().access().addVhost("dev-1");
      running.broker().access().addVhost("dev-2");
      running.broker().policies().clearOperator("dev-2", "short");
      running.broker().access().setVhostLimits("dev-2", VhostLimits.NONE);
      running.broker().access().clearPermissions("alice", "dev-2");
    }
    try (Running running = start(List.of(CONFIGURATION), "--data-dir", data)) {
      Broker broker = running.broker();
      assertThat(broker.policies().listOperator("/")).hasSize(1);
      assertThat(broker.policies().listOperator("dev-1")).hasSize(1);
      assertThat(broker.access().vhost("dev-1").limits()).isEqualTo(new VhostLimits(7, 2));
      assertThat(broker.access().permission("alice", "dev-1")).isNotNull();
      assertThat(broker.policies().listOperator("dev-2")).isEmpty();
      assertThat(broker.access().vhost("dev-2").limits()).isEqualTo(VhostLimits.NONE);
      assertThat(broker.access().permission("alice", "dev-2")).isNull();
      assertThat(http(running, "PUT", "/vhosts/dev-2", "{\"description\": \"d\"}")).isEqualTo(204);
      assertThat(broker.access().vhost("dev-2").limits()).isEqualTo(VhostLimits.NONE);
      connect(running, "/", "alice", "wonder").close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default_limits.vhosts.1.max_queues = 0 | must be between 1 and 2147483647, got '0'",
        "default_limits.vhosts.1.max_connections = many | must be between 1 and 2147483647",
        "default_limits.vhosts.1.pattern = ( | must be a regular expression, and this one is not",
        "default_limits.vhosts.1.pattern = '' | must be a regular expression, such as .*",
        "default_policies.operator.p.max_length = 0 | must be between 1 and 999999999999",
        "default_policies.operator.p.max_length_bytes = 1ZB | must be a number of bytes between 1",
        "default_policies.operator.p.expires = 0 | between 1 and 999999999999, or a time such as",
        "default_policies.operator.p.message_ttl = soon | or a time such as 30s or 1h, got 'soon'",
        "default_policies.operator.p.apply_to = topics | must be one of all, queues, classic_queues",
        "default_policies.operator.p.classic_queues.queue_version = 3 | must be between 1 and 2",
        "default_policies.operator.p.queue_pattern = .* | is for a policy that sets nothing; give it",
        "default_users.u.configure = [ | must be a regular expression, and this one is not",
        "default_users.u.vhost_pattern = * | must be a regular expression, and this one is not"
      })
  void aBadValueIsToldWithItsLineAndARemedy(String line, String message) {
    String key = line.substring(0, line.indexOf(' '));
    assertThatThrownBy(() -> settings(List.of("# a comment", line)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("rabbitmq.conf:2: " + key + " ")
        .hasMessageContaining(message);
  }

  @Test
  void whatIsNotKnownIsToldAndPassedOver() throws Exception {
    var notices =
        settings(
                List.of(
                    "default_users.u.password = p",
                    "default_users.u.passwort = geheim",
                    "default_policies.operator.m.classic_queues.ha_mode = all"))
            .config()
            .notices();

    assertThat(notices.warnings())
        .anyMatch(warning -> warning.contains("rabbitmq.conf:2: default_users.u.passwort"))
        .noneMatch(warning -> warning.contains("geheim"));
    assertThat(notices.remarks())
        .anyMatch(
            remark -> remark.contains("rabbitmq.conf:3") && remark.contains("without effect"));
  }
}
