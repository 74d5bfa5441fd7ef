package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** RabbitMQ's Erlang client, which Debian packages as a part of the server. */
class ErlangTest extends ClientTest {
  private static final Path LIBRARIES = Path.of("/usr/lib/rabbitmq/lib");

  private static Path plugins;

  @BeforeAll
  static void requireLibrary() throws Exception {
    String missing =
        "RabbitMQ's Erlang client must be there: apt-get install rabbitmq-server has it";
    assertThat(LIBRARIES).as(missing).isDirectory();
    try (Stream<Path> servers = Files.list(LIBRARIES)) {
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
