package io.harveymq.broker.queue;

import java.util.Locale;

/** The kinds of queue that x-queue-type names. Immutable; any thread. */
public enum QueueType {
  CLASSIC,
  QUORUM,
  STREAM;

  private static final QueueType[] ALL = values();

  private final String protocolName = name().toLowerCase(Locale.ROOT);

  /** The name in x-queue-type, such as {@code classic}. */
  public String protocolName() {
    return protocolName;
  }

  /** The name in reply texts, such as {@code rabbit_classic_queue}. */
  public String moduleName() {
    return "rabbit_" + protocolName + "_queue";
  }

  /** The type with that protocol name (case counts), or null when there is none. */
  public static QueueType of(String name) {
    for (QueueType type : ALL) {
      if (type.protocolName.equals(name)) {
        return type;
      }
    }
    return null;
  }
}
