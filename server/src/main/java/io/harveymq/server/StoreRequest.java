package io.harveymq.server;

import io.harveymq.server.config.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code harvey store} was asked to do. Immutable; any thread.
 *
 * @param action what to do
 * @param dataDir the directory to do it with, absolute
 * @param other where a backup is, or is to be, absolute; null for what needs none
 * @param acceptLoss whether a damaged journal is no reason to give up
 */
record StoreRequest(StoreAction action, Path dataDir, Path other, boolean acceptLoss) {
  private static final String ACTIONS =
      Arrays.stream(StoreAction.values()).map(StoreAction::word).collect(Collectors.joining(", "));

  /**
   * Reads the arguments behind the word {@code store}.
   *
   * @throws UsageException with the first rule that is broken
   */
  static StoreRequest of(List<String> arguments) throws UsageException {
    Iterator<String> rest = arguments.iterator();
    StoreAction action = action(rest.hasNext() ? rest.next() : "");
    Path dataDir = path(ServerOption.DATA_DIR.flag(), ServerOption.DATA_DIR.defaultValue());
    Path other = null;
    boolean acceptLoss = false;
    while (rest.hasNext()) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      if (flag.equals(ServerOption.DATA_DIR.flag())) {
        dataDir = path(flag, value(argument, equals, rest));
      } else if (!flag.isEmpty() && flag.equals(action.otherFlag())) {
        other = path(flag, value(argument, equals, rest));
      } else if (action == StoreAction.COMPACT && argument.equals("--accept-loss")) {
        acceptLoss = true;
      } else {
        String kind = flag.startsWith("-") ? "unknown option '" : "unexpected argument '";
        throw new UsageException(kind + flag + "' for store " + action.word());
      }
    }
    if (other == null && !action.otherFlag().isEmpty()) {
      throw new UsageException(
          "store " + action.word() + " needs " + action.otherFlag() + " DIRECTORY");
    }
    return new StoreRequest(action, dataDir, other, acceptLoss);
  }

  /** Actions and options, with spaces between. */
  static String words() {
    return ACTIONS.replace(",", "") + " --data-dir --to --from --accept-loss";
  }

  private static StoreAction action(String word) throws UsageException {
    for (StoreAction action : StoreAction.values()) {
      if (action.word().equals(word)) {
        return action;
      }
    }
    throw new UsageException(
        word.isEmpty() || word.startsWith("-")
            ? "store needs an action, one of " + ACTIONS
            : "unknown action '" + word + "' for store, it must be one of " + ACTIONS);
  }

  private static String value(String argument, int equals, Iterator<String> rest)
      throws UsageException {
    if (equals >= 0) {
      return argument.substring(equals + 1);
    }
    String value = rest.hasNext() ? rest.next() : "--";
    if (value.startsWith("--")) {
      throw new UsageException(argument + " needs a value: " + argument + " DIR");
    }
    return value;
  }

  private static Path path(String flag, String value) throws UsageException {
    try {
      if (!value.isBlank()) {
        return Path.of(value).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException e) {
      // told below, as an empty one is
    }
    throw new UsageException(flag + " must be the path of a directory, got '" + value + "'");
  }
}
