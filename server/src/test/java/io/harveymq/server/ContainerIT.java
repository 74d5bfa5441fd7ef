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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The entry point of the container image, with the distribution in the path and the environment
 * that the image sets; only the user is not changed, and the ports are free ones.
 */
@Timeout(180)
class ContainerIT {
  private static final Path DOCKER = Path.of("..", "docker").toAbsolutePath().normalize();
  private static final Pattern PAGE = Pattern.compile("HTTP API on (http://\\S+)");

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
    try (HarveyProcess harvey = run(Map.of()).awaitStarted()) {
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
}
