package io.harveymq.broker.exchange;

import io.harveymq.codec.BasicProperties;
import java.util.HashMap;
import java.util.Map;

/** Matches when binding key and routing key are equal. Owned by the vhost's home loop. */
final class DirectExchange extends Exchange {
  private Map<String, BindingSlot> byKey;

  DirectExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    BindingSlot slot = byKey == null ? null : byKey.get(routingKey);
    if (slot != null) {
      slot.addTo(into);
    }
  }

  @Override
  void added(Binding binding) {
    if (byKey == null) {
      byKey = new HashMap<>(4);
    }
    BindingSlot slot = byKey.get(binding.routingKey());
    if (slot == null) {
      byKey.put(binding.routingKey(), new BindingSlot(binding));
    } else {
      slot.add(binding);
    }
  }

  @Override
  void removed(Binding binding) {
    if (byKey.get(binding.routingKey()).removeAndIsEmpty(binding)) {
      byKey.remove(binding.routingKey());
    }
    if (byKey.isEmpty()) {
      byKey = null;
    }
  }
}
