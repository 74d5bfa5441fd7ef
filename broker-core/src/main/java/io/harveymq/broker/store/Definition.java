package io.harveymq.broker.store;

import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;

/** Something durable that a restart brings back. Immutable; any thread. */
public sealed interface Definition {
  /** Four names of at most 255 bytes, lengths and flags. */
  int NAMES_AND_FLAGS = 1_200;

  /** What identifies it: of two definitions with equal keys, the later one holds. */
  Object key();

  /** The name of the virtual host that it belongs to. */
  String vhost();

  /** Bytes that it takes to store it, at most. */
  int size();

  /** A durable exchange that was declared by a client. */
  record Exchange(String vhost, ExchangeDefinition definition) implements Definition {
    @Override
    public Object key() {
      return new Key("exchange", vhost, definition.name());
    }

    @Override
    public int size() {
      return sizeWith(definition.arguments());
    }
  }

  /**
   * A durable queue.
   *
   * @param log the number of its log in the {@link MessageStore}, or of the first of {@link #logs}
   * @param arguments as declared
   */
  record Queue(String vhost, String name, boolean autoDelete, FieldTable arguments, long log)
      implements Definition {
    @Override
    public Object key() {
      return new Key("queue", vhost, name);
    }

    /** Logs that it has, with numbers in a row: one for each priority. */
    public int logs() {
      FieldValue highest = arguments.get("x-max-priority");
      return highest == null ? 1 : (int) highest.asLong() + 1;
    }

    @Override
    public int size() {
      return sizeWith(arguments);
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

    @Override
    public int size() {
      return sizeWith(arguments);
    }
  }

  private static int sizeWith(FieldTable arguments) {
    return NAMES_AND_FLAGS + arguments.encodedSize();
  }

  /** See {@link #key()}. */
  record Key(String kind, String vhost, String name) {}
}
