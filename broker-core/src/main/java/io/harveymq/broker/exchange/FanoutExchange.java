package io.harveymq.broker.exchange;

import io.harveymq.codec.BasicProperties;

/** Every binding matches, whatever its key. Owned by the vhost's home loop. */
final class FanoutExchange extends Exchange {
  FanoutExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
  }

  @Override
  public boolean looksAtKeys() {
    return false;
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    for (Binding binding : bindingSet()) {
      into.add(binding.destination());
    }
  }

  @Override
  void added(Binding binding) {}

  @Override
  void removed(Binding binding) {}
}
