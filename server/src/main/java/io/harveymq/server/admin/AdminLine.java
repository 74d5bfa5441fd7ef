package io.harveymq.server.admin;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A command line of rabbitmqadmin, taken apart as Python's optparse does: options may be anywhere,
 * words of options may be cut short, letters may be put together, and a value may follow its letter
 * at once. Immutable; any thread.
 *
 * @param options what is given
 * @param arguments the rest, in order
 */
record AdminLine(Map<AdminOption, String> options, List<String> arguments) {
  /**
   * Takes a line apart.
   *
   * @throws AdminException for an option that there is not, or one without its value
   */
  static AdminLine parse(List<String> words) throws AdminException {
    AdminLine line = new AdminLine(new EnumMap<>(AdminOption.class), new ArrayList<>());
    List<String> rest = new ArrayList<>(words);
    while (!rest.isEmpty()) {
      String word = rest.remove(0);
      if (word.equals("--")) {
        line.arguments.addAll(rest);
        break;
      }
      if (word.startsWith("--")) {
        line.takeWord(word, rest);
      } else if (word.startsWith("-") && word.length() > 1) {
        line.takeLetters(word, rest);
      } else {
        line.arguments.add(word);
      }
      if (line.options.containsKey(AdminOption.HELP)) {
        break; // nothing behind it counts
      }
    }
    return line;
  }

  private void takeWord(String word, List<String> rest) throws AdminException {
    int equals = word.indexOf('=');
    String given = equals < 0 ? word : word.substring(0, equals);
    AdminOption option = named(given);
    if (equals >= 0 && !option.hasValue()) {
      throw AdminException.options(option.word() + " option does not take a value");
    }
    if (equals >= 0) {
      put(option, option.word(), word.substring(equals + 1));
    } else {
      put(option, option.word(), option.hasValue() ? next(option.word(), rest) : null);
    }
  }

  private void takeLetters(String word, List<String> rest) throws AdminException {
    for (int i = 1; i < word.length(); i++) {
      String letter = "-" + word.charAt(i);
      AdminOption option = lettered(letter);
      if (option.hasValue()) {
        boolean here = i + 1 < word.length();
        put(option, letter, here ? word.substring(i + 1) : next(letter, rest));
        return;
      }
      put(option, letter, null);
    }
  }

  private static AdminOption lettered(String letter) throws AdminException {
    for (AdminOption option : AdminOption.values()) {
      if (letter.equals(option.letter())) {
        return option;
      }
    }
    throw AdminException.options("no such option: " + letter);
  }

  private static AdminOption named(String given) throws AdminException {
    List<AdminOption> meant = new ArrayList<>();
    for (AdminOption option : AdminOption.values()) {
      if (given.equals(option.word())) {
        return option;
      }
      if (option.word() != null && option.word().startsWith(given)) {
        meant.add(option);
      }
    }
    if (meant.isEmpty()) {
      throw AdminException.options("no such option: " + given);
    }
    if (meant.size() > 1) {
      String all = String.join(", ", meant.stream().map(AdminOption::word).sorted().toList());
      throw AdminException.options("ambiguous option: " + given + " (" + all + "?)");
    }
    return meant.get(0);
  }

  private static String next(String given, List<String> rest) throws AdminException {
    if (rest.isEmpty()) {
      throw AdminException.options(given + " option requires 1 argument");
    }
    return rest.remove(0);
  }

  private void put(AdminOption option, String given, String value) throws AdminException {
    if (option == AdminOption.REQUEST_TIMEOUT && !Settings.isNumber(value)) {
      throw AdminException.options("option " + given + ": invalid integer value: '" + value + "'");
    }
    options.put(option, value == null ? option.whenGiven() : value);
  }

  /** Whether an option is given. */
  boolean has(AdminOption option) {
    return options.containsKey(option);
  }
}
