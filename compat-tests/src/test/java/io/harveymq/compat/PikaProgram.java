package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Python program of ours with the client library pika, running against the broker under test. Its
 * lines of output are collected by a thread; the rest belongs to the test's thread.
 */
final class PikaProgram implements Closeable {
  private static final String PYTHON = System.getProperty("harvey.test.python", "/usr/bin/python3");
  private static final Path PROGRAMS =
      Path.of(System.getProperty("basedir", "."), "src", "test", "python");

  private final Process process;
  private final File errors;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;

  private PikaProgram(List<String> command) throws IOException {
    errors = Files.createTempFile("pika", ".err").toFile();
    process = new ProcessBuilder(command).redirectError(errors).start();
    reader = new Thread(this::read, "output of " + command);
    reader.setDaemon(true);
    reader.start();
  }

  /** Fails, with a word about what to install, when the library is not there. */
  static void requirePika() throws Exception {
    try (PikaProgram probe = new PikaProgram(List.of(PYTHON, "-c", "import pika"))) {
      assertThat(probe.exitCode())
          .as("%s must be able to import pika (Debian package python3-pika)", PYTHON)
          .isZero();
    }
  }

  /** Starts the program; its argument is the broker's port. */
  static PikaProgram start(String name) throws IOException {
    String program = PROGRAMS.resolve(name).toString();
    return new PikaProgram(List.of(PYTHON, "-u", program, String.valueOf(BrokerUnderTest.port())));
  }

  /** Runs the program to its end, which must be a good one, and returns its lines. */
  static List<String> run(String name) throws Exception {
    try (PikaProgram program = start(name)) {
      assertThat(program.exitCode()).as("%s", program.errors()).isZero();
      return List.copyOf(program.lines);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    } catch (IOException | java.io.UncheckedIOException killed) {
      lines.add("output ended: " + killed.getMessage());
    }
  }

  /** Gives the program a line of input. */
  void send(String line) throws IOException {
    process.outputWriter().append(line).append('\n').flush();
  }

  /** The next line of output; fails when none comes within twenty seconds. */
  String nextLine() throws Exception {
    String line = lines.poll(20, TimeUnit.SECONDS);
    assertThat(line).as("line of output; %s", errors()).isNotNull();
    return line;
  }

  List<String> nextLines(int count) throws Exception {
    List<String> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(nextLine());
    }
    return next;
  }

  /** Waits up to thirty seconds for the end of the program and of its output. */
  int exitCode() throws Exception {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended; %s", errors()).isTrue();
    reader.join(5_000);
    return process.exitValue();
  }

  private String errors() throws IOException {
    return Files.readString(errors.toPath());
  }

  /** Kills the program, so that its connection ends without a word. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errors.toPath());
  }
}
