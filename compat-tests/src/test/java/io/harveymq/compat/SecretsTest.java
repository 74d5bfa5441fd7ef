package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.SaslConfig;
import com.rabbitmq.client.SaslMechanism;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shows passwords to a broker in a process of its own in every way there is, right and wrong ones,
 * and looks for them in all that it prints and keeps.
 */
@Timeout(120)
@EnabledIf("io.harveymq.compat.BrokerUnderTest#isEmbedded")
class SecretsTest {
  /** Is in every password, and in nothing else. */
  private static final String MARK = "hUsHhUsH";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path directory;
  private int amqpPort;
  private int httpPort;

  private Process start(Path output) throws IOException {
    amqpPort = FreePorts.next();
    httpPort = FreePorts.next();
    Path definitions = directory.resolve("definitions.json");
    Files.writeString(
        definitions, "{\"parameters\":[],\"policies\":[],\"queues\":[],\"exchanges\":[]}");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-ea",
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.harveymq.server.Harvey",
            "server",
            "--bind",
            "127.0.0.1",
            "--amqp-port",
            "" + amqpPort,
            "--http-port",
            "" + httpPort,
            "--metrics-port",
            "off",
            "--data-dir",
            directory.resolve("data").toString(),
            "--definitions",
            definitions.toString(),
            "--default-user",
            "root",
            "--default-pass",
            MARK + "-root",
            "--log-level",
            "debug");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
              return Files.readString(output).contains("Server startup complete");
            });
    return process;
  }

  @Test
  void noPasswordIsPrintedOrKept() throws Exception {
    Path output = directory.resolve("output.log");
    Process process = start(output);
    try {
      byAmqp();
      byHttp();
      process.destroy();
      process.waitFor();
      String log = Files.readString(output);
      assertThat(log)
          .contains("login refused: user 'root'")
          .contains("login refused: user 'amqplain'")
          .contains("HTTP access denied: user 'root'")
          .contains("HTTP access denied: user 'form'")
          .contains("127.0.0.1");
      assertNowhere(directory);
    } finally {
      process.destroyForcibly();
    }
  }

  private void byAmqp() throws Exception {
    assertThat(catchThrowable(() -> connect("root", "-wrong", null))).isNotNull();
    assertThat(catchThrowable(() -> connect("amqplain", "-wrong", amqplain()))).isNotNull();
    try (Connection open = connect("root", "-root", null)) {
      assertThat(open.isOpen()).isTrue();
    }
  }

  private Connection connect(String user, String ending, SaslConfig sasl) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(amqpPort);
    factory.setUsername(user);
    factory.setPassword(MARK + ending);
    factory.setAutomaticRecoveryEnabled(false);
    if (sasl != null) {
      factory.setSaslConfig(sasl);
    }
    return factory.newConnection();
  }

  /** The fields of a table without its length. */
  private static SaslConfig amqplain() {
    String response =
        "\5LOGINS\0\0\0\10amqplain" + "\10PASSWORDS\0\0\0" + (char) MARK.length() + MARK;
    SaslMechanism mechanism =
        new SaslMechanism() {
          @Override
          public String getName() {
            return "AMQPLAIN";
          }

          @Override
          public LongString handleChallenge(LongString challenge, String user, String password) {
            return LongStringHelper.asLongString(response);
          }
        };
    return mechanisms -> mechanism;
  }

  private void byHttp() throws Exception {
    assertThat(http("GET", "whoami", "root:" + MARK + "-wrong", null)).isEqualTo(401);
    assertThat(http("POST", "login", null, "username=form&password=" + MARK + "-form"))
        .isEqualTo(401);
    String admin = "root:" + MARK + "-root";
    assertThat(http("POST", "login", null, "username=root&password=" + MARK + "-root"))
        .isEqualTo(200);
    String user = "{\"password\":\"" + MARK + "-user\",\"tags\":\"\"}";
    assertThat(http("PUT", "users/alice", admin, user)).isEqualTo(201);
    String wrong = "{\"password\":\"" + MARK + "-user\",\"password_hash\":\"x\",\"tags\":\"\"}";
    assertThat(http("PUT", "users/alice", admin, wrong)).isEqualTo(400);
    String broken = "{\"users\":[{\"name\":\"eve\",\"password\":\"" + MARK + "-eve\",";
    assertThat(http("POST", "definitions", admin, broken)).isEqualTo(400);
    String users =
        "{\"users\":[{\"name\":\"eve\",\"password\":\"" + MARK + "-eve\",\"tags\":\"\"}]}";
    assertThat(http("POST", "definitions", admin, users)).isEqualTo(204);
    assertThat(http("GET", "auth/hash_password/" + MARK + "-path", admin, null)).isEqualTo(200);
    assertThat(http("GET", "no/such/path?password=" + MARK, admin, null)).isEqualTo(404);
  }

  private int http(String method, String path, String credentials, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/api/" + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (credentials != null) {
      request.header("authorization", "Basic " + base64(credentials));
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertNowhere(Path directory) throws IOException {
    List<String> forms =
        List.of(MARK, base64("root:" + MARK).substring(0, 16), base64(MARK).substring(0, 8));
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(3);
      for (Path file : all) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (String form : forms) {
          assertThat(bytes.contains(form)).as("%s in %s", form, file).isFalse();
        }
      }
    }
  }
}
