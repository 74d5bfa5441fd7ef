package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** RabbitMQ's Erlang client, which Debian packages as a part of the server. */
class ErlangTest extends ClientTest {
  /** Where {@code verify} unpacks the package, and where Debian installs it. */
  private static final List<Path> PLACES =
      List.of(
          Program.source("erlang/unpacked/usr/lib/rabbitmq/lib"), Path.of("/usr/lib/rabbitmq/lib"));

  private static Path plugins;

  @BeforeAll
  static void requireLibrary() throws Exception {
    String missing =
        "RabbitMQ's Erlang client must be there: ./verify unpacks it,"
            + " apt-get install rabbitmq-server installs it with the server";
    Path libraries = PLACES.stream().filter(Files::isDirectory).findFirst().orElse(null);
    assertThat(libraries).as(missing).isNotNull();
    try (Stream<Path> servers = Files.list(libraries)) {
      plugins = servers.sorted().reduce((older, newer) -> newer).orElseThrow().resolve("plugins");
    }
    Program.require(missing, withLibraries("erl", "-noshell", "-eval", "halt(0)."));
  }

  private static List<String> withLibraries(String... command) {
    return Stream.concat(Stream.of("env", "ERL_LIBS=" + plugins), Stream.of(command)).toList();
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    String program = Program.source("erlang/steps.escript").toString();
    return withLibraries("escript", program, mode, uri, queue);
  }
}
