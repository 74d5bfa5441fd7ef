package io.harveymq.server.ctl;

import io.harveymq.server.ctl.CtlCommand.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A command line of RabbitMQ's tools, taken apart. Options may be anywhere, also before the
 * command. Immutable; any thread.
 *
 * @param command its name, or null when there is none
 * @param arguments those of the command
 * @param options by name without dashes; of a switch the value is empty
 * @param unknown options that there are not
 */
record CommandLine(
    String command, List<String> arguments, Map<String, String> options, List<String> unknown) {
  /** What all commands understand. */
  static final List<Option> GLOBAL =
      List.of(
          new Option("node", "n", true),
          new Option("quiet", "q", false),
          new Option("silent", "s", false),
          new Option("timeout", "t", true),
          new Option("longnames", "l", false),
          new Option("vhost", "p", true),
          new Option("formatter", "f", true),
          new Option("no-table-headers", null, false),
          new Option("table-headers", null, false),
          new Option("help", "h", false),
          new Option("version", null, false),
          new Option("script-name", null, true),
          new Option("data-dir", null, true),
          new Option("config", null, true),
          new Option("uri", null, true));

  private static final Pattern NUMBER = Pattern.compile("-[0-9.]+");

  /**
   * Takes a line apart.
   *
   * @param table tells the options of the command
   * @throws CtlException for an option without its value
   */
  static CommandLine parse(Tool tool, CommandTable table, List<String> words) throws CtlException {
    CtlCommand command = null;
    for (String word : words) {
      command = command == null ? table.find(tool, word) : command;
    }
    List<Option> known = new ArrayList<>(GLOBAL);
    if (command != null) {
      known.addAll(0, command.options().values());
    }
    List<String> rest = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        rest.addAll(words.subList(i + 1, words.size()));
        break;
      }
      if (!word.startsWith("-") || word.length() == 1 || NUMBER.matcher(word).matches()) {
        rest.add(word);
        continue;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      Option option = named(known, equals < 0 ? word : word.substring(0, equals));
      if (option == null) {
        unknown.add(word);
      } else if (!option.hasValue()) {
        options.put(option.name(), "");
      } else if (equals >= 0) {
        options.put(option.name(), word.substring(equals + 1));
      } else if (++i < words.size()) {
        options.put(option.name(), words.get(i));
      } else {
        unknown.add(word);
      }
    }
    String name = rest.isEmpty() ? null : rest.remove(0);
    return new CommandLine(name, List.copyOf(rest), options, unknown);
  }

  private static Option named(List<Option> known, String word) {
    for (Option option : known) {
      if (word.equals("--" + option.name()) || word.equals("-" + option.letter())) {
        return option;
      }
    }
    return null;
  }

  /** Whether an option is given. */
  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The value of an option, or another. */
  String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  /** Whether only results are to be told. */
  boolean isQuiet() {
    return has("quiet") || isSilent();
  }

  /** Whether there are to be no headings either. */
  boolean isSilent() {
    return has("silent") || has("script-mode");
  }
}
