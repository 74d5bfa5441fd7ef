package io.harveymq.broker.exchange;

import java.util.Locale;

/** The exchange types of AMQP 0-9-1. Immutable; any thread. */
public enum ExchangeType {
  DIRECT,
  FANOUT,
  TOPIC,
  HEADERS;

  private static final ExchangeType[] ALL = values();

  private final String protocolName = name().toLowerCase(Locale.ROOT);

  /** The name in exchange.declare, such as {@code direct}. */
  public String protocolName() {
    return protocolName;
  }

  /** The type with that protocol name (case counts), or null when there is none. */
  public static ExchangeType of(String name) {
    for (ExchangeType type : ALL) {
      if (type.protocolName.equals(name)) {
        return type;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return protocolName;
  }
}
