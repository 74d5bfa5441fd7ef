package io.harveymq.broker.exchange;

/**
 * The exchange types of AMQP 0-9-1 and those that RabbitMQ and its plugins add. Immutable; any
 * thread.
 */
public enum ExchangeType {
  DIRECT("direct"),
  FANOUT("fanout"),
  TOPIC("topic"),
  HEADERS("headers"),
  CONSISTENT_HASH("x-consistent-hash"),
  MODULUS_HASH("x-modulus-hash"),
  RANDOM("x-random"),
  LOCAL_RANDOM("x-local-random"),
  RECENT_HISTORY("x-recent-history");

  private static final ExchangeType[] ALL = values();

  private final String protocolName;

  ExchangeType(String protocolName) {
    this.protocolName = protocolName;
  }

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
