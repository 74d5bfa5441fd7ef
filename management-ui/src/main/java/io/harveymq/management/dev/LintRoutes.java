package io.harveymq.management.dev;

import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.codec.FieldValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where messages may go by the bindings of a virtual host. In doubt, as with headers, a binding
 * takes a message. Used by one thread.
 */
final class LintRoutes {
  private static final String ALTERNATE = "alternate-exchange";

  private final Map<String, ExchangeInfo> exchanges;
  private final Map<String, List<BindingInfo>> bindingsOf = new HashMap<>();

  LintRoutes(Map<String, ExchangeInfo> exchanges, List<BindingInfo> bindings) {
    this.exchanges = exchanges;
    for (BindingInfo binding : bindings) {
      bindingsOf.computeIfAbsent(binding.source(), name -> new ArrayList<>()).add(binding);
    }
  }

  /** The exchange that takes what no binding does, or null. */
  static String alternate(ExchangeInfo exchange) {
    return TopologyLint.setting(
        exchange.definition().arguments(), ALTERNATE, exchange.policy(), ALTERNATE);
  }

  /** The type by which an exchange matches keys: that of a delayed one is an argument. */
  static ExchangeType matching(ExchangeInfo exchange) {
    ExchangeType type = exchange.definition().type();
    if (type == ExchangeType.DELAYED_MESSAGE
        && exchange.definition().arguments().get("x-delayed-type")
            instanceof FieldValue.LongString text) {
      for (ExchangeType one : ExchangeType.values()) {
        if (one.protocolName().equals(text.asString())) {
          return one;
        }
      }
    }
    return type;
  }

  /** Whether messages come by this binding with its own key and no other. */
  boolean isOneKey(BindingInfo binding) {
    ExchangeInfo source = exchanges.get(binding.source());
    if (source == null) {
      return false;
    }
    ExchangeType type = matching(source);
    return type == ExchangeType.DIRECT
        || type == ExchangeType.TOPIC && !hasWildcardWord(binding.routingKey());
  }

  /**
   * Whether a message would come to a queue.
   *
   * @param key null for some key that there is a binding for
   */
  boolean reachQueue(String exchange, String key) {
    return reachQueue(exchange, key, new HashSet<>());
  }

  private boolean reachQueue(String exchange, String key, Set<String> visited) {
    ExchangeInfo source = exchanges.get(exchange);
    if (source == null || !visited.add(exchange)) {
      return false;
    }
    boolean matched = false;
    for (BindingInfo binding : bindingsOf.getOrDefault(exchange, List.of())) {
      if (key == null || takes(matching(source), binding.routingKey(), key)) {
        matched = true;
        if (binding.toQueue() || reachQueue(binding.destination(), key, visited)) {
          return true;
        }
      }
    }
    String alternate = alternate(source);
    return (key == null || !matched) && alternate != null && reachQueue(alternate, key, visited);
  }

  private static boolean takes(ExchangeType type, String bindingKey, String key) {
    return switch (type) {
      case DIRECT -> bindingKey.equals(key);
      case TOPIC -> matches(bindingKey.split("\\.", -1), key.split("\\.", -1));
      default -> true;
    };
  }

  /** Word by word of the pattern, with all numbers of words of the key that it may have taken. */
  private static boolean matches(String[] pattern, String[] words) {
    boolean[] taken = new boolean[words.length + 1];
    taken[0] = true;
    for (String word : pattern) {
      boolean[] next = new boolean[words.length + 1];
      boolean many = "#".equals(word);
      next[0] = many && taken[0];
      for (int i = 0; i < words.length; i++) {
        next[i + 1] =
            many
                ? taken[i + 1] || next[i]
                : taken[i] && ("*".equals(word) || word.equals(words[i]));
      }
      taken = next;
    }
    return taken[words.length];
  }

  static boolean hasWildcardWord(String key) {
    for (String word : key.split("\\.")) {
      if (isWildcard(word)) {
        return true;
      }
    }
    return false;
  }

  static boolean hasWildcardWithinWord(String key) {
    for (String word : key.split("\\.")) {
      if (!isWildcard(word) && (word.contains("*") || word.contains("#"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWildcard(String word) {
    return "*".equals(word) || "#".equals(word);
  }
}
