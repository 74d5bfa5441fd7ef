package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program in a process of its own that tells on its standard output, line by line, what it saw of
 * the broker. Its lines are collected by a thread; the rest belongs to the test's thread. Closing
 * it kills it and all that it started.
 */
class Program implements Closeable {
  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", "."), "src", "test", "programs").toAbsolutePath();
  private static final int LINE_SECONDS = 30;
  private static final int END_SECONDS = 45;

  private final Process process;
  private final File errors;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;

  /** Starts the process; the first element of the command is a file or a name found in PATH. */
  Program(List<String> command) throws IOException {
    this(new ProcessBuilder(command));
  }

  /** Starts the process with the builder's environment and directory. */
  Program(ProcessBuilder builder) throws IOException {
    errors = Files.createTempFile("program", ".err").toFile();
    process = builder.redirectError(errors).start();
    reader = new Thread(this::read, "output of " + builder.command());
    reader.setDaemon(true);
    reader.start();
  }

  /** A file or folder of the sources, named below {@code src/test/programs}. */
  static Path source(String name) {
    return SOURCES.resolve(name);
  }

  /** Fails unless the command ends well; the text says what is missing and how to get it. */
  static void require(String missing, List<String> command) throws Exception {
    try (Program probe = new Program(command)) {
      int code = probe.exitCode();
      assertThat(code).as("%s. %s says: %s", missing, command, probe.errors()).isZero();
    } catch (IOException notStarted) {
      throw new AssertionError(missing + ". " + notStarted.getMessage(), notStarted);
    }
  }

  /** Runs the program to its end, which must be a good one, and returns its lines. */
  static List<String> run(List<String> command) throws Exception {
    try (Program program = new Program(command)) {
      return program.rest();
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException killed) {
      lines.add("output ended: " + killed.getMessage());
    }
  }

  /** Gives the program a line of input. */
  void send(String line) throws IOException {
    process.outputWriter().append(line).append('\n').flush();
  }

  /** Tells the program that no more input comes. */
  void endInput() throws IOException {
    process.outputWriter().close();
  }

  /** The next line of output; fails when none comes within thirty seconds. */
  String nextLine() throws Exception {
    String line = lines.poll(LINE_SECONDS, TimeUnit.SECONDS);
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

  /** Waits for the end of the program, which must be a good one; all lines not yet taken. */
  List<String> rest() throws Exception {
    int code = exitCode();
    assertThat(code).as("exit code after %s; %s", lines, errors()).isZero();
    return List.copyOf(lines);
  }

  /** Waits up to 45 seconds for the end of the program and of its output. */
  int exitCode() throws Exception {
    boolean ended = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    assertThat(ended).as("ended; it said %s %s", lines, errors()).isTrue();
    reader.join(5_000);
    return process.exitValue();
  }

  /** What the program wrote to its standard error so far. */
  String errors() throws IOException {
    return Files.readString(errors.toPath());
  }

  /** Kills the program, so that its connection ends without a word. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    Files.deleteIfExists(errors.toPath());
  }
}
