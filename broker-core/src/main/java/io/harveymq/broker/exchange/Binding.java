package io.harveymq.broker.exchange;

import io.harveymq.codec.FieldTable;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The path from an exchange to a destination. Two bindings are the same when source and destination
 * are the same objects and routing key and arguments are equal, value types included; the order of
 * the arguments does not count, as in RabbitMQ. Immutable; owned by the vhost's home loop like its
 * two ends.
 *
 * @param arguments never null; kept sorted by name
 */
public record Binding(
    Exchange source, Destination destination, String routingKey, FieldTable arguments) {
  public Binding {
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
    Objects.requireNonNull(routingKey);
    arguments = sorted(arguments);
  }

  private static FieldTable sorted(FieldTable table) {
    if (table.size() < 2) {
      return table;
    }
    List<FieldTable.Entry> entries = table.entries();
    entries.sort(Comparator.comparing(FieldTable.Entry::key));
    FieldTable.Builder builder = FieldTable.builder();
    entries.forEach(entry -> builder.append(entry.key(), entry.value()));
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Binding b
        && b.destination == destination
        && b.source == source
        && b.routingKey.equals(routingKey)
        && b.arguments.equals(arguments);
  }

  @Override
  public int hashCode() {
    int ends = System.identityHashCode(source) * 31 + System.identityHashCode(destination);
    return (ends * 31 + routingKey.hashCode()) * 31 + arguments.hashCode();
  }

  @Override
  public String toString() {
    return source.name() + " -[" + routingKey + "]-> " + destination.name();
  }
}
