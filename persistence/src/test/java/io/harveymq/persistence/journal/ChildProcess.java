package io.harveymq.persistence.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A JVM that runs a main class of the tests, until it is killed. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static ChildProcess start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-ea", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ChildProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  long pid() {
    return process.pid();
  }

  /** Waits for a line that the child prints. */
  void awaitLine(String expected) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.equals(expected)) {
        return;
      }
    }
    throw new AssertionError("the child ended without '" + expected + "':\n" + seen);
  }

  /** Fails, with what the child printed, when it has ended by itself. */
  void assertAlive() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError(
          "the child ended:\n" + output.lines().collect(Collectors.joining("\n")));
    }
  }

  /** SIGKILL, and the process is gone when this returns. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
