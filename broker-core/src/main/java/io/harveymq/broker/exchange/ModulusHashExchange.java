package io.harveymq.broker.exchange;

import io.harveymq.codec.BasicProperties;
import java.util.Arrays;
import java.util.Comparator;

/**
 * RabbitMQ's x-modulus-hash: the hash of the routing key, modulo the number of bindings, picks one
 * of them. Their order is that of keys and names, so that the same bindings give the same choice
 * whenever they were made. Owned by the vhost's home loop.
 */
final class ModulusHashExchange extends Exchange {
  private static final Comparator<Binding> ORDER =
      Comparator.comparing(Binding::routingKey)
          .thenComparing(binding -> binding.destination().isQueue())
          .thenComparing(binding -> binding.destination().name());

  private Binding[] ordered;

  ModulusHashExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
  }

  @Override
  public boolean looksAtKeys() {
    return false;
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    if (ordered == null) {
      ordered = bindingSet().toArray(new Binding[0]);
      Arrays.sort(ordered, ORDER);
    }
    if (ordered.length > 0) {
      int chosen = (int) Long.remainderUnsigned(StableHash.of(routingKey), ordered.length);
      into.add(ordered[chosen].destination());
    }
  }

  @Override
  void added(Binding binding) {
    ordered = null;
  }

  @Override
  void removed(Binding binding) {
    ordered = null;
  }
}
