package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;

/**
 * Says in words why a binding does not take a message; for people, not for routing. Stateless;
 * called on the home loop.
 */
public final class BindingReason {
  private BindingReason() {}

  /**
   * Why a binding does not match.
   *
   * @param headers of the message
   * @return null when it matches, or when its exchange chooses among its bindings by a rule of its
   *     own
   */
  public static String of(Binding binding, String routingKey, FieldTable headers) {
    return switch (binding.source().definition().type()) {
      case DIRECT ->
          binding.routingKey().equals(routingKey)
              ? null
              : "wants exactly `" + binding.routingKey() + "`";
      case TOPIC -> ofTopic(binding.routingKey(), routingKey);
      case HEADERS -> ofHeaders(binding.arguments(), headers);
      default -> null;
    };
  }

  private static String ofTopic(String pattern, String key) {
    String[] wanted = pattern.split("\\.", -1);
    String[] words = key.split("\\.", -1);
    if (pattern.isEmpty() || key.isEmpty()) {
      return pattern.equals(key) || pattern.equals("#") ? null : "wants exactly `" + pattern + "`";
    }
    if (matches(wanted, 0, words, 0)) {
      return null;
    }
    int same = 0;
    while (same < wanted.length
        && same < words.length
        && !wanted[same].equals("#")
        && (wanted[same].equals("*") || wanted[same].equals(words[same]))) {
      same++;
    }
    if (same < wanted.length && wanted[same].equals("#")) {
      return "wants `" + pattern + "`, and what follows `#` is not there";
    }
    if (same == wanted.length) {
      return "wants " + count(wanted.length) + ", the key has " + words.length;
    }
    return same == words.length
        ? "wants " + count(wanted.length) + ", the key has " + words.length
        : "wants `" + wanted[same] + "` as " + ordinal(same) + " word";
  }

  private static String count(int words) {
    return words == 1 ? "one word" : words + " words";
  }

  private static String ordinal(int index) {
    return switch (index) {
      case 0 -> "first";
      case 1 -> "second";
      case 2 -> "third";
      default -> (index + 1) + "th";
    };
  }

  private static boolean matches(String[] pattern, int at, String[] words, int from) {
    if (at == pattern.length) {
      return from == words.length;
    }
    if (pattern[at].equals("#")) {
      for (int next = from; next <= words.length; next++) {
        if (matches(pattern, at + 1, words, next)) {
          return true;
        }
      }
      return false;
    }
    return from < words.length
        && (pattern[at].equals("*") || pattern[at].equals(words[from]))
        && matches(pattern, at + 1, words, from + 1);
  }

  private static String ofHeaders(FieldTable arguments, FieldTable headers) {
    HeadersPattern pattern = new HeadersPattern(arguments);
    if (pattern.matches(headers)) {
      return null;
    }
    StringBuilder wanted = new StringBuilder();
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.key(i);
      FieldValue value = arguments.value(i);
      FieldValue there = headers.get(name);
      boolean counts = !name.equals("x-match");
      boolean fits =
          there != null && (value instanceof FieldValue.Void || ErlangTerm.equal(value, there));
      if (counts && !fits) {
        wanted.append(wanted.isEmpty() ? "" : ", ").append(name);
        if (!(value instanceof FieldValue.Void)) {
          wanted.append(" = ").append(ErlangTerm.print(value));
        }
      }
    }
    return wanted.isEmpty() ? "wants a header" : "wants the header " + wanted;
  }
}
