package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A broker in a process of its own, with a data directory, that can be killed, stopped and started
 * again on the same port and directory. It is Harvey's launcher from this JVM's class path, unless
 * the system property {@code harvey.test.brokerScript} names a program that runs another broker in
 * the foreground, given a port and a directory, and ends on SIGTERM. {@code
 * harvey.test.brokerOptions} are options for Harvey's JVM, separated by spaces. Confined to one
 * thread.
 */
final class BrokerProcess implements Closeable {
  private static final String SCRIPT = System.getProperty("harvey.test.brokerScript", "");
  private static final String STARTED = "Server startup complete";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int STOP_LIMIT_SECONDS = 60;

  private final int port;
  private final Path directory;
  private final File output;
  private Process process;

  private BrokerProcess(int port, Path directory) {
    this.port = port;
    this.directory = directory;
    this.output = directory.resolve("output.log").toFile();
  }

  /** A broker with an empty data directory, not started yet. */
  static BrokerProcess create() throws IOException {
    Path parent = Path.of(System.getProperty("basedir", "."), "target", "durable");
    Files.createDirectories(parent);
    return new BrokerProcess(
        FreePorts.next(), Files.createTempDirectory(parent.toAbsolutePath(), "b"));
  }

  /** Whether the script's broker is tested and not Harvey. */
  static boolean isScript() {
    return !SCRIPT.isBlank();
  }

  int port() {
    return port;
  }

  /** The broker's URI without a virtual host. */
  String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  /** What the broker keeps and what it printed since its last start. */
  Path directory() {
    return directory;
  }

  /** For connections to the broker; callbacks run on the thread that reads the socket. */
  ConnectionFactory factory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setChannelRpcTimeout(20_000);
    factory.setSharedExecutor(new SameThreadExecutor());
    return factory;
  }

  /** A connection; one that fails comes with what the broker printed. */
  Connection connect() throws IOException, TimeoutException {
    try {
      return factory().newConnection();
    } catch (IOException | TimeoutException failure) {
      failure.addSuppressed(
          new AssertionError(this + " printed: " + Files.readString(output.toPath())));
      throw failure;
    }
  }

  /** Starts the broker and waits until it serves. */
  void start() throws IOException {
    launch();
    await("start of " + this)
        .atMost(START_LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::isServing);
  }

  /** Starts the process and waits for nothing. */
  void launch() throws IOException {
    assertThat(process == null || !process.isAlive()).as("%s does not run", this).isTrue();
    ProcessBuilder builder = new ProcessBuilder(isScript() ? scriptCommand() : harveyCommand());
    builder.redirectErrorStream(true).redirectOutput(output);
    process = builder.start();
  }

  private boolean isServing() throws IOException {
    assertThat(process.isAlive())
        .as("%s runs: %s", this, Files.readString(output.toPath()))
        .isTrue();
    if (!isScript()) {
      return Files.readString(output.toPath()).contains(STARTED);
    }
    try {
      factory().newConnection().abort(5_000);
      return true;
    } catch (IOException | TimeoutException notYet) {
      return false;
    }
  }

  private List<String> scriptCommand() {
    return List.of(SCRIPT, String.valueOf(port), directory.toString());
  }

  private List<String> harveyCommand() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Stream.of(System.getProperty("harvey.test.brokerOptions", "").split(" "))
        .filter(option -> !option.isBlank())
        .forEach(command::add);
    command.addAll(List.of("-ea", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.harveymq.server.Harvey", "server", "--bind", "127.0.0.1"));
    command.addAll(List.of("--amqp-port", String.valueOf(port)));
    command.addAll(List.of("--http-port", "off", "--metrics-port", "off"));
    command.addAll(List.of("--data-dir", directory.resolve("data").toString()));
    command.addAll(List.of("--event-loops", System.getProperty("harvey.test.eventLoops", "1")));
    command.addAll(List.of("--transport", System.getProperty("harvey.test.transport", "auto")));
    return command;
  }

  /**
   * Lets the broker run for a while.
   *
   * @throws AssertionError if it ends by itself
   */
  void runFor(long millis) throws InterruptedException, IOException {
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    assertThat(ended).as("%s ended: %s", this, Files.readString(output.toPath())).isFalse();
  }

  /** Ends the broker with SIGKILL, with every process that it started. */
  void kill() throws InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    // A process may be gone before this JVM has heard of it.
    assertThat(process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s ends", this).isTrue();
    awaitEnd(all);
  }

  /** Ends the broker in order, with SIGTERM. */
  void stop() throws InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    assertThat(process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s ends", this).isTrue();
    awaitEnd(all);
  }

  /**
   * Sees to it that definitions which were just made survive a kill. With Harvey there is nothing
   * to do. RabbitMQ 3.10.8 was seen to lose a durable queue that it had declared a moment before
   * SIGKILL, so it is restarted.
   */
  void settleDefinitions() throws Exception {
    if (isScript()) {
      stop();
      start();
    }
  }

  private static void awaitEnd(List<ProcessHandle> all) {
    await()
        .atMost(Duration.ofSeconds(STOP_LIMIT_SECONDS))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Kills the broker if it runs, and removes its directory. */
  @Override
  public void close() throws IOException {
    end();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  /** Kills the broker if it runs, and leaves its directory for who wants to know what happened. */
  void end() {
    if (process != null && process.isAlive()) {
      try {
        kill();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return (isScript() ? SCRIPT : "Harvey") + " on port " + port + " in " + directory;
  }
}
