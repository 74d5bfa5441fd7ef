package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.argument.Refusal;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * RabbitMQ's x-consistent-hash: each message goes to one destination, chosen by the hash of its
 * routing key, a header or a property; binding keys are weights. Of several bindings to one
 * destination the oldest counts.
 *
 * <p>The choice is by weighted rendezvous: the destination with the highest score for this message
 * gets it. So it depends on nothing but names and weights, not on the order of binding, and a
 * destination that comes or goes moves only messages of its own. Which one that is differs from
 * RabbitMQ's ring. Owned by the vhost's home loop.
 */
final class ConsistentHashExchange extends Exchange {
  private static final String HASH_HEADER = "hash-header";
  private static final String HASH_PROPERTY = "hash-property";

  /** All messages without what is hashed go the same way. */
  private static final String ABSENT = "";

  private static final double UNIT = 0x1.0p-53;

  private record Target(Destination destination, long hash, double weight) {}

  private final String header;
  private final String property;
  private Target[] targets;

  ConsistentHashExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
    header = name(definition.arguments(), HASH_HEADER);
    property = name(definition.arguments(), HASH_PROPERTY);
    if (header != null && property != null) {
      throw Refusal.preconditionFailed("hash-header and hash-property are mutually exclusive");
    }
    if (property != null) {
      switch (property) {
        case "correlation_id", "message_id", "timestamp" -> {}
        default -> throw Refusal.preconditionFailed("Unsupported property: " + property);
      }
    }
  }

  private static String name(FieldTable arguments, String argument) {
    FieldValue value = arguments.get(argument);
    if (value == null) {
      return null;
    }
    String name = ErlangTerm.stringOrNull(value);
    if (name == null) {
      throw Refusal.preconditionFailed(
          "invalid type '" + value.typeName() + "' for arg '" + argument + "'");
    }
    return name;
  }

  @Override
  public boolean dependsOnKeyOnly() {
    return header == null && property == null;
  }

  @Override
  public boolean looksAtKeys() {
    return false;
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    if (targets == null) {
      targets = targets();
    }
    long hash = StableHash.of(hashed(routingKey, properties));
    Destination chosen = null;
    double highest = Double.NEGATIVE_INFINITY;
    for (Target target : targets) {
      long mixed = StableHash.mixed(target.hash, hash);
      double score = Math.log(((mixed >>> 11) + 0.5) * UNIT) / target.weight;
      if (score > highest) {
        highest = score;
        chosen = target.destination;
      }
    }
    if (chosen != null) {
      into.add(chosen);
    }
  }

  private String hashed(String routingKey, BasicProperties properties) {
    if (header != null) {
      FieldTable headers = properties.headers();
      FieldValue value = headers == null ? null : headers.get(header);
      return value == null ? ABSENT : value.typeName() + " " + ErlangTerm.text(value);
    }
    if (property == null) {
      return routingKey;
    }
    Object value =
        switch (property) {
          case "correlation_id" -> properties.correlationId();
          case "message_id" -> properties.messageId();
          default -> properties.timestamp();
        };
    return value == null ? ABSENT : value.toString();
  }

  private Target[] targets() {
    Map<Destination, Target> byDestination = new LinkedHashMap<>();
    for (Binding binding : bindingSet()) {
      Destination destination = binding.destination();
      String name = (destination.isQueue() ? "q" : "x") + destination.name();
      double weight = new BigInteger(binding.routingKey()).doubleValue();
      byDestination.putIfAbsent(destination, new Target(destination, StableHash.of(name), weight));
    }
    return byDestination.values().toArray(new Target[0]);
  }

  @Override
  void validate(Binding binding) {
    BigInteger weight;
    try {
      weight = new BigInteger(binding.routingKey());
    } catch (NumberFormatException notANumber) {
      throw Refusal.preconditionFailed(
          "The binding key must be an integer: "
              + ErlangTerm.print(FieldValue.of(binding.routingKey())));
    }
    if (weight.signum() <= 0) {
      throw Refusal.preconditionFailed("The binding key must be greater than 0");
    }
  }

  @Override
  void added(Binding binding) {
    targets = null;
  }

  @Override
  void removed(Binding binding) {
    targets = null;
  }
}
