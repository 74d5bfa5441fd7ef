package io.harveymq.persistence;

import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.store.Definition;
import io.harveymq.codec.FieldTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The binary form of a definition: a version, its kind, and its parts. Strings have two bytes of
 * length, tables the form that they have on the wire. Stateless; any thread.
 */
final class DefinitionCodec {
  private static final int VERSION = 1;
  private static final int EXCHANGE = 1;
  private static final int QUEUE = 2;
  private static final int BINDING = 3;
  private static final int POLICY = 8;
  private static final int USER = 4;
  private static final int VHOST = 5;
  private static final int PERMISSION = 6;
  private static final int TOPIC_PERMISSION = 7;
  private static final int PARAMETER = 9;

  private DefinitionCodec() {}

  static byte[] encode(Definition definition) {
    ByteBuf out = Unpooled.buffer();
    out.writeByte(VERSION);
    if (definition instanceof Definition.Exchange exchange) {
      out.writeByte(EXCHANGE);
      writeExchange(out, exchange);
    } else if (definition instanceof Definition.Queue queue) {
      out.writeByte(QUEUE);
      string(out, queue.vhost());
      string(out, queue.name());
      out.writeBoolean(queue.autoDelete());
      out.writeLong(queue.log());
      queue.arguments().write(out);
    } else if (definition instanceof Definition.Binding binding) {
      out.writeByte(BINDING);
      string(out, binding.vhost());
      string(out, binding.source());
      out.writeBoolean(binding.toQueue());
      string(out, binding.destination());
      string(out, binding.routingKey());
      binding.arguments().write(out);
    } else if (definition instanceof Definition.Policy policy) {
      out.writeByte(POLICY);
      writePolicy(out, policy);
    } else {
      encodeAccess(out, definition);
    }
    return Arrays.copyOf(out.array(), out.readableBytes());
  }

  private static void writePolicy(ByteBuf out, Definition.Policy stored) {
    Policy policy = stored.policy();
    string(out, stored.vhost());
    out.writeBoolean(stored.operator());
    string(out, policy.name());
    string(out, policy.pattern());
    string(out, policy.applyTo().protocolName());
    out.writeLong(policy.priority());
    policy.definition().write(out);
  }

  private static Definition readPolicy(ByteBuf in) {
    String vhost = string(in);
    boolean operator = in.readBoolean();
    String name = string(in);
    String pattern = string(in);
    ApplyTo applyTo = ApplyTo.of(string(in));
    long priority = in.readLong();
    FieldTable definition = FieldTable.read(in);
    return new Definition.Policy(
        vhost,
        operator,
        operator
            ? Policy.operator(name, pattern, applyTo, priority, definition)
            : Policy.of(name, pattern, applyTo, priority, definition));
  }

  private static void encodeAccess(ByteBuf out, Definition definition) {
    if (definition instanceof Definition.User user) {
      out.writeByte(USER);
      AccessCodec.write(out, user.user());
    } else if (definition instanceof Definition.VirtualHost vhost) {
      out.writeByte(VHOST);
      AccessCodec.write(out, vhost.definition());
    } else if (definition instanceof Definition.Permission permission) {
      out.writeByte(PERMISSION);
      AccessCodec.write(out, permission.permission());
    } else if (definition instanceof Definition.TopicPermission permission) {
      out.writeByte(TOPIC_PERMISSION);
      AccessCodec.write(out, permission.permission());
    } else if (definition instanceof Definition.Parameter parameter) {
      out.writeByte(PARAMETER);
      string(out, parameter.parameter().component());
      string(out, parameter.vhost());
      string(out, parameter.parameter().name());
      parameter.valueTable().write(out);
    }
  }

  private static Definition readParameter(ByteBuf in) {
    return new Definition.Parameter(
        new Parameter(string(in), string(in), string(in), FieldTable.read(in).get("")));
  }

  private static void writeExchange(ByteBuf out, Definition.Exchange exchange) {
    ExchangeDefinition definition = exchange.definition();
    string(out, exchange.vhost());
    string(out, definition.name());
    string(out, definition.type().protocolName());
    out.writeBoolean(definition.durable());
    out.writeBoolean(definition.autoDelete());
    out.writeBoolean(definition.internal());
    definition.arguments().write(out);
    if (definition.type() == ExchangeType.DELAYED_MESSAGE) {
      out.writeLong(exchange.log());
    }
    string(out, exchange.declaredBy() == null ? "" : exchange.declaredBy());
  }

  /**
   * The definition again.
   *
   * @throws RuntimeException when it can't be read; the text says why
   */
  static Definition decode(byte[] bytes) {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IllegalStateException("a definition of version " + version);
    }
    int kind = in.readUnsignedByte();
    Definition definition =
        switch (kind) {
          case EXCHANGE -> readExchange(in);
          case QUEUE -> readQueue(in);
          case BINDING -> readBinding(in);
          case POLICY -> readPolicy(in);
          case USER -> new Definition.User(AccessCodec.readUser(in));
          case VHOST -> new Definition.VirtualHost(AccessCodec.readVhost(in));
          case PERMISSION -> new Definition.Permission(AccessCodec.readPermission(in));
          case TOPIC_PERMISSION ->
              new Definition.TopicPermission(AccessCodec.readTopicPermission(in));
          case PARAMETER -> readParameter(in);
          default -> throw new IllegalStateException("a definition of kind " + kind);
        };
    if (in.isReadable()) {
      throw new IllegalStateException("a definition with something behind it");
    }
    return definition;
  }

  /** Up to format 2 of the store nothing tells who declared it. */
  private static Definition readExchange(ByteBuf in) {
    String vhost = string(in);
    String name = string(in);
    String typeName = string(in);
    ExchangeType type = ExchangeType.of(typeName);
    if (type == null) {
      throw new IllegalStateException("an exchange of type " + typeName);
    }
    ExchangeDefinition definition =
        new ExchangeDefinition(
            name, type, in.readBoolean(), in.readBoolean(), in.readBoolean(), FieldTable.read(in));
    long log = type == ExchangeType.DELAYED_MESSAGE ? in.readLong() : 0;
    String declaredBy = in.isReadable() ? string(in) : "";
    return new Definition.Exchange(
        vhost, definition, log, declaredBy.isEmpty() ? null : declaredBy);
  }

  private static Definition readQueue(ByteBuf in) {
    String vhost = string(in);
    String name = string(in);
    boolean autoDelete = in.readBoolean();
    long log = in.readLong();
    return new Definition.Queue(vhost, name, autoDelete, FieldTable.read(in), log);
  }

  private static Definition readBinding(ByteBuf in) {
    return new Definition.Binding(
        string(in), string(in), in.readBoolean(), string(in), string(in), FieldTable.read(in));
  }

  static void string(ByteBuf out, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xFFFF) {
      throw new IllegalArgumentException("a name of " + bytes.length + " bytes");
    }
    out.writeShort(bytes.length).writeBytes(bytes);
  }

  static String string(ByteBuf in) {
    int length = in.readUnsignedShort();
    return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
  }
}
