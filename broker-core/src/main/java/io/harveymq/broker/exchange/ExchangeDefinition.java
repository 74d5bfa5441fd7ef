package io.harveymq.broker.exchange;

import io.harveymq.codec.FieldTable;
import java.util.Objects;

/**
 * What exchange.declare says of an exchange. Immutable; any thread.
 *
 * @param name "" is the default exchange
 * @param internal whether only other exchanges may publish to it
 * @param arguments never null
 */
public record ExchangeDefinition(
    String name,
    ExchangeType type,
    boolean durable,
    boolean autoDelete,
    boolean internal,
    FieldTable arguments) {
  public ExchangeDefinition {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
    Objects.requireNonNull(arguments);
  }
}
