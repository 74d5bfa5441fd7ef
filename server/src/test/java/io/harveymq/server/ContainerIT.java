package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The entry point of the container image, with the distribution in the path and the environment
 * that the image sets; only the user is not changed, and the ports are free ones.
 */
@Tag("tools")
@Timeout(180)
class ContainerIT {
  private static final Path DOCKER = Path.of("..", "docker").toAbsolutePath().normalize();
  private static final Pattern PAGE = Pattern.compile("HTTP API on (http://\\S+)");

  /**
   * What the class {@code RabbitMQContainer} of Testcontainers runs in a container that started.
   */
  private static final List<List<String>> OF_TESTCONTAINERS =
      List.of(
          // withPluginsEnabled, withVhost, withVhostLimit
          List.of("rabbitmq-plugins", "enable", "rabbitmq_shovel", "rabbitmq_random_exchange"),
          declare("vhost", "name=vhost1"),
          declare("vhost", "name=vhost2", "tracing=true"),
          declare("vhost_limit", "vhost=vhost1", "name=max-connections", "value=1"),
          // withExchange
          declare("exchange", "name=direct-exchange", "type=direct"),
          declare(
              "exchange",
              "name=topic-exchange",
              "type=topic",
              "auto_delete=false",
              "internal=false",
              "durable=true",
              "arguments={\"alternate-exchange\":\"amq.fanout\"}"),
          List.of(
              "rabbitmqadmin",
              "--vhost=vhost1",
              "declare",
              "exchange",
              "name=vhost-exchange",
              "type=direct",
              "auto_delete=false",
              "internal=false",
              "durable=false",
              "arguments={}"),
          // withQueue
          declare("queue", "name=queue1"),
          declare(
              "queue",
              "name=queue2",
              "auto_delete=true",
              "durable=false",
              "arguments={\"x-message-ttl\":1000}"),
          // withBinding
          declare("binding", "source=direct-exchange", "destination=queue1"),
          declare(
              "binding",
              "source=topic-exchange",
              "destination=direct-exchange",
              "routing_key=a.#",
              "destination_type=exchange",
              "arguments={\"k\":1}"),
          // withUser, withPermission, withParameter
          declare("user", "name=user1", "password=password1", "tags="),
          declare("user", "name=user2", "password=password2", "tags=administrator,monitoring"),
          declare(
              "permission", "vhost=vhost1", "user=user1", "configure=.*", "write=^w", "read=.*"),
          declare(
              "parameter", "component=vhost-limits", "name=limits", "value={\"max-queues\":100}"),
          // withPolicy, withOperatorPolicy
          declare(
              "policy",
              "name=max length policy",
              "pattern=^dog",
              "priority=1",
              "apply-to=queues",
              "definition={\"max-length\":1}"),
          declare(
              "policy",
              "name=alternate exchange policy",
              "pattern=^direct-exchange",
              "definition={\"alternate-exchange\":\"amq.direct\"}"),
          declare(
              "policy",
              "--vhost=vhost2",
              "name=ha-all",
              "pattern=.*",
              "definition={\"ha-mode\":\"all\",\"ha-sync-mode\":\"automatic\"}"),
          declare(
              "operator_policy",
              "name=operator policy 1",
              "pattern=^queue1",
              "priority=1",
              "apply-to=queues",
              "definition={\"message-ttl\":1000}"));

  @TempDir private Path volume;
  @TempDir private Path configuration;

  @BeforeEach
  void takeTheImagesConfiguration() throws Exception {
    String name = "10-defaults.conf";
    Files.copy(DOCKER.resolve(name), configuration.resolve(name));
    configure("20-ports.conf", "management.tcp.port = 0", "prometheus.tcp.port = 0");
  }

  private void configure(String file, String... lines) throws Exception {
    Files.write(configuration.resolve(file), List.of(lines));
  }

  private HarveyProcess run(Map<String, String> asked, String... command) throws Exception {
    Map<String, String> environment = new HashMap<>(asked);
    environment.put("HOME", volume.toString());
    environment.put("RABBITMQ_CONFIG_FILES", configuration.toString());
    environment.put("RABBITMQ_NODE_PORT", "0");
    environment.put("PATH", HarveyProcess.script().getParent() + ":" + System.getenv("PATH"));
    return HarveyProcess.start(DOCKER.resolve("docker-entrypoint.sh"), environment, command);
  }

