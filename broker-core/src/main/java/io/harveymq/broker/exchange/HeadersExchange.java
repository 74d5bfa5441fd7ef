package io.harveymq.broker.exchange;

import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Matches a message's headers against the arguments of each binding in turn. Owned by the vhost's
 * home loop.
 */
final class HeadersExchange extends Exchange {
  private Map<Binding, HeadersPattern> patterns;

  HeadersExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
  }

  @Override
  public boolean dependsOnKeyOnly() {
    return false;
  }

  @Override
  public boolean looksAtKeys() {
    return false;
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    if (patterns == null) {
      return;
    }
    FieldTable headers = properties.headers();
    FieldTable present = headers == null ? FieldTable.EMPTY : headers;
    for (Map.Entry<Binding, HeadersPattern> entry : patterns.entrySet()) {
      if (entry.getValue().matches(present)) {
        into.add(entry.getKey().destination());
      }
    }
  }

  @Override
  void validate(Binding binding) {
    HeadersPattern.validate(binding.arguments());
  }

  @Override
  void added(Binding binding) {
    if (patterns == null) {
      patterns = new LinkedHashMap<>();
    }
    patterns.put(binding, new HeadersPattern(binding.arguments()));
  }

  @Override
  void removed(Binding binding) {
    patterns.remove(binding);
    if (patterns.isEmpty()) {
      patterns = null;
    }
  }
}
