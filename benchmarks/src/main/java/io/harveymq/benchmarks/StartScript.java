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
 */
public record StartScript(String name, Path program) {
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final long STOP_LIMIT_SECONDS = 30;
  private static final int POLL_MILLIS = 2;

  /**
   * Starts the broker and waits until it has opened a connection.
   *
   * @throws IOException if it ends or stays silent; the message holds what it printed last
   */
  public Running start() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("bench-" + name + "-");
    int port = freePort();
    File output = directory.resolve("output.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), Integer.toString(port), directory.toString());
    builder.redirectErrorStream(true).redirectOutput(output);
    long begin = System.nanoTime();
    Process script = builder.start();
    Running running = new Running(script, directory);
    try {
      Target target = Target.local(port);
      awaitConnection(script, target, output.toPath());
      running.startMillis = (System.nanoTime() - begin) / 1e6;
      OptionalLong pid = ProcessStats.listeningOn(port);
      running.broker = new Broker(name, target, new ProcessStats(pid.orElse(script.pid())));
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
    private final Process script;
    private final Path directory;
    private final Thread atExit;
    private Broker broker;
    private double startMillis;

    private Running(Process script, Path directory) {
      this.script = script;
      this.directory = directory;
      atExit = new Thread(this::stop);
      Runtime.getRuntime().addShutdownHook(atExit);
    }

    public Broker broker() {
      return broker;
    }

    /** From the start of the script to an open AMQP connection, in milliseconds. */
    public double startMillis() {
      return startMillis;
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

    private void stop() {
      List<ProcessHandle> all =
          Stream.concat(script.descendants(), Stream.of(script.toHandle())).toList();
      script.destroy();
      CompletableFuture<?>[] ends =
          all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
      try {
        CompletableFuture.allOf(ends).get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        all.forEach(ProcessHandle::destroyForcibly);
      } catch (InterruptedException e) {
        all.forEach(ProcessHandle::destroyForcibly);
        Thread.currentThread().interrupt();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      } catch (IOException | UncheckedIOException e) {
        System.err.println("left behind: " + directory);
      }
    }
  }
}
