package io.harveymq.broker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How much may go at most with what is deleted, as somebody was told before. Kinds that are not
 * named have no bound. Immutable.
 *
 * @param most how many of a kind may go
 */
public record LossBound(Map<Kind, Long> most) {
  /** Anything may go. */
  public static final LossBound NONE = new LossBound(Map.of());

  /** What can be lost, in the order in which it is told. */
  public enum Kind {
    QUEUES,
    MESSAGES,
    CONSUMERS,
    BINDINGS,
    CONNECTIONS;

    /** Its name in texts, such as messages. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private String count(long number) {
      return number + " " + (number == 1 ? word().substring(0, word().length() - 1) : word());
    }
  }

  public LossBound {
    most = Map.copyOf(most);
  }

  /** A bound for one kind only. */
  public static LossBound of(Kind kind, long most) {
    return new LossBound(Map.of(kind, most));
  }

  /**
   * Compares it with what would go now, which is asked only if there is a bound.
   *
   * @param from what would lose it, such as {@code queue 'q' in vhost '/'}
   * @param lost how many of each kind would go
   * @return null when they may; else the reason: {@code queue 'q' in vhost '/' would lose 5
   *     messages, more than 3}
   */
  public String refusal(Supplier<String> from, Supplier<Map<Kind, Long>> lost) {
    if (most.isEmpty()) {
      return null;
    }
    List<String> more = new ArrayList<>();
    new EnumMap<>(lost.get())
        .forEach(
            (kind, number) -> {
              long may = most.getOrDefault(kind, Long.MAX_VALUE);
              if (number > may) {
                more.add(kind.count(number) + ", more than " + may);
              }
            });
    return more.isEmpty() ? null : from.get() + " would lose " + String.join(", and ", more);
  }
}
