package io.harveymq.compat;

import java.util.ArrayList;
import java.util.List;

/**
 * How Python programs are run: by the interpreter that the system property {@code
 * harvey.test.python} names, else by Debian's, for which the libraries were packaged. Any thread.
 */
final class Python {
  private static final String PYTHON = System.getProperty("harvey.test.python", "/usr/bin/python3");

  private Python() {}

  /** Fails unless Python can import the module; the failure names Debian's package. */
  static void require(String module, String debianPackage) throws Exception {
    Program.require(
        "%s must be able to import %s: apt-get install %s".formatted(PYTHON, module, debianPackage),
        List.of(PYTHON, "-c", "import " + module));
  }

  /** The command that runs a program below {@code src/test/programs}. */
  static List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(PYTHON, "-u", Program.source(program).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A process of the interpreter that was not started yet. */
  static ProcessBuilder process(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
