package io.harveymq.broker.store;

import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.codec.FieldTable;

/** Something durable that a restart brings back. Immutable; any thread. */
public sealed interface Definition {
  /** What identifies it: of two definitions with equal keys, the later one holds. */
  Object key();

  /** The name of the virtual host that it belongs to. */
  String vhost();

  /** A durable exchange that was declared by a client. */
  record Exchange(String vhost, ExchangeDefinition definition) implements Definition {
    @Override
    public Object key() {
      return new Key("exchange", vhost, definition.name());
    }
  }

  /**
   * A durable queue.
   *
   * @param log the number of its log in the {@link MessageStore}
   * @param arguments as declared
   */
  record Queue(String vhost, String name, boolean autoDelete, FieldTable arguments, long log)
      implements Definition {
    @Override
    public Object key() {
      return new Key("queue", vhost, name);
    }
  }

  /**
   * A binding between a durable exchange and something durable.
   *
   * @param toQueue whether the destination is a queue, not an exchange
   * @param arguments sorted by name
   */
  record Binding(
      String vhost,
      String source,
      boolean toQueue,
      String destination,
      String routingKey,
      FieldTable arguments)
      implements Definition {
    @Override
    public Object key() {
      return this;
    }
  }

  /** See {@link #key()}. */
  record Key(String kind, String vhost, String name) {}
}
