package io.harveymq.benchmarks;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program that runs a broker in the foreground, called with a port and a fresh directory, and
 * that SIGTERM stops. Immutable.
 *
 * @param name the broker's name in reports
 * @param program the script
 * @param parent where the broker's directory is made; it must exist
 */
public record StartScript(String name, Path program, Path parent) {
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(300);
  private static final long STOP_LIMIT_SECONDS = 30;
  private static final int POLL_MILLIS = 2;
  private static final double MIB = 1 << 20;

  /**
   * Starts the broker and waits until it has opened a connection.
   *
   * @param environment variables for the broker besides this process's own
   * @throws IOException if it ends or stays silent; the message holds what it printed last
   */
  public Running start(Map<String, String> environment) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(parent.toAbsolutePath(), "bench-" + name + "-");
    Running running = new Running(this, environment, freePort(), directory);
    try {
      running.startAgain();
      return running;
    } catch (IOException | InterruptedException | RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private void awaitConnection(Process script, Target target, Path output)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT_NANOS;
    while (true) {
      try {
        AmqpConnection.open(target).closeGracefully();
        return;
      } catch (IOException e) {
        if (!script.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(name + " did not start: " + Files.readString(output), e);
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * A started broker; closing stops it and removes its directory, and so does the end of this
   * process.
   */
  public static final class Running implements Closeable {
    private final StartScript program;
    private final Map<String, String> environment;
    private final int port;
    private final Path directory;
    private final Thread atExit;
    private volatile Process script;
    private Broker broker;
    private double startMillis;

    private Running(
        StartScript program, Map<String, String> environment, int port, Path directory) {
      this.program = program;
      this.environment = environment;
      this.port = port;
      this.directory = directory;
      atExit = new Thread(this::stop);
      Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The broker's name in reports. */
    public String name() {
      return program.name();
    }

    public Broker broker() {
      return broker;
    }

    /** From the last start of the script to an open AMQP connection, in milliseconds. */
    public double startMillis() {
      return startMillis;
    }

    /** Size of all files in the broker's directory. */
    public double directoryMib() throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum() / MIB;
      }
    }

    /** Ends the broker with SIGKILL, and every process that its script started. */
    public void kill() throws IOException, InterruptedException {
      List<ProcessHandle> all = processes();
      all.forEach(ProcessHandle::destroyForcibly);
      try {
        ends(all).get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw new IOException(name() + " survived SIGKILL", e);
      }
    }

    /**
     * Starts the script, on the port and directory of the last time, and waits until the broker has
     * opened a connection. The broker must not be running.
     *
     * @throws IOException if it ends or stays silent; the message holds what it printed last
     */
    public void startAgain() throws IOException, InterruptedException {
      Path output = directory.resolve("output.log");
      ProcessBuilder builder =
          new ProcessBuilder(
              program.program().toAbsolutePath().toString(),
              Integer.toString(port),
              directory.toString());
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      Target target = Target.local(port);
      long begin = System.nanoTime();
      script = builder.start();
      program.awaitConnection(script, target, output);
      startMillis = (System.nanoTime() - begin) / 1e6;
      OptionalLong pid = ProcessStats.listeningOn(port);
      broker = new Broker(name(), target, new ProcessStats(pid.orElse(script.pid())));
    }

    @Override
    public void close() {
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        // This process is ending, and the hook stops the broker.
        return;
      }
      stop();
    }

    private List<ProcessHandle> processes() {
      return Stream.concat(script.descendants(), Stream.of(script.toHandle())).toList();
    }

    private static CompletableFuture<Void> ends(List<ProcessHandle> processes) {
      return CompletableFuture.allOf(
          processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
    }

    private void stop() {
      if (script != null) {
        end();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      } catch (IOException | UncheckedIOException e) {
        System.err.println("left behind: " + directory);
      }
    }

    private void end() {
      List<ProcessHandle> all = processes();
      script.destroy();
      try {
        ends(all).get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        all.forEach(ProcessHandle::destroyForcibly);
      } catch (InterruptedException e) {
        all.forEach(ProcessHandle::destroyForcibly);
        Thread.currentThread().interrupt();
      }
    }
  }
}
