package io.harveymq.broker.exchange;

import io.harveymq.codec.FieldTable;

/** Every binding matches, whatever its key. Owned by the vhost's home loop. */
final class FanoutExchange extends Exchange {
  FanoutExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
  }

  @Override
  public void match(String routingKey, FieldTable headers, Matches into) {
    for (Binding binding : bindingSet()) {
      into.add(binding.destination());
    }
  }

  @Override
  void added(Binding binding) {}

  @Override
  void removed(Binding binding) {}
}
