package io.harveymq.persistence;

import static io.harveymq.persistence.DefinitionCodec.string;

import io.harveymq.broker.auth.HashingAlgorithm;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The parts of users, virtual hosts and permissions in binary form. Stateless; any thread. */
final class AccessCodec {
  private AccessCodec() {}

  static void write(ByteBuf out, User user) {
    string(out, user.name());
    string(out, user.password().algorithm().protocolName());
    byte[] hash = user.password().bytes();
    out.writeShort(hash.length).writeBytes(hash);
    strings(out, user.tags());
    out.writeInt(user.limits().maxConnections());
    out.writeInt(user.limits().maxChannels());
  }

  static User readUser(ByteBuf in) {
    String name = string(in);
    String algorithmName = string(in);
    HashingAlgorithm algorithm = HashingAlgorithm.of(algorithmName);
    if (algorithm == null) {
      throw new IllegalStateException("a password hashed with " + algorithmName);
    }
    byte[] hash = new byte[in.readUnsignedShort()];
    in.readBytes(hash);
    PasswordHash password = PasswordHash.imported(algorithm, hash);
    return new User(name, password, strings(in), new UserLimits(in.readInt(), in.readInt()));
  }

  static void write(ByteBuf out, VirtualHostDefinition vhost) {
    string(out, vhost.name());
    string(out, vhost.description());
    strings(out, vhost.tags());
    string(out, vhost.defaultQueueType() == null ? "" : vhost.defaultQueueType());
    out.writeBoolean(vhost.protectedFromDeletion());
    out.writeInt(vhost.limits().maxConnections());
    out.writeInt(vhost.limits().maxQueues());
    out.writeBoolean(vhost.limits().stated());
  }

  /** Up to format 2 of the store nothing tells whether limits were set to nothing. */
  static VirtualHostDefinition readVhost(ByteBuf in) {
    String name = string(in);
    String description = string(in);
    List<String> tags = strings(in);
    String type = string(in);
    return new VirtualHostDefinition(
        name,
        description,
        tags,
        type.isEmpty() ? null : type,
        in.readBoolean(),
        new VhostLimits(in.readInt(), in.readInt(), in.isReadable() && in.readBoolean()));
  }

  static void write(ByteBuf out, Permission permission) {
    string(out, permission.user());
    string(out, permission.vhost());
    string(out, permission.configure());
    string(out, permission.write());
    string(out, permission.read());
  }

  static Permission readPermission(ByteBuf in) {
    return new Permission(string(in), string(in), string(in), string(in), string(in));
  }

  static void write(ByteBuf out, TopicPermission permission) {
    string(out, permission.user());
    string(out, permission.vhost());
    string(out, permission.exchange());
    string(out, permission.write());
    string(out, permission.read());
  }

  static TopicPermission readTopicPermission(ByteBuf in) {
    return new TopicPermission(string(in), string(in), string(in), string(in), string(in));
  }

  private static void strings(ByteBuf out, List<String> values) {
    out.writeShort(values.size());
    values.forEach(value -> string(out, value));
  }

  private static List<String> strings(ByteBuf in) {
    int count = in.readUnsignedShort();
    List<String> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(string(in));
    }
    return values;
  }
}
