package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.codec.FieldTable;
import java.util.List;

/** The exchanges that every virtual host has, as rabbit_vhost makes them. Any thread. */
final class Predeclared {
  private Predeclared() {}

  /** A new set for a virtual host, the default exchange first. */
  static List<Exchange> exchanges(String vhost) {
    return List.of(
        exchange(vhost, "", ExchangeType.DIRECT, false),
        exchange(vhost, "amq.direct", ExchangeType.DIRECT, false),
        exchange(vhost, "amq.fanout", ExchangeType.FANOUT, false),
        exchange(vhost, "amq.topic", ExchangeType.TOPIC, false),
        exchange(vhost, "amq.headers", ExchangeType.HEADERS, false),
        exchange(vhost, "amq.match", ExchangeType.HEADERS, false),
        exchange(vhost, Firehose.EXCHANGE, ExchangeType.TOPIC, true));
  }

  /** The one for events, where there is one. */
  static Exchange ofEvents(String vhost) {
    return exchange(vhost, EventExchange.NAME, ExchangeType.TOPIC, true);
  }

  /** The one for the lines of the log, where there is one. */
  static Exchange ofLog(String vhost) {
    return exchange(vhost, LogExchange.NAME, ExchangeType.TOPIC, true);
  }

  private static Exchange exchange(String vhost, String name, ExchangeType type, boolean internal) {
    return Exchange.create(
            vhost, new ExchangeDefinition(name, type, true, false, internal, FieldTable.EMPTY))
        .declaredBy("rmq-internal");
  }
}
