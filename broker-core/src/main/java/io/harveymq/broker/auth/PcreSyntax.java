package io.harveymq.broker.auth;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a regular expression of PCRE, which Erlang has, in Java's syntax. They differ in what a
 * brace, a bracket within a class and a named group mean. For one thread; used once.
 */
final class PcreSyntax {
  private static final Pattern QUANTIFIER = Pattern.compile("\\{\\d+(,\\d*)?\\}");
  private static final Map<String, String> POSIX_CLASSES =
      Map.ofEntries(
          Map.entry("alpha", "p{Alpha}"),
          Map.entry("digit", "p{Digit}"),
          Map.entry("alnum", "p{Alnum}"),
          Map.entry("upper", "p{Upper}"),
          Map.entry("lower", "p{Lower}"),
          Map.entry("space", "p{Space}"),
          Map.entry("blank", "p{Blank}"),
          Map.entry("punct", "p{Punct}"),
          Map.entry("xdigit", "p{XDigit}"),
          Map.entry("cntrl", "p{Cntrl}"),
          Map.entry("graph", "p{Graph}"),
          Map.entry("print", "p{Print}"),
          Map.entry("ascii", "p{ASCII}"),
          Map.entry("word", "w"));

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;

  PcreSyntax(String source) {
    this.source = source;
  }

  String toJava() {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '\\') {
        escape();
      } else if (c == '[') {
        characterClass();
      } else if (c == '{' && !isQuantifier()) {
        take("\\{", 1);
      } else if (source.startsWith("(?P<", at)) {
        take("(?<", 4);
      } else {
        take(String.valueOf(c), 1);
      }
    }
    return out.toString();
  }

  private void take(String java, int length) {
    out.append(java);
    at += length;
  }

  private boolean isQuantifier() {
    return QUANTIFIER.matcher(source).region(at, source.length()).lookingAt();
  }

  /** Takes an escaped character, or a whole quotation. */
  private void escape() {
    int end = Math.min(source.length(), at + 2);
    if (source.startsWith("\\Q", at)) {
      int close = source.indexOf("\\E", at);
      end = close < 0 ? source.length() : close + 2;
    }
    take(source.substring(at, end), end - at);
  }

  private void characterClass() {
    take("[", 1);
    if (at < source.length() && source.charAt(at) == '^') {
      take("^", 1);
    }
    if (at < source.length() && source.charAt(at) == ']') {
      take("\\]", 1);
    }
    while (at < source.length() && source.charAt(at) != ']') {
      char c = source.charAt(at);
      if (c == '\\') {
        escape();
      } else if (c == '[') {
        bracketInClass();
      } else if (c == '&') {
        take("\\&", 1);
      } else {
        take(String.valueOf(c), 1);
      }
    }
    if (at < source.length()) {
      take("]", 1);
    }
  }

  /** A POSIX class such as {@code [:alpha:]}, or just a bracket. */
  private void bracketInClass() {
    int end = source.startsWith("[:", at) ? source.indexOf(":]", at + 2) : -1;
    String name = end < 0 ? "" : source.substring(at + 2, end);
    boolean negated = name.startsWith("^");
    String java = POSIX_CLASSES.get(negated ? name.substring(1) : name);
    if (java == null) {
      take("\\[", 1);
    } else {
      String letter = java.substring(0, 1);
      take(
          "\\" + (negated ? letter.toUpperCase(Locale.ROOT) : letter) + java.substring(1),
          end + 2 - at);
    }
  }
}
