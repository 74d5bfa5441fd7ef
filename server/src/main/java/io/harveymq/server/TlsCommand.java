package io.harveymq.server;

import io.harveymq.server.config.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** {@code harvey tls dev}: makes certificates for development. Main thread. */
final class TlsCommand {
  private static final String HELP =
      """
      Makes certificates for development: a CA of its own, one for the server, one for a client.

      Usage: harvey tls dev [--dir DIR] [--host NAME]... [--user NAME] [--force]

        --dir DIR     where the files go [harvey-tls]
        --host NAME   one more name or address of the server, besides localhost, 127.0.0.1, ::1
                      and the name of this machine
        --user NAME   who the client's certificate is for [guest]
        --force       replace the files that are there

      The key of the CA is thrown away, so that nobody can make more with it.
      """;

  private static final List<String> VALUED = List.of("--dir", "--host", "--user");
  private static final String FORCE = "--force";

  private final PrintStream out;
  private final PrintStream err;

  TlsCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Its options, with spaces between. */
  static String options() {
    return String.join(" ", VALUED) + " " + FORCE;
  }

  /**
   * Runs one command line.
   *
   * @param arguments those behind the word {@code tls}
   * @return the exit status
   */
  int run(List<String> arguments) {
    if (arguments.contains("-h") || arguments.contains("--help")) {
      out.print(HELP);
      return Harvey.OK;
    }
    try {
      if (arguments.isEmpty() || !arguments.get(0).equals("dev")) {
        throw new UsageException("tls needs an action: harvey tls dev");
      }
      make(arguments.subList(1, arguments.size()));
      return Harvey.OK;
    } catch (UsageException e) {
      err.println("harvey: " + e.getMessage() + "; try 'harvey tls --help'");
      return Harvey.USAGE;
    } catch (IOException e) {
      err.println("harvey: " + e.getMessage());
      return Harvey.FAILED;
    }
  }

  private void make(List<String> arguments) throws UsageException, IOException {
    String directory = "harvey-tls";
    String user = "guest";
    boolean force = false;
    List<String> hosts = new ArrayList<>();
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String option = equals < 0 ? argument : argument.substring(0, equals);
      if (option.equals(FORCE) && equals < 0) {
        force = true;
        continue;
      }
      if (!VALUED.contains(option)) {
        throw new UsageException("unknown option '" + argument + "'");
      }
      String value = equals < 0 ? next(option, rest) : argument.substring(equals + 1);
      switch (option) {
        case "--dir" -> directory = value;
        case "--user" -> user = value;
        default -> hosts.add(value);
      }
    }
    try {
      TlsDevelopment made =
          new TlsDevelopment(Path.of(directory).toAbsolutePath().normalize(), hosts, user);
      made.make(force);
      out.print(made.instructions());
    } catch (InvalidPathException notAPath) {
      throw new UsageException("--dir must be the path of a directory, got '" + directory + "'");
    }
  }

  private static String next(String option, Iterator<String> rest) throws UsageException {
    String value = rest.hasNext() ? rest.next() : "--";
    if (value.startsWith("--") || value.isBlank()) {
      throw new UsageException(option + " needs a value");
    }
    return value;
  }
}
