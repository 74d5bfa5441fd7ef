package io.harveymq.broker.store;

import static io.harveymq.broker.argument.ErlangTerm.stringOrNull;

import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.queue.StreamQueue;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.List;

/** Something durable that a restart brings back. Immutable; any thread. */
public sealed interface Definition {
  /** Four names of at most 255 bytes, lengths and flags. */
  int NAMES_AND_FLAGS = 1_200;

  /** What identifies it: of two definitions with equal keys, the later one holds. */
  Object key();

  /** The name of the virtual host that it belongs to; empty for what belongs to none. */
  String vhost();

  /** Bytes that it takes to store it, at most. */
  int size();

  /** The number of its log in the {@link MessageStore}; 0 when it has none. */
  default long log() {
    return 0;
  }

  /** How many logs it has, if it has any; their numbers follow each other. */
  default int logs() {
    return 1;
  }

  /** How many numbers from that of its log on are its own, used or not. */
  default long logNumbers() {
    return logs();
  }

  /**
   * A durable exchange that was declared by a client.
   *
   * @param log of the messages that it keeps; 0 when it keeps none
   * @param declaredBy the user who declared it; null when that is not known
   */
  record Exchange(String vhost, ExchangeDefinition definition, long log, String declaredBy)
      implements Definition {
    /** An exchange that keeps no messages, of nobody in particular. */
    public Exchange(String vhost, ExchangeDefinition definition) {
      this(vhost, definition, 0, null);
    }

    @Override
    public Object key() {
      return new Key("exchange", vhost, definition.name());
    }

    @Override
    public int size() {
      return sizeWith(definition.arguments()) + (declaredBy == null ? 0 : sizeOf(declaredBy));
    }
  }

  /**
   * A durable queue.
   *
   * @param log the number of its log in the {@link MessageStore}, the first if it has priorities
   * @param arguments as declared
   */
  record Queue(String vhost, String name, boolean autoDelete, FieldTable arguments, long log)
      implements Definition {
    /** One for each priority. */
    @Override
    public int logs() {
      return arguments.get("x-max-priority") instanceof FieldValue.IntegerValue most
          ? (int) most.asLong() + 1
          : 1;
    }

    /** A stream has a log for each segment, behind one that stays empty. */
    @Override
    public long logNumbers() {
      return QueueType.STREAM.protocolName().equals(stringOrNull(arguments.get("x-queue-type")))
          ? StreamQueue.LOG_NUMBERS
          : logs();
    }

    @Override
    public Object key() {
      return new Key("queue", vhost, name);
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

  /** A policy, or an operator policy. */
  record Policy(String vhost, boolean operator, io.harveymq.broker.policy.Policy policy)
      implements Definition {
    @Override
    public Object key() {
      return new Key(operator ? "operator_policy" : "policy", vhost, policy.name());
    }

    @Override
    public int size() {
      return sizeWith(policy.definition()) + sizeOf(policy.pattern());
    }
  }

  /** A user, with password and limits. */
  record User(io.harveymq.broker.auth.User user) implements Definition {
    @Override
    public Object key() {
      return new Key("user", "", user.name());
    }

    @Override
    public String vhost() {
      return "";
    }

    @Override
    public int size() {
      return sizeWith(user.tags());
    }
  }

  /** A virtual host, with what is said about it and its limits. */
  record VirtualHost(VirtualHostDefinition definition) implements Definition {
    @Override
    public Object key() {
      return new Key("vhost", definition.name(), "");
    }

    @Override
    public String vhost() {
      return definition.name();
    }

    @Override
    public int size() {
      return sizeWith(definition.tags()) + sizeOf(definition.description());
    }
  }

  /** What a user may do in a virtual host. */
  record Permission(io.harveymq.broker.auth.Permission permission) implements Definition {
    @Override
    public Object key() {
      return new Key("permission", permission.vhost(), permission.user());
    }

    @Override
    public String vhost() {
      return permission.vhost();
    }

    @Override
    public int size() {
      return NAMES_AND_FLAGS
          + sizeOf(permission.configure())
          + sizeOf(permission.write())
          + sizeOf(permission.read());
    }
  }

  /** Which routing keys a user may use with a topic exchange. */
  record TopicPermission(io.harveymq.broker.auth.TopicPermission permission) implements Definition {
    @Override
    public Object key() {
      return new TopicKey(permission.user(), permission.vhost(), permission.exchange());
    }

    @Override
    public String vhost() {
      return permission.vhost();
    }

    @Override
    public int size() {
      return NAMES_AND_FLAGS + sizeOf(permission.write()) + sizeOf(permission.read());
    }
  }

  /** A runtime parameter, of a virtual host or of the broker. */
  record Parameter(io.harveymq.broker.auth.Parameter parameter) implements Definition {
    @Override
    public Object key() {
      return new Key("parameter " + parameter.component(), parameter.vhost(), parameter.name());
    }

    /** Empty for a global one, which belongs to none. */
    @Override
    public String vhost() {
      return parameter.vhost();
    }

    @Override
    public int size() {
      return sizeWith(valueTable());
    }

    /** The value in a table, under an empty name. */
    public FieldTable valueTable() {
      return FieldTable.builder().put("", parameter.value()).build();
    }
  }

  private static int sizeWith(FieldTable arguments) {
    return NAMES_AND_FLAGS + arguments.encodedSize();
  }

  private static int sizeWith(List<String> tags) {
    return NAMES_AND_FLAGS + tags.stream().mapToInt(Definition::sizeOf).sum();
  }

  private static int sizeOf(String text) {
    return 2 + 3 * text.length();
  }

  /** See {@link #key()}. */
  record Key(String kind, String vhost, String name) {}

  /** See {@link #key()}. */
  record TopicKey(String user, String vhost, String exchange) {}
}
