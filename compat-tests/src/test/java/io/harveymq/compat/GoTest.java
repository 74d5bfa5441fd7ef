package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** The Go library amqp091-go, as Debian packages it. */
class GoTest extends ClientTest {
  private static final Path PROGRAM =
      Path.of(System.getProperty("basedir", "."), "target", "go", "steps").toAbsolutePath();

  @BeforeAll
  static void build() throws Exception {
    String missing =
        "Go must find the library amqp091-go:"
            + " apt-get install golang-go golang-github-rabbitmq-amqp091-go-dev";
    Program.require(missing, List.of("go", "version"));
    String source = Program.source("go/steps.go").toString();
    ProcessBuilder compiler = new ProcessBuilder("go", "build", "-o", PROGRAM.toString(), source);
    // Debian's libraries are not modules; without C the compiler has less to build.
    Map<String, String> debian =
        Map.of("GO111MODULE", "off", "GOPATH", "/usr/share/gocode", "CGO_ENABLED", "0");
    compiler.environment().putAll(debian);
    try (Program build = new Program(compiler)) {
      int code = build.exitCode();
      assertThat(code).as("%s. The compiler says: %s", missing, build.errors()).isZero();
    }
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return List.of(PROGRAM.toString(), mode, uri, queue);
  }
}
