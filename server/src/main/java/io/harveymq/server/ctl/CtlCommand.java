package io.harveymq.server.ctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of RabbitMQ's command line tools. What it takes is written once, as its usage, such as
 * {@code [--vhost <vhost>] <queue> [--if-empty|-e]}: in brackets what may be left out; dots behind
 * what may be repeated. Immutable; any thread.
 *
 * @param name such as {@code add_user}
 * @param tools those that have it
 * @param group the heading that it is listed under
 * @param usage without the name
 * @param description one line
 * @param action what it does
 */
record CtlCommand(
    String name, List<Tool> tools, String group, String usage, String description, Action action) {
  private static final Pattern OPTION =
      Pattern.compile("\\[--([a-z-]+)(?:\\|-([a-zA-Z]))?( <[^>]+>)?\\]");
  private static final Pattern OPTIONAL = Pattern.compile("\\[[^\\]]*\\]");
  private static final Pattern ARGUMENT = Pattern.compile("<[^>]+>");

  /** What a command does. */
  interface Action {
    /**
     * Does it.
     *
     * @throws CtlException when it failed, with the exit status
     */
    void run(Call call) throws CtlException;
  }

  /**
   * An option.
   *
   * @param name without dashes
   * @param letter of the short form, or null
   * @param hasValue whether a value follows
   */
  record Option(String name, String letter, boolean hasValue) {}

  /** The options of its own, by name. */
  Map<String, Option> options() {
    Map<String, Option> options = new LinkedHashMap<>();
    Matcher matcher = OPTION.matcher(usage);
    while (matcher.find()) {
      Option option = new Option(matcher.group(1), matcher.group(2), matcher.group(3) != null);
      options.put(option.name(), option);
    }
    return options;
  }

  /** How many arguments it needs at least. */
  int leastArguments() {
    return count(OPTIONAL.matcher(OPTION.matcher(usage).replaceAll("")).replaceAll(""));
  }

  /** How many arguments it can take. */
  int mostArguments() {
    String arguments = OPTION.matcher(usage).replaceAll("");
    return arguments.contains("...") ? Integer.MAX_VALUE : count(arguments);
  }

  private static int count(String arguments) {
    List<String> found = new ArrayList<>();
    Matcher matcher = ARGUMENT.matcher(arguments);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found.size();
  }

  /** The line of the help. */
  String usageLine(Tool tool) {
    String line = tool.program() + " [--node <node>] [--longnames] [--quiet] " + name;
    return usage.isEmpty() ? line : line + " " + usage;
  }
}
