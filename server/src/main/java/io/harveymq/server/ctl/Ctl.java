package io.harveymq.server.ctl;

import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;

/**
 * RabbitMQ's command line tools for a running Harvey: {@code harvey ctl} is rabbitmqctl, {@code
 * harvey diagnostics} and {@code harvey plugins} are the others. Main thread.
 */
public final class Ctl {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}|infinity");

  private final PrintStream out;
  private final PrintStream err;
  private final Locator.Places places;
  private final CommandTable table = CommandTable.complete();

  /**
   * @param out for results
   * @param err for what went wrong
   * @param places where the server would have its data
   */
  public Ctl(PrintStream out, PrintStream err, Locator.Places places) {
    this.out = out;
    this.err = err;
    this.places = places;
  }

  /** Whether a word behind {@code harvey} names one of the tools. */
  public static boolean isTool(String word) {
    return Tool.of(word) != null;
  }

  /**
   * Carries out a command line.
   *
   * @param word of the tool, see {@link #isTool}
   * @param words those behind it
   * @return the exit status, as RabbitMQ's tools have it
   */
  public int run(String word, List<String> words) {
    Tool tool = Tool.of(word);
    CtlCommand command = null;
    CommandLine line = null;
    try {
      line = CommandLine.parse(tool, table, words);
      if (line.has("version")) {
        line = new CommandLine("version", List.of(), line.options(), List.of());
      } else if (line.command() == null || line.has("help")) {
        return help(tool, line);
      }
      command = table.find(tool, line.command());
      if (command == null) {
        return notFound(tool, line.command());
      }
      check(command, line);
      Locator locator = new Locator(line, places, RuntimeDirectory.ofTools());
      boolean whileStopped = AppCommands.runWhileStopped(tool, command);
      command.action().run(new Call(tool, line, new Output(out, line), locator, whileStopped));
      return Exit.OK;
    } catch (CtlException failure) {
      out.flush();
      tell(tool, command, line, failure);
      return failure.status();
    } catch (RuntimeException unexpected) {
      // such as an answer of a broker of another kind
      out.flush();
      err.println("Error:\n" + unexpected);
      return Exit.SOFTWARE;
    } finally {
      out.flush();
    }
  }

  private int help(Tool tool, CommandLine line) throws CtlException {
    boolean asked = line.has("help");
    if (line.command() == null) {
      (asked ? out : err).print(HelpCommands.overview(tool, table));
      return asked ? Exit.OK : Exit.USAGE;
    }
    out.print(HelpCommands.of(tool, table, line.command()));
    return Exit.OK;
  }

  private int notFound(Tool tool, String name) {
    String like = table.suggestion(tool, name);
    err.println();
    err.println("Command '" + name + "' not found. ");
    if (like == null) {
      err.println();
      err.print(HelpCommands.overview(tool, table));
    } else {
      err.println("Did you mean '" + like + "'?");
    }
    return Exit.USAGE;
  }

  private static void check(CtlCommand command, CommandLine line) throws CtlException {
    String timeout = line.option("timeout", "1");
    if (!line.unknown().isEmpty()) {
      throw CtlException.arguments(
          Exit.USAGE,
          "Invalid options for this command:\n" + String.join(" : \n", line.unknown()) + " : ");
    }
    if (!SECONDS.matcher(timeout).matches()) {
      throw CtlException.arguments(
          Exit.USAGE, "Invalid options for this command:\n--timeout : " + timeout);
    }
    if (line.arguments().size() < command.leastArguments()) {
      throw CtlException.arguments(Exit.USAGE, "not enough arguments.");
    }
    if (line.arguments().size() > command.mostArguments()) {
      throw CtlException.arguments(Exit.USAGE, "too many arguments.");
    }
  }

  private void tell(Tool tool, CtlCommand command, CommandLine line, CtlException failure) {
    if (failure.heading() == null || command == null || line == null) {
      err.println(failure.getMessage());
      return;
    }
    err.println(failure.heading() + failure.getMessage());
    err.println("Arguments given:");
    String rest = String.join(" ", line.arguments());
    err.println("\t" + command.name() + (rest.isEmpty() ? "" : " " + rest));
    err.println();
    err.println("Usage");
    err.println();
    err.println(command.usageLine(tool));
  }
}
