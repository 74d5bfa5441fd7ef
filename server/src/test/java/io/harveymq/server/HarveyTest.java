package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.server.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HarveyTest {
  private static final Path COMPLETION = Path.of("src", "dist", "share", "completion");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Harvey harvey = new Harvey(printerTo(out), printerTo(err), ConfigSources.none());

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "server --help", "--amqp-port 1 --help", "train --help"})
  void helpNamesEveryOptionAndFitsATerminal(String arguments) throws InterruptedException {
    assertThat(harvey.run(arguments.split(" "))).isEqualTo(Harvey.OK);

    String help = out.toString(StandardCharsets.UTF_8);
    for (ServerOption option : ServerOption.values()) {
      assertThat(help).contains("  " + option.flag() + " ");
    }
    assertThat(help).contains("--help", "--version", "HARVEY_JAVA_OPTS").doesNotContain("%");
    assertThat(help.lines()).hasSizeLessThan(60).allMatch(line -> line.length() <= 80);
    assertThat(err.size()).isZero();
  }

  @Test
  void helpForTheStoreNamesEveryActionAndFitsATerminal() throws InterruptedException {
    assertThat(harvey.run("store", "--help")).isEqualTo(Harvey.OK);

    String help = out.toString(StandardCharsets.UTF_8);
    for (StoreAction action : StoreAction.values()) {
      assertThat(help).contains("  " + action.word() + " ");
    }
    assertThat(help.lines()).hasSizeLessThan(34).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "server --version"})
  void versionNamesHarveyAndJava(String arguments) throws InterruptedException {
    assertThat(harvey.run(arguments.split(" "))).isEqualTo(Harvey.OK);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches("Harvey \\d+\\.\\d+\\.\\d+\\S* \\(Java [\\w.+-]+\\)\\R");
  }

  @Test
  void aWrongCommandLineGetsOneLineAndStatusTwo() throws InterruptedException {
    assertThat(harvey.run("server", "--amqp-port", "x")).isEqualTo(Harvey.USAGE);

    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "harvey: --amqp-port must be between 0 and 65535, got 'x'; try 'harvey --help'");
    assertThat(out.size()).isZero();
  }

  /** When commands or options change: bin/harvey completion SHELL writes the files anew. */
  @ParameterizedTest
  @CsvSource({"bash, harvey.bash", "zsh, _harvey"})
  void theDistributionHasTheCompletionOfToday(String shell, String file) throws Exception {
    assertThat(harvey.run("completion", shell)).isEqualTo(Harvey.OK);

    assertThat(COMPLETION.resolve(file)).hasContent(out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "harvey comp, completion",
    "harvey --compat, --compatibility",
    "harvey server --compat, --compatibility",
    "harvey --memory --accept, --accept-loss",
    "harvey server --config x, ''",
    "harvey config ch, check",
    "harvey store back, backup",
    "harvey tls d, dev",
    "harvey completion z, zsh",
    "harvey ctl list_q, list_queues",
    "rabbitmqctl -p v list_q, list_queues",
    "rabbitmqctl list_queues --off, --offline",
    "rabbitmqctl list_queues --formatter j, json",
    "rabbitmq-plugins is_, is_enabled",
    "rabbitmqadmin -V list dec, declare",
    "rabbitmqadmin -q -u x close '', connection",
    "rabbitmqadmin list queues --sort-, --sort-reverse",
    "rabbitmqadmin list queues '', ''",
    "rabbitmqadmin list -d 2 q, queues",
    "rabbitmqadmin help subcommands '', ''",
    "rabbitmqadmin declare -V v queue dur, durable=",
    "rabbitmqadmin declare queue durable = true name = q au, auto_delete=",
    "rabbitmqadmin declare queue name = q na, ''",
    "rabbitmqadmin declare queue name = du, ''",
    "rabbitmqadmin publish payload_, payload_encoding=",
    "rabbitmqadmin --vhost = list dec, declare",
    "rabbitmqadmin -V '', ''",
    "rabbitmqadmin list queues -f k, kvp",
    "rabbitmqctl list_queues --formatter = c, csv",
    "rabbitmqctl -p '', ''",
    "rabbitmqctl --vhost = v purge_, purge_queue",
    "harvey store info '', ''",
    "harvey store info --ac, --accept-loss",
    "harvey config check '', ''",
    "harvey tls dev --f, --force",
    "rabbitmqadmin declare vhost_, vhost_limit",
    "harvey admin purge q, queue"
  })
  void bashCompletes(String line, String word) throws Exception {
    String script =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _harvey;"
            + " echo ${COMPREPLY[@]}";
    Process bash =
        new ProcessBuilder("bash", "-c", script.formatted(COMPLETION.resolve("harvey.bash"), line))
            .redirectErrorStream(true)
            .start();
    assertThat(bash.getInputStream().readAllBytes()).asString().isEqualTo(word + "\n");
    assertThat(bash.waitFor()).isZero();
  }

  private static PrintStream printerTo(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
