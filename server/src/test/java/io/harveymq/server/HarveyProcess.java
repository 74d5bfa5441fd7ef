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

  private static final Pattern LISTENING = Pattern.compile("started TCP listener on .*:(\\d+)$");
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
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("HARVEY_JAVA_OPTS");
    builder.environment().remove("HARVEY_ARCHIVE");
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
