package io.harveymq.compat;

import io.harveymq.server.admin.Admin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs rabbitmqadmin, RabbitMQ's own in a process of Python and Harvey's in this one, with the same
 * words, input and home directory. One thread.
 */
final class Rabbitmqadmins {
  private static final PathMatcher PROGRAM =
      FileSystems.getDefault().getPathMatcher("glob:**/priv/www/cli/rabbitmqadmin");
  private static final int SECONDS = 45;

  private final Path home;
  private String input = "";

  /**
   * @param home where a file with settings may be
   */
  Rabbitmqadmins(Path home) {
    this.home = home;
  }

  /**
   * What came of it.
   *
   * @param status of the exit
   * @param out all of the standard output
   * @param err all of the standard error
   */
  record Outcome(int status, String out, String err) {
    /** Whether it told in Python's words, not in its own, what went wrong. */
    boolean hasTraceback() {
      return err.contains("Traceback");
    }

    Outcome withoutErrors() {
      return new Outcome(status, out, "");
    }

    Outcome replace(String text, String by) {
      return new Outcome(status, out.replace(text, by), err.replace(text, by));
    }
  }

  /** What can be listed. */
  static List<String> kinds() {
    return List.of(
        "connections",
        "channels",
        "consumers",
        "exchanges",
        "queues",
        "bindings",
        "users",
        "vhosts",
        "permissions",
        "nodes",
        "parameters",
        "policies",
        "operator_policies",
        "vhost_limits");
  }

  /** RabbitMQ's: what the system property names, or else Debian's. */
  static String program() throws IOException {
    String given = System.getProperty("harvey.test.rabbitmqadmin", "");
    if (!given.isBlank()) {
      return given;
    }
    try (Stream<Path> files = Files.walk(Path.of("/usr/lib/rabbitmq/lib"))) {
      return files.filter(PROGRAM::matches).findFirst().orElseThrow().toString();
    }
  }

  /** What both read from standard input from now on. */
  void input(String text) {
    input = text;
  }

  Outcome theirs(List<String> words) throws Exception {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(words);
    Path in = Files.writeString(Files.createTempFile("rabbitmqadmin", ".in"), input);
    Path out = Files.createTempFile("rabbitmqadmin", ".out");
    Path err = Files.createTempFile("rabbitmqadmin", ".err");
    try {
      ProcessBuilder builder = Python.process(command);
      builder.environment().put("HOME", home.toString());
      builder.environment().put("PYTHONUTF8", "1");
      builder.environment().put("COLUMNS", "80");
      builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(words + " does not end");
      }
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      for (Path file : List.of(in, out, err)) {
        Files.delete(file);
      }
    }
  }

  Outcome ours(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Admin admin =
        new Admin(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            Map.of("HOME", home.toString()));
    int status = admin.run(words);
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
