package io.harveymq.broker.exchange;

import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import java.util.ArrayList;
import java.util.List;

/** Short forms for the tests of exchanges. */
final class Exchanges {
  private Exchanges() {}

  static Exchange exchange(ExchangeType type) {
    return Exchange.create("/", definition(type, FieldTable.EMPTY));
  }

  static ExchangeDefinition definition(ExchangeType type, FieldTable arguments) {
    return new ExchangeDefinition("x", type, false, false, false, arguments);
  }

  static boolean bind(Exchange exchange, Destination to, String key) {
    return exchange.bind(new Binding(exchange, to, key, FieldTable.EMPTY));
  }

  static boolean bind(Exchange exchange, Destination to, String key, FieldTable arguments) {
    return exchange.bind(new Binding(exchange, to, key, arguments));
  }

  static boolean unbind(Exchange exchange, Destination to, String key) {
    return exchange.unbind(new Binding(exchange, to, key, FieldTable.EMPTY));
  }

  static List<Destination> match(Exchange exchange, String key) {
    return match(exchange, key, null);
  }

  static List<Destination> match(Exchange exchange, String key, FieldTable headers) {
    List<Destination> found = new ArrayList<>();
    exchange.match(key, BasicProperties.builder().headers(headers).build(), found::add);
    return found;
  }
}