  private static String page(HarveyProcess harvey) {
    return harvey.lines().stream()
        .map(PAGE::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow();
  }

  private static HttpResponse<String> get(URI uri, String login) throws Exception {
    String basic = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("authorization", "Basic " + basic).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theBrokerListensOnThreePortsAndKeepsItsDataInTheVolume() throws Exception {
    try (HarveyProcess harvey = run(Map.of(), "rabbitmq-server").awaitStarted()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setPort(harvey.port());
      try (Connection connection = factory.newConnection()) {
        connection.createChannel().queueDeclare("kept", true, false, false, null);
      }
      HttpResponse<String> overview =
          get(URI.create(page(harvey)).resolve("api/overview"), "guest:guest");
      assertThat(overview.statusCode()).isEqualTo(200);
      assertThat(overview.body()).contains("\"protocol\":\"http/prometheus\"");
      assertThat(volume.resolve("harvey-data")).isDirectory();
      assertThat(harvey.lines()).noneMatch(line -> line.contains("[WARN]"));

      harvey.terminate();
      assertThat(harvey.awaitExit()).isZero();
    }
    try (HarveyProcess again = run(Map.of(), "rabbitmq-server").awaitStarted()) {
      assertThat(again.lines()).anyMatch(line -> line.contains("1 durable queue with"));
    }
  }

  @Test
  void theUserOfTheVariablesIsMadeAndGuestMayComeFromAnywhere() throws Exception {
    Map<String, String> variables =
        Map.of(
            "RABBITMQ_DEFAULT_USER", "app",
            "RABBITMQ_DEFAULT_PASS", "secret",
            "RABBITMQ_DEFAULT_VHOST", "dev");
    try (HarveyProcess harvey = run(variables, "rabbitmq-server").awaitStarted()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri("amqp://app:secret@127.0.0.1:" + harvey.port() + "/dev");
      factory.newConnection().close();
      URI users = URI.create(page(harvey)).resolve("api/users");
      assertThat(get(users, "app:secret").body()).contains("\"app\"").doesNotContain("guest");
      assertThat(get(users, "guest:guest").statusCode()).isEqualTo(401);
    }
    try (HarveyProcess shown = run(variables, "harvey", "config", "show")) {
      assertThat(shown.awaitLine("loopback_users")).contains("false").contains("10-defaults.conf");
    }
  }

  @Test
  void definitionsOfTheConfigurationAreThereWhenThePortsOpen() throws Exception {
    Path definitions = volume.resolve("definitions.json");
    Files.writeString(
        definitions,
        "{\"users\":[{\"name\":\"u\",\"password\":\"p\",\"tags\":\"administrator\"}],"
            + "\"vhosts\":[{\"name\":\"/\"}],\"permissions\":[{\"user\":\"u\",\"vhost\":\"/\","
            + "\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}],\"queues\":[{\"name\":"
            + "\"orders\",\"vhost\":\"/\",\"durable\":true,\"auto_delete\":false,"
            + "\"arguments\":{}}]}");
    configure("30-definitions.conf", "load_definitions = " + definitions);
    Map<String, String> variables = Map.of("RABBITMQ_DEFAULT_USER", "app");
    try (HarveyProcess harvey = run(variables).awaitStarted()) {
      assertThat(harvey.lines())
          .anyMatch(line -> line.contains("default_user is not used") && line.contains("'app'"));
      HttpResponse<String> queue =
          get(URI.create(page(harvey)).resolve("api/queues/%2F/orders"), "u:p");
      assertThat(queue.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void definitionsThatWereImportedBeforeAreLeftAloneOnRequestUntilTheyChange() throws Exception {
    Path definitions = volume.resolve("definitions.json");
    Files.writeString(definitions, vhosts("a"));
    configure(
        "30-definitions.conf",
        "load_definitions = " + definitions + "\ndefinitions.skip_if_unchanged = true");
    try (HarveyProcess first = run(Map.of()).awaitStarted()) {
      assertThat(first.lines()).anyMatch(line -> line.contains("definitions.json are loaded"));
      first.terminate();
      assertThat(first.awaitExit()).isZero();
    }
    try (HarveyProcess second = run(Map.of()).awaitStarted()) {
      assertThat(second.lines())
          .noneMatch(line -> line.contains("are loaded"))
          .anyMatch(line -> line.contains("are not loaded again"));
      second.terminate();
      assertThat(second.awaitExit()).isZero();
    }
    Files.writeString(definitions, vhosts("b"));
    try (HarveyProcess third = run(Map.of()).awaitStarted()) {
      assertThat(third.lines()).anyMatch(line -> line.contains("definitions.json are loaded"));
    }
  }

  private static String vhosts(String name) {
    return "{\"vhosts\":[{\"name\":\"" + name + "\"}]}";
  }

  @Test
  void optionsAreThoseOfTheBrokerAndOtherCommandsAreRunAsTheyAre() throws Exception {
    try (HarveyProcess harvey = run(Map.of(), "--memory").awaitStarted()) {
      assertThat(harvey.lines()).anyMatch(line -> line.contains("nothing is stored"));
      assertThat(volume.resolve("harvey-data")).doesNotExist();
    }
    try (HarveyProcess other = run(Map.of(), "sh", "-c", "echo \"$0 $1\"", "as", "given")) {
      assertThat(other.awaitExit()).isZero();
      assertThat(other.lines()).containsExactly("as given");
    }
  }

  private static List<String> declare(String... words) {
    List<String> command = new ArrayList<>(List.of("rabbitmqadmin", "declare"));
    command.addAll(List.of(words));
    return command;
  }

  /** Runs a command as {@code docker exec} does; it has to end well. */
  private String exec(String... command) throws Exception {
    try (HarveyProcess process = run(Map.of("LC_ALL", "C"), command)) {
      assertThat(process.awaitExit()).as("%s: %s", List.of(command), process.lines()).isZero();
      return String.join("\n", process.lines());
    }
  }

  @Test
  void testcontainersDeclaresWhatItIsToldTo() throws Exception {
    try (HarveyProcess harvey = run(Map.of(), "rabbitmq-server").awaitStarted()) {
      URI api = URI.create(page(harvey)).resolve("api/");
      // In a container the port is the usual one.
      Files.writeString(
          volume.resolve(".rabbitmqadmin.conf"), "[default]\nport = " + api.getPort() + "\n");
      for (List<String> command : OF_TESTCONTAINERS) {
        String said = exec(command.toArray(String[]::new));
        if (command.contains("declare")) {
          String kind = command.get(command.indexOf("declare") + 1);
          assertThat(said).isEqualTo(kind + " declared");
        }
      }
      assertThat(exec("rabbitmqctl", "list_exchanges", "-p", "vhost1"))
          .containsPattern("vhost-exchange\\s+direct");
      assertThat(exec("rabbitmqctl", "list_queues", "name", "arguments"))
          .containsPattern("queue2\\s.*x-message-ttl");
      assertThat(exec("rabbitmqadmin", "list", "queues")).contains("| queue1 ", "| queue2 ");
      assertThat(exec("rabbitmqadmin", "-f", "tsv", "list", "bindings"))
          .contains("direct-exchange\tqueue1\t", "topic-exchange\tdirect-exchange\ta.#");
      assertThat(exec("rabbitmqadmin", "list", "policies", "--vhost=vhost2"))
          .contains("max length policy", "alternate exchange policy", "ha-all", "ha-sync-mode");
      assertThat(exec("rabbitmqadmin", "list", "operator_policies")).contains("operator policy 1");
      assertThat(exec("rabbitmqadmin", "list", "vhost_limits"))
          .contains("{\"max-connections\": 1}", "{\"max-queues\": 100}");
      assertThat(exec("rabbitmqctl", "list_permissions", "-p", "vhost1")).contains("user1\t.*\t^w");
      assertThat(get(api.resolve("whoami"), "user2:password2").body()).contains("monitoring");
      assertThat(get(api.resolve("vhosts/vhost2"), "guest:guest").body())
          .contains("\"tracing\":true");
    }
  }

  @Test
  void namesOfToolsAreUtf8WhereTheLocaleIsNot() throws Exception {
    try (HarveyProcess harvey = run(Map.of(), "rabbitmq-server").awaitStarted()) {
      String uri = page(harvey);
      String vhost = "größe €";
      assertThat(exec("rabbitmqadmin", "-U", uri, "declare", "vhost", "name=" + vhost))
          .isEqualTo("vhost declared");
      assertThat(exec("rabbitmqctl", "-s", "--uri", uri, "list_vhosts")).contains(vhost);
      assertThat(exec("rabbitmqadmin", "-U", uri, "list", "vhosts", "name")).contains(vhost);
    }
  }
}
