package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.server.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path etc;

  private int run(Map<String, String> environment, String... arguments)
      throws InterruptedException {
    ConfigSources sources = new ConfigSources(environment, etc);
    PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Harvey(toOut, toErr, sources).run(arguments);
  }

  private List<String> lines(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void showsValuesWithTheirSourcesAndMasksPasswords() throws Exception {
    Path file = Files.writeString(etc.resolve("rabbitmq.conf"), "heartbeat = 7\nmqtt.vhost = x");

    int status =
        run(Map.of("RABBITMQ_DEFAULT_PASS", "s3cret"), "config", "show", "--amqp-port", "0");

    assertThat(status).isZero();
    assertThat(lines(out).get(0)).matches("KEY +VALUE +FROM");
    assertThat(lines(out))
        .anyMatch(line -> line.matches("heartbeat +7 +" + file + ":1"))
        .anyMatch(line -> line.matches("listeners.tcp.default +0 +--amqp-port"))
        .anyMatch(line -> line.matches("default_pass +\\*+ +RABBITMQ_DEFAULT_PASS"))
        .anyMatch(line -> line.matches("channel_max +2047 +default"))
        .anyMatch(line -> line.matches("mqtt.vhost +x +" + file + ":2 \\(without effect\\)"))
        .noneMatch(line -> line.contains("s3cret"));
    assertThat(err.size()).isZero();
  }

  @Test
  void showsDefaultsOfVirtualHostsWithoutTheirPasswords() throws Exception {
    String[] given = {
      "default_users.ann.password = s3cret",
      "default_users.ann.tags = qa",
      "default_limits.vhosts.1.max_queues = 9",
      "deprecated_features.permit.global_qos = true"
    };
    Path file = Files.write(etc.resolve("rabbitmq.conf"), List.of(given));

    assertThat(run(Map.of(), "config", "show")).isZero();
    assertThat(run(Map.of(), "config", "show", "--formatter", "json")).isZero();
    assertThat(run(Map.of(), "config", "check", file.toString())).isZero();

    assertThat(lines(out))
        .anyMatch(line -> line.matches("default_users.ann.password +\\*+ +" + file + ":1"))
        .anyMatch(line -> line.matches("default_users.ann.tags +qa +" + file + ":2"))
        .anyMatch(line -> line.matches("default_limits.vhosts.1.max_queues +9 +" + file + ":3"))
        .anyMatch(
            line -> line.matches("deprecated_features.permit.global_qos +true +" + file + ":4"))
        .noneMatch(line -> line.contains("s3cret") || line.contains("without effect"))
        .endsWith(file + " can be used");
    assertThat(err.size()).isZero();
  }

  @Test
  void showsJsonToo() throws Exception {
    assertThat(run(Map.of(), "config", "show", "--formatter", "json")).isZero();

    assertThat(lines(out))
        .startsWith("[")
        .endsWith("]")
        .contains(
            "  {\"key\":\"heartbeat\",\"value\":\"60\",\"source\":\"default\","
                + "\"from\":\"default\",\"effective\":true},");
  }

  @Test
  void aWrongValueIsOneLineAndStatusOne() throws Exception {
    Path file = Files.writeString(etc.resolve("rabbitmq.conf"), "heartbeat = x");

    assertThat(run(Map.of(), "config", "show")).isEqualTo(Harvey.FAILED);
    assertThat(run(Map.of())).isEqualTo(Harvey.FAILED);
    assertThat(lines(err))
        .hasSize(2)
        .containsOnly("harvey: " + file + ":1: heartbeat must be between 0 and 65535, got 'x'");
  }

  @Test
  void checksAFile() throws Exception {
    Path file = Files.writeString(etc.resolve("x.conf"), "heart_beat = 7\nmqtt.vhost = x");

    assertThat(run(Map.of(), "config", "check", file.toString())).isZero();

    assertThat(lines(out))
        .hasSize(3)
        .anyMatch(line -> line.contains("x.conf:1") && line.contains("did you mean heartbeat?"))
        .endsWith(file + " can be used");
  }

  @Test
  void aWrongCommandLineIsStatusTwo() throws Exception {
    assertThat(run(Map.of(), "config")).isEqualTo(Harvey.USAGE);
    assertThat(run(Map.of(), "config", "show", "--formatter", "xml")).isEqualTo(Harvey.USAGE);
    assertThat(run(Map.of(), "config", "check")).isEqualTo(Harvey.USAGE);
    assertThat(lines(err)).hasSize(3).allMatch(line -> line.contains("harvey config --help"));
  }

  @Test
  void helpFitsATerminal() throws Exception {
    assertThat(run(Map.of(), "config", "--help")).isZero();

    assertThat(lines(out)).hasSizeLessThan(30).allMatch(line -> line.length() <= 80);
  }
}
