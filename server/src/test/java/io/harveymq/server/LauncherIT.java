package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as a user meets it: the script, the JVM, the log, the signals. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LauncherIT {
  private static final String[] FREE_PORT = {"--amqp-port", "0", "--bind", "127.0.0.1", "--memory"};

  /** So that its time, and its one line, are not part of a test. */
  @BeforeAll
  static void makeTheArchive() throws Exception {
    try (HarveyProcess harvey = HarveyProcess.start(FREE_PORT)) {
      harvey.awaitStarted();
    }
  }

  @Test
  void saysWhichFreePortItTookAndThatNothingIsStored() throws Exception {
    try (HarveyProcess harvey = HarveyProcess.start(FREE_PORT).awaitStarted();
        Socket client = new Socket(InetAddress.getLoopbackAddress(), harvey.port())) {
      assertThat(client.isConnected()).isTrue();
      assertThat(harvey.lines())
          .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d [\\d:.]{12}\\S* \\[\\w+\\] .*"))
          .anyMatch(line -> line.contains("nothing is stored: messages and definitions are gone"));
    }
  }

  @Test
  void saysNothingOutsideOfItsLogWithAManagementEither() throws Exception {
    String options = "--memory --bind 127.0.0.1 --amqp-port 0 --http-port 0 --metrics-port 0";
    try (HarveyProcess harvey = HarveyProcess.start(options.split(" ")).awaitStarted()) {
      assertThat(harvey.lines()).allMatch(line -> line.matches("\\d{4}-\\d\\d-.* \\[\\w+\\] .*"));
    }
  }

  @Test
  void theWordServerMayBeGiven() throws Exception {
    try (HarveyProcess harvey =
        HarveyProcess.start("server", "--memory", "--amqp-port", "0", "--bind", "127.0.0.1")) {
      assertThat(harvey.awaitStarted().port()).isPositive();
    }
  }

  @Test
  void theFirstUserIsAsTold() throws Exception {
    try (HarveyProcess harvey =
        HarveyProcess.start(
                "--memory --amqp-port 0 --bind 127.0.0.1 --default-user u --default-pass p"
                    .concat(" --default-vhost v --loopback-users none")
                    .split(" "))
            .awaitStarted()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri("amqp://u:p@127.0.0.1:" + harvey.port() + "/v");
      factory.newConnection().close();
      factory.setUri("amqp://guest:guest@127.0.0.1:" + harvey.port() + "/v");
      assertThatThrownBy(factory::newConnection).isInstanceOf(AuthenticationFailureException.class);
    }
  }

  @Test
  void theEventExchangeAndTheConsumerTimeoutAreAsTold() throws Exception {
    try (HarveyProcess harvey =
        HarveyProcess.start(
                "--memory --amqp-port 0 --bind 127.0.0.1 --event-exchange --consumer-timeout 200"
                    .split(" "))
            .awaitStarted()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setPort(harvey.port());
      factory.setAutomaticRecoveryEnabled(false);
      try (Connection connection = factory.newConnection()) {
        Channel channel = connection.createChannel();
        CompletableFuture<ShutdownSignalException> end = new CompletableFuture<>();
        channel.addShutdownListener(end::complete);
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, "amq.rabbitmq.event", "binding.created");
        channel.basicConsume(queue, (tag, event) -> {}, tag -> {});
        channel.queueBind(queue, "amq.rabbitmq.event", "something");

        assertThat(end.get(60, TimeUnit.SECONDS))
            .hasMessageContaining(
                "acknowledgement on channel 1 timed out. Timeout value used: 200");
      }
    }
  }

  @Test
  void whatIsNoAmqpIsNamedAndAHealthCheckIsNoNews() throws Exception {
    try (HarveyProcess harvey = HarveyProcess.start(FREE_PORT).awaitStarted()) {
      new Socket(InetAddress.getLoopbackAddress(), harvey.port()).close();
      for (byte[] other :
          List.of(
              "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
              new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3})) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), harvey.port())) {
          socket.getOutputStream().write(other);
          assertThat(socket.getInputStream().readAllBytes()).startsWith('A', 'M', 'Q', 'P');
        }
      }

      harvey.terminate();

      assertThat(harvey.awaitExit()).isZero();
      List<String> warnings =
          harvey.lines().stream().filter(line -> line.matches(".*(WARN|ERROR).*")).toList();
      assertThat(warnings).hasSize(2);
      assertThat(warnings.get(0)).contains("an HTTP request (this port speaks AMQP, not HTTP)");
      assertThat(warnings.get(1)).contains("a TLS handshake (this port speaks AMQP without TLS)");
    }
  }

  @Test
  void onSigtermClientsAreToldAndTheStatusIsZero() throws Exception {
    try (HarveyProcess harvey = HarveyProcess.start(FREE_PORT).awaitStarted()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setPort(harvey.port());
      factory.setAutomaticRecoveryEnabled(false);
      Connection connection = factory.newConnection();
      CompletableFuture<ShutdownSignalException> end = new CompletableFuture<>();
      connection.addShutdownListener(end::complete);

      harvey.terminate();

      assertThat(end.get(60, TimeUnit.SECONDS)).hasMessageContaining("reply-code=320");
      assertThat(harvey.awaitExit()).isZero();
      assertThat(harvey.lines()).last().asString().contains("Harvey stopped");
    }
  }

  @Test
  void aTakenPortGetsOneLineWithAdviceAndStatusOne() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HarveyProcess harvey =
            HarveyProcess.start(
                "--memory",
                "--bind",
                "127.0.0.1",
                "--amqp-port",
                String.valueOf(taken.getLocalPort()))) {
      assertThat(harvey.awaitExit()).isEqualTo(1);
      assertThat(harvey.lines())
          .last()
          .isEqualTo(
              "harvey: port "
                  + taken.getLocalPort()
                  + " on 127.0.0.1 is already in use (is another broker running? stop it, or"
                  + " choose another port with --amqp-port)");
    }
  }

  @Test
  void anAddressOfAnotherMachineGetsOneLineWithAdvice() throws Exception {
    try (HarveyProcess harvey = HarveyProcess.start("--memory", "--bind", "192.0.2.1")) {
      assertThat(harvey.awaitExit()).isEqualTo(1);
      assertThat(harvey.lines())
          .last()
          .isEqualTo(
              "harvey: port 5672 on 192.0.2.1 cannot be opened: that is no address of this machine"
                  + " (choose another with --bind)");
    }
  }

  @Test
  void aBadOptionGetsOneLineAndStatusTwo() throws Exception {
    try (HarveyProcess harvey = HarveyProcess.start("--amqp-port", "x")) {
      assertThat(harvey.awaitExit()).isEqualTo(2);
      assertThat(harvey.lines())
          .containsExactly(
              "harvey: --amqp-port must be between 0 and 65535, got 'x'; try 'harvey --help'");
    }
  }

  @Test
  void withoutAJavaItSaysHowToGetOne(@TempDir Path empty) throws Exception {
    Map<String, String> noJava = Map.of("JAVA_HOME", "", "PATH", empty.toString());
    try (HarveyProcess harvey = HarveyProcess.start(HarveyProcess.script(), noJava)) {
      assertThat(harvey.awaitExit()).isEqualTo(1);
      assertThat(harvey.lines())
          .singleElement()
          .asString()
          .startsWith("harvey: no Java 17 or newer found (looked at JAVA_HOME and PATH).")
          .contains("apt-get install");
    }
  }

  @Test
  void anOldJavaIsNamed(@TempDir Path old) throws Exception {
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
    Map<String, String> oldJava = Map.of("JAVA_HOME", old.toString(), "PATH", "/nonexistent");
    try (HarveyProcess harvey = HarveyProcess.start(HarveyProcess.script(), oldJava)) {
      assertThat(harvey.awaitExit()).isEqualTo(1);
      assertThat(harvey.lines()).singleElement().asString().contains("JAVA_HOME is Java 11.0.2.");
    }
  }

  @Test
  void startsThroughASymbolicLink(@TempDir Path elsewhere) throws Exception {
    Path link = Files.createSymbolicLink(elsewhere.resolve("h"), HarveyProcess.script());
    try (HarveyProcess harvey = HarveyProcess.start(link, Map.of(), FREE_PORT)) {
      assertThat(harvey.awaitStarted().port()).isPositive();
    }
  }

  @Test
  void theClassDataArchiveIsMadeOnceAndUsed() throws Exception {
    assertThat(archives()).isNotEmpty();
    // With this option the JVM ends when it can't use its archive.
    boolean aotCache = Runtime.version().feature() >= 25;
    Map<String, String> strict =
        Map.of("HARVEY_JAVA_OPTS", aotCache ? "-XX:AOTMode=on" : "-Xshare:on");
    try (HarveyProcess harvey =
        HarveyProcess.start(HarveyProcess.script(), strict, FREE_PORT).awaitStarted()) {
      assertThat(harvey.lines()).noneMatch(line -> line.startsWith("harvey:"));
    }
  }

  @Test
  void startsWithoutTheArchiveWhenItIsDamaged(@TempDir Path copy) throws Exception {
    Path script = copyOfTheDistribution(copy);
    try (HarveyProcess harvey = HarveyProcess.start(script, Map.of(), FREE_PORT)) {
      harvey.awaitStarted();
    }
    try (Stream<Path> files = Files.list(copy.resolve("archive"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".jsa")).toList()) {
        assertThat(file.toFile().setWritable(true)).isTrue();
        Files.writeString(file, "not an archive");
      }
    }
    try (HarveyProcess harvey = HarveyProcess.start(script, Map.of(), FREE_PORT)) {
      assertThat(harvey.awaitStarted().port()).isPositive();
    }
  }

  @Test
  void startsWithTheArchiveTurnedOff(@TempDir Path copy) throws Exception {
    Path script = copyOfTheDistribution(copy);
    Map<String, String> off = Map.of("HARVEY_ARCHIVE", "off");
    try (HarveyProcess harvey = HarveyProcess.start(script, off, FREE_PORT)) {
      assertThat(harvey.awaitStarted().port()).isPositive();
      assertThat(copy.resolve("archive")).doesNotExist();
    }
  }

  @Test
  void anotherCollectorMayBeChosen() throws Exception {
    Map<String, String> parallel = Map.of("HARVEY_JAVA_OPTS", "-XX:+UseParallelGC -Xmx128m");
    try (HarveyProcess harvey = HarveyProcess.start(HarveyProcess.script(), parallel, FREE_PORT)) {
      assertThat(harvey.awaitStarted().port()).isPositive();
    }
  }

  private static Stream<Path> archives() throws IOException {
    Path directory = HarveyProcess.script().resolveSibling("../archive").normalize();
    return Files.list(directory)
        .filter(file -> file.toString().endsWith(".jsa") && file.toFile().length() > 0);
  }

  private static Path copyOfTheDistribution(Path target) throws IOException {
    Path home = HarveyProcess.script().getParent().getParent();
    for (String directory : new String[] {"bin", "lib"}) {
      Files.createDirectories(target.resolve(directory));
      try (Stream<Path> files = Files.list(home.resolve(directory))) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(directory).resolve(file.getFileName()));
        }
      }
    }
    return target.resolve("bin").resolve("harvey");
  }
}
