package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A thing in which a declaration differs from what exists, as the reply text of a 406 tells it.
 * Immutable.
 *
 * @param argument such as {@code durable} or {@code x-message-ttl}
 * @param received what the client asked for; {@code none} where it did not name it
 * @param current what there is; {@code none} as well
 */
record Inequivalence(String argument, String received, String current) {
  private static final Set<String> FLAGS =
      Set.of("durable", "auto_delete", "exclusive", "internal");
  private static final Pattern TEXT =
      Pattern.compile(
          "inequivalent arg '(.*?)' for \\w+ '.*' in vhost '.*': received (.*) but current is (.*)",
          Pattern.DOTALL);
  private static final Pattern TYPED =
      Pattern.compile("the value '(.*)' of type '\\w+'", Pattern.DOTALL);

  /** Null if the text tells of something else. */
  static Inequivalence of(String text) {
    Matcher told = TEXT.matcher(text);
    return told.matches()
        ? new Inequivalence(told.group(1), plain(told.group(2)), plain(told.group(3)))
        : null;
  }

  /** All that texts tell of, in their order; they may begin with the code's name. */
  static List<Inequivalence> all(String first, List<String> others) {
    return Stream.concat(Stream.of(first), others.stream())
        .map(text -> of(text.replaceFirst("^[A-Z_]+ - ", "")))
        .filter(Objects::nonNull)
        .toList();
  }

  /** As the API tells it. */
  ObjectNode json() {
    return Json.object()
        .put("argument", argument)
        .put("received", received)
        .put("current", current);
  }

  private static String plain(String value) {
    Matcher typed = TYPED.matcher(value);
    return typed.matches() ? typed.group(1) : value.replaceFirst("^'(.*)'$", "$1");
  }

  /** Such as "queue billing is durable, it asked for not durable". */
  String sentence(String type, String name) {
    String word = argument.replace('_', '-');
    String what = type + " " + name;
    if (FLAGS.contains(argument)) {
      return what + " is " + flag(current, word) + ", it asked for " + flag(received, word);
    }
    String has = current.equals("none") ? " has no " + word : " has " + word + " " + current;
    return what + has + ", it asked for " + received;
  }

  private static String flag(String value, String word) {
    return value.equals("true") ? word : "not " + word;
  }
}
