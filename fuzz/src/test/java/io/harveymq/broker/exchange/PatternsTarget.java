package io.harveymq.broker.exchange;

import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.ErlangPattern;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.fuzz.Choices;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of bindings and permissions: topics match as a plain reading of the rule says, headers
 * don't fail, regular expressions end in time.
 */
public final class PatternsTarget {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Of CPU time, whatever else the machine does. */
  private static final long MOST_NANOS = 5_000_000_000L;

  private PatternsTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    switch (choices.below(3)) {
      case 0 -> topics(choices);
      case 1 -> headers(choices);
      default -> expression(choices);
    }
  }

  // ---- topics

  private static void topics(Choices choices) {
    Exchange exchange = Exchanges.exchange(ExchangeType.TOPIC);
    List<String> patterns = new ArrayList<>();
    List<TestQueue> queues = new ArrayList<>();
    for (int count = 1 + choices.below(6); count > 0; count--) {
      String pattern = topic(choices);
      TestQueue queue = new TestQueue("q" + count);
      Exchanges.bind(exchange, queue, pattern);
      patterns.add(pattern);
      queues.add(queue);
    }
    if (choices.flag()) {
      Exchanges.unbind(exchange, queues.remove(0), patterns.remove(0));
    }
    for (int count = 1 + choices.below(4); count > 0; count--) {
      String key = topic(choices);
      List<Destination> found = Exchanges.match(exchange, key);
      for (int i = 0; i < patterns.size(); i++) {
        boolean expected = matches(words(patterns.get(i)), 0, words(key), 0);
        if (found.contains(queues.get(i)) != expected) {
          throw new AssertionError("'" + patterns.get(i) + "' for '" + key + "': " + !expected);
        }
      }
    }
    for (int i = 0; i < patterns.size(); i++) {
      Exchanges.unbind(exchange, queues.get(i), patterns.get(i));
    }
    if (!Exchanges.match(exchange, "").isEmpty()) {
      throw new AssertionError("a binding is left");
    }
  }

  private static String topic(Choices choices) {
    StringBuilder topic = new StringBuilder();
    for (int count = choices.below(7); count > 0; count--) {
      topic.append(choices.of("a", "b", "*", "#", ".", ".", ".", choices.text(2)));
    }
    return topic.toString();
  }

  private static String[] words(String topic) {
    return topic.isEmpty() ? new String[0] : topic.split("\\.", -1);
  }

  private static boolean matches(String[] pattern, int p, String[] key, int k) {
    if (p == pattern.length) {
      return k == key.length;
    }
    if (pattern[p].equals("#")) {
      return matches(pattern, p + 1, key, k) || k < key.length && matches(pattern, p, key, k + 1);
    }
    return k < key.length
        && (pattern[p].equals("*") || pattern[p].equals(key[k]))
        && matches(pattern, p + 1, key, k + 1);
  }

  // ---- headers

  private static void headers(Choices choices) {
    try {
      FieldTable arguments = FieldTable.parse(choices.some());
      FieldTable headers = FieldTable.parse(choices.some());
      HeadersPattern.validate(arguments);
      new HeadersPattern(arguments).matches(headers);
      FieldTable.Builder some = FieldTable.builder();
      arguments.forEach(
          (name, value) -> {
            if (!arguments.get(name).equals(value) || name.equals("x-match")) {
              return;
            }
            some.put(name, value);
          });
      FieldTable wanted = some.put("x-match", FieldValue.of("all")).build();
      if (!hasNan(wanted) && !new HeadersPattern(wanted).matches(wanted)) {
        throw new AssertionError(wanted + " does not match itself");
      }
    } catch (ConnectionException | ChannelException refused) {
      // as it should be
    }
  }

  private static boolean hasNan(FieldTable table) {
    return table.toString().contains("NaN");
  }

  // ---- expressions

  private static void expression(Choices choices) {
    String text = choices.text(200);
    String source = new String(choices.rest(), StandardCharsets.UTF_8);
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      ErlangPattern pattern = ErlangPattern.of(source);
      boolean once = pattern.matches(text);
      if (once != pattern.matches(text) || pattern.matchesEverything() && !once) {
        throw new AssertionError(source + " for " + text);
      }
    } catch (AccessException malformed) {
      if (malformed.reason() != AccessException.Reason.INVALID_REGEXP) {
        throw malformed;
      }
    }
    if (THREADS.getCurrentThreadCpuTime() - start > MOST_NANOS) {
      throw new AssertionError("takes too long: " + source);
    }
  }
}
