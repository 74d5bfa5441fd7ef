package io.harveymq.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The built distribution's {@code bin/harvey}, run as a user would, on the Java of this test. Its
 * lines, of both streams, are kept; closing it kills what is left.
 */
final class HarveyProcess implements AutoCloseable {
  /** A cold start on a busy machine, the making of the archive included. */
  private static final long PATIENCE_SECONDS = 120;

  /** What POSIX counts the sizes of files in. */
  private static final int ULIMIT_UNIT = 512;

  private static final Pattern LISTENING = Pattern.compile("started TCP listener on .*:(\\d+)$");

  /** A file without settings, so that none of this machine count. */
  private static final String NOTHING = "/dev/null";

  private static final String END = "(end of output)";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  private HarveyProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(() -> read(process.getInputStream()), "harvey's output");
    reader.setDaemon(true);
    reader.start();
  }

  /** The script of the distribution that this build made. */
  static Path script() {
    return Path.of("target", "distribution", "bin", "harvey").toAbsolutePath();
  }

  static HarveyProcess start(String... arguments) throws IOException {
    return start(script(), Map.of(), arguments);
  }

  static HarveyProcess start(Path script, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(Path.of(""), environment, command(List.of(script.toString()), arguments));
  }

  /** Starts it with another working directory. */
  static HarveyProcess startIn(Path directory, String... arguments) throws IOException {
    return start(directory, Map.of(), command(List.of(script().toString()), arguments));
  }

  /**
   * Starts it where no file may become larger, as if the disk were full; {@link #limitFiles} can
   * change that.
   *
   * @param bytes a multiple of 512
   */
  static HarveyProcess startWithFileLimit(long bytes, String... arguments) throws IOException {
    String limited = "ulimit -S -f " + bytes / ULIMIT_UNIT + "; exec \"$0\" \"$@\"";
    List<String> shell = List.of("/bin/sh", "-c", limited, script().toString());
    return start(Path.of(""), Map.of(), command(shell, arguments));
  }

  private static List<String> command(List<String> program, String... arguments) {
    List<String> command = new ArrayList<>(program);
    List<String> given = List.of(arguments);
    command.addAll(given);
    if (given.contains("--amqp-port") && !given.contains("--http-port")) {
      command.addAll(List.of("--http-port", "0", "--metrics-port", "0"));
    }
    return command;
  }

  private static HarveyProcess start(
      Path directory, Map<String, String> environment, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(directory.toAbsolutePath().toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("HARVEY_JAVA_OPTS");
    builder.environment().remove("HARVEY_ARCHIVE");
    builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    builder.environment().put("RABBITMQ_CONFIG_FILE", NOTHING);
    builder.environment().put("RABBITMQ_CONFIG_FILES", NOTHING);
    builder.environment().putAll(environment);
    return new HarveyProcess(builder.start());
  }

  /** Waits for the line that says that it accepts connections. */
  HarveyProcess awaitStarted() throws InterruptedException {
    awaitLine("Server startup complete");
    return this;
  }

  /** The port of the line that names it, which is written before the one waited for above. */
  int port() {
    for (String line : seen) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new AssertionError("no line names a port: " + seen);
  }

  /** Waits for a line that contains the text. */
  String awaitLine(String text) throws InterruptedException {
    while (true) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(END)) {
        throw new AssertionError("no line with '" + text + "' among " + seen);
      }
      seen.add(line);
      if (line.contains(text)) {
        return line;
      }
    }
  }

  /** Waits for the end of the process and of its output. */
  int awaitExit() throws InterruptedException {
    awaitEndOfOutput();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + seen);
    }
    return process.exitValue();
  }

  /** All lines that were read so far. */
  List<String> lines() {
    return List.copyOf(seen);
  }

  /** Sends SIGTERM; {@link Process#destroy} would close the output, too. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Sends SIGKILL and waits for the end. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * From now on no write beyond so many bytes of a file succeeds; Linux only.
   *
   * @param bytes a number, or {@code unlimited}
   */
  void limitFiles(String bytes) throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", String.valueOf(pid()), "--fsize=" + bytes + ":")
            .inheritIO()
            .start();
    if (prlimit.waitFor() != 0) {
      throw new AssertionError("prlimit (of util-linux) did not work");
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void awaitEndOfOutput() throws InterruptedException {
    while (true) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("still running after " + seen);
      }
      if (line.equals(END)) {
        return;
      }
      seen.add(line);
    }
  }

  private void read(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("the output broke off: " + e);
    }
    lines.add(END);
  }
}
