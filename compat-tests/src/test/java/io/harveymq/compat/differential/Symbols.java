package io.harveymq.compat.differential;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stand-ins for what a broker makes up: {@code $gen1} is the first queue name that it invented,
 * {@code $ctag1} the first consumer tag, and the time in an x-death header is not shown. Confined
 * to one thread.
 */
final class Symbols {
  private static final Pattern MADE = Pattern.compile("amq\\.(gen|ctag)-[A-Za-z0-9_-]+");
  private static final Pattern USED = Pattern.compile("\\$(gen|ctag)\\d+");
  private static final Pattern TIME = Pattern.compile("time=T:\\d+");

  private final Map<String, String> symbols = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();

  /** Text from the broker with symbols in it. */
  String canonical(String text) {
    String shown =
        MADE.matcher(text).replaceAll(found -> quoted(symbol(found.group(), found.group(1))));
    return TIME.matcher(shown).replaceAll("time=T:?");
  }

  private String symbol(String name, String kind) {
    String known = symbols.get(name);
    if (known != null) {
      return known;
    }
    long count = names.keySet().stream().filter(each -> each.startsWith("$" + kind)).count();
    String symbol = "$" + kind + (count + 1);
    symbols.put(name, symbol);
    names.put(symbol, name);
    return symbol;
  }

  /** Text of a step with the broker's names in it, as far as they are known. */
  String actual(String text) {
    return USED.matcher(text)
        .replaceAll(found -> quoted(names.getOrDefault(found.group(), found.group())));
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }
}
