package io.harveymq.storms;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.benchmarks.ProcessStats;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A Harvey in a process of its own, on free ports of the loopback address and with a directory of
 * its own, that can be killed, frozen and started again. Confined to one thread but for {@link
 * #factory}, {@link #api} and {@link #figures}.
 */
public final class StormBroker implements Closeable {
  private static final Duration START_LIMIT = Duration.ofSeconds(180);
  private static final int STOP_SECONDS = 60;

  private final List<String> command;
  private final Path directory;
  private final List<String> options;
  private final Map<String, String> environment;
  private final int port = freePort();
  private final int httpPort = freePort();
  private final Thread atExit = new Thread(this::killQuietly);
  private volatile Process process;

  /**
   * A broker that is not started yet.
   *
   * @param command what starts Harvey, without arguments
   * @param directory for its data ({@code data}) and output ({@code output.log}); made if missing
   * @param options further options of {@code harvey server}
   * @param environment variables besides this process's own
   */
  public StormBroker(
      List<String> command, Path directory, List<String> options, Map<String, String> environment)
      throws IOException {
    this.command = List.copyOf(command);
    this.directory = Files.createDirectories(directory.toAbsolutePath());
    this.options = List.copyOf(options);
    this.environment = Map.copyOf(environment);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free", e);
    }
  }

  /** The port for AMQP, the same after every start. */
  public int port() {
    return port;
  }

  /** Where the broker keeps what is durable. */
  public Path data() {
    return directory.resolve("data");
  }

  /** What the broker has printed, over all its starts. */
  public Path output() {
    return directory.resolve("output.log");
  }

  /** The HTTP API, with all rights. */
  public Api api() {
    return new Api(httpPort);
  }

  /** What the process uses now. */
  public BrokerFigures figures() {
    return new BrokerFigures(process.pid(), data());
  }

  /** The broker's process as the operating system sees it. */
  public ProcessStats stats() {
    return new ProcessStats(process.pid());
  }

  /** For connections straight to the broker; see {@link #factory(int)}. */
  public ConnectionFactory factory() {
    return factory(port);
  }

  /**
   * For connections without recovery whose callbacks run on the thread that reads the socket.
   *
   * @param toPort the broker's port or that of a proxy before it
   */
  public static ConnectionFactory factory(int toPort) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(toPort);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setChannelRpcTimeout(120_000);
    factory.setConnectionTimeout(60_000);
    factory.setHandshakeTimeout(120_000);
    factory.setShutdownTimeout(1_000);
    factory.setSharedExecutor(new CallingThread());
    factory.setExceptionHandler(new QuietClient());
    return factory;
  }

  /**
   * Starts the broker and waits until it serves.
   *
   * @throws IOException if it ends or stays silent; with what it printed
   */
  public void start() throws IOException, InterruptedException {
    launch();
    boolean served = Await.within(START_LIMIT, () -> !process.isAlive() || serves());
    if (!served || !process.isAlive()) {
      throw new IOException("the broker did not start: " + Files.readString(output()));
    }
  }

  /** Starts the process and waits for nothing. */
  public void launch() throws IOException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("server", "--bind", "127.0.0.1", "--amqp-port", String.valueOf(port)));
    line.addAll(List.of("--http-port", String.valueOf(httpPort), "--metrics-port", "off"));
    line.addAll(List.of("--data-dir", data().toString()));
    line.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
    process = builder.start();
  }

  private boolean serves() throws InterruptedException {
    try {
      ConnectionFactory quick = factory();
      quick.setHandshakeTimeout(5_000);
      Connection connection = quick.newConnection("probe");
      connection.close(2_000);
      // Its port opens last.
      api().count("connections");
      return true;
    } catch (IOException | TimeoutException notYet) {
      return false;
    }
  }

  /** Whether the process is there. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Ends the broker with SIGKILL and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Ends the broker in order, with SIGTERM. */
  public void stop() throws InterruptedException {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() throws InterruptedException {
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the broker did not end in " + STOP_SECONDS + " s");
    }
  }

  /** SIGSTOP: the process keeps its sockets and does nothing. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT: it goes on. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  private void killQuietly() {
    if (isAlive()) {
      process.destroyForcibly();
    }
  }

  /** Kills the broker if it runs; its directory stays. */
  public void end() {
    killQuietly();
    try {
      if (process != null) {
        process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      }
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException ending) {
      // This process is ending, and the hook does its work.
    }
  }

  /** Kills the broker if it runs, and removes its directory. */
  @Override
  public void close() throws IOException {
    end();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
