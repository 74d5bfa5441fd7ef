package io.harveymq.compat.differential;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stand-ins for what a broker makes up: {@code $gen1} is the first queue name that it invented,
 * {@code $ctag1} the first consumer tag, {@code $reply-to1} the first address for direct replies,
 * and neither the time in an x-death header nor the number of consumers of a quorum queue are
 * shown: RabbitMQ counts there whoever holds a message, too, and not who waits to be the active
 * one. Confined to one thread.
 */
final class Symbols {
  private static final Pattern MADE =
      Pattern.compile("amq\\.(?:(gen|ctag)-|rabbitmq\\.(reply-to)\\.)[A-Za-z0-9_.=/+%-]+");
  private static final Pattern USED = Pattern.compile("\\$(gen|ctag|reply-to)\\d+");
  private static final Pattern TIME = Pattern.compile("time=T:\\d+");

  private static final Pattern CONSUMERS =
      Pattern.compile("(?<=queue=(\\S{1,255}) messages=\\d{1,9} consumers=)\\d+");

  private final Set<String> quorumQueues = new HashSet<>();
  private final Map<String, String> symbols = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();

  /** Text from the broker with symbols in it. */
  String canonical(String text) {
    String shown = MADE.matcher(text).replaceAll(found -> quoted(symbol(found)));
    shown = TIME.matcher(shown).replaceAll("time=T:?");
    return CONSUMERS
        .matcher(shown)
        .replaceAll(found -> quorumQueues.contains(found.group(1)) ? "?" : found.group());
  }

  /** Notes that there is, or was, a quorum queue of this name. */
  void quorumQueue(String name) {
    quorumQueues.add(name);
  }

  private String symbol(MatchResult found) {
    String kind = found.group(1) == null ? found.group(2) : found.group(1);
    // Within properties, names are encoded; elsewhere they are not.
    String name = WireText.word(WireText.octets(found.group()));
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
