package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueArguments;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a channel does with the methods of class queue. Stateless; called on the home loop. */
final class QueueMethods {
  private static final Logger LOG = LoggerFactory.getLogger(QueueMethods.class);
  private static final String RESERVED_PREFIX = "amq.";

  private QueueMethods() {}

  static void handle(AmqpChannel channel, QueueMethod method) {
    Taps.acting(channel);
    switch (method.methodId()) {
      case QueueMethod.Declare.ID -> declare(channel, (QueueMethod.Declare) method);
      case QueueMethod.Bind.ID -> bind(channel, (QueueMethod.Bind) method);
      case QueueMethod.Unbind.ID -> unbind(channel, (QueueMethod.Unbind) method);
      case QueueMethod.Purge.ID -> purge(channel, (QueueMethod.Purge) method);
      case QueueMethod.Delete.ID -> delete(channel, (QueueMethod.Delete) method);
      default -> throw AmqpChannel.unimplemented();
    }
  }

  /**
   * The queue that a client names to read from it, where an empty name is the one that this channel
   * declared last.
   *
   * @throws ChannelException 403 when the user may not, 404 when it doesn't exist, 405 when it is
   *     exclusive to another connection
   */
  static AmqpQueue usable(AmqpChannel channel, String name) {
    String expanded = expand(channel, name);
    channel.access().checkQueue(AccessRight.READ, expanded);
    AmqpQueue queue = channel.vhost().queue(expanded);
    checkAccess(channel, queue);
    return queue;
  }

  private static String expand(AmqpChannel channel, String name) {
    if (!name.isEmpty()) {
      return name;
    }
    if (channel.lastQueueName().isEmpty()) {
      throw new ChannelException(ReplyCode.NOT_FOUND, "no previously declared queue");
    }
    return channel.lastQueueName();
  }

  static void checkAccess(AmqpChannel channel, AmqpQueue queue) {
    if (queue.owner() != null && queue.owner() != channel.connection()) {
      throw locked(channel.vhost(), queue);
    }
  }

  private static ChannelException locked(VirtualHost vhost, AmqpQueue queue) {
    return new ChannelException(
        ReplyCode.RESOURCE_LOCKED,
        "cannot obtain exclusive access to locked "
            + ResourceName.queue(vhost.name(), queue.name())
            + ". It could be originally declared on another connection or the exclusive property value does not match"
            + " that of the original declaration.");
  }

  // ---- declare

  private static void declare(AmqpChannel channel, QueueMethod.Declare method) {
    String name = ResourceName.stripped(method.queue());
    if (DirectReplyTo.isMeant(name)) {
      DirectReplyTo.declare(channel, method, name);
      return;
    }
    AmqpQueue queue;
    if (method.passive()) {
      channel.access().checkPassiveQueue(name);
      queue = channel.vhost().queue(name);
      checkAccess(channel, queue);
    } else {
      queue = declared(channel, method, name);
    }
    if (channel.waitsFor(queue, method)) {
      return;
    }
    queue.used();
    channel.lastQueueName(queue.name());
    if (!method.nowait()) {
      channel.replyWhenStored(
          queue.log() != 0 && !method.passive(),
          () ->
              channel.send(
                  new QueueMethod.DeclareOk(
                      queue.name(), queue.readyCount(), QueueTypeRules.shownConsumers(queue))));
    }
  }

  private static AmqpQueue declared(AmqpChannel channel, QueueMethod.Declare method, String name) {
    VirtualHost vhost = channel.vhost();
    if (name.startsWith(RESERVED_PREFIX)) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, "queue name '" + name + "' contains reserved prefix 'amq.*'");
    }
    String actual = name.isEmpty() ? vhost.names().next("amq.gen") : name;
    channel.access().checkQueue(AccessRight.CONFIGURE, actual);
    FieldTable received = VhostRules.withDefaultType(channel, method);
    AmqpQueue existing = vhost.queueOrNull(actual);
    if (existing != null) {
      assertEquivalent(channel, existing, method, received);
      return existing;
    }
    channel.connection().settings().compatibility().checkLifetime(method);
    VhostRules.checkNewQueue(channel, actual, received);
    QueueArguments arguments =
        QueueArguments.parse(actual, vhost.name(), received, vhost.compatibility());
    QueueTypeRules.checkDeclare(
        method,
        ResourceName.queue(vhost.name(), actual),
        arguments,
        channel.connection().settings().compatibility());
    AmqpQueue.Definition definition =
        new AmqpQueue.Definition(
            actual,
            method.durable() && !method.exclusive(),
            method.autoDelete(),
            method.exclusive(),
            arguments);
    Object owner = method.exclusive() ? channel.connection() : null;
    AmqpQueue queue = AmqpQueue.create(definition, owner, vhost);
    vhost.addQueue(queue);
    if (method.exclusive()) {
      channel.connection().owns(queue);
    }
    return queue;
  }

  private static void assertEquivalent(
      AmqpChannel channel, AmqpQueue existing, QueueMethod.Declare received, FieldTable arguments) {
    VirtualHost vhost = channel.vhost();
    Object owner = received.exclusive() ? channel.connection() : null;
    if (existing.owner() != owner) {
      throw locked(vhost, existing);
    }
    AmqpQueue.Definition current = existing.definition();
    boolean durable = received.durable() && !received.exclusive();
    assertEqual(vhost, existing, "durable", durable, current.durable());
    assertEqual(vhost, existing, "auto_delete", received.autoDelete(), current.autoDelete());
    current.arguments().assertEquivalent(existing.name(), vhost.name(), arguments);
  }

  private static void assertEqual(
      VirtualHost vhost, AmqpQueue queue, String field, boolean received, boolean current) {
    if (received != current) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "inequivalent arg '"
              + field
              + "' for "
              + ResourceName.queue(vhost.name(), queue.name())
              + ": received '"
              + received
              + "' but current is '"
              + current
              + "'");
    }
  }

  // ---- bind and unbind

  private static void bind(AmqpChannel channel, QueueMethod.Bind method) {
    String queue = expand(channel, method.queue());
    String key = expandKey(channel, method.queue(), method.routingKey());
    Bindings.bindQueue(channel, method.exchange(), queue, key, method.arguments());
    if (!method.nowait()) {
      channel.replyWhenStored(true, () -> channel.send(new QueueMethod.BindOk()));
    }
  }

  private static void unbind(AmqpChannel channel, QueueMethod.Unbind method) {
    String queue = expand(channel, method.queue());
    String key = expandKey(channel, method.queue(), method.routingKey());
    FieldTable arguments = method.arguments();
    Bindings.unbindQueue(channel, method.exchange(), queue, key, arguments);
    channel.replyWhenStored(true, () -> channel.send(new QueueMethod.UnbindOk()));
  }

  /** With neither queue nor key named, the key is the name of the queue declared last. */
  private static String expandKey(AmqpChannel channel, String queue, String key) {
    return queue.isEmpty() && key.isEmpty() ? expand(channel, key) : key;
  }

  // ---- purge and delete

  private static void purge(AmqpChannel channel, QueueMethod.Purge method) {
    MessageQueue queue =
        QueueTypeRules.purgeable(usable(channel, method.queue()), channel.vhost().name());
    if (channel.waitsFor(queue, method)) {
      return;
    }
    int count = queue.purge();
    if (!method.nowait()) {
      channel.send(new QueueMethod.PurgeOk(count));
    }
  }

  private static void delete(AmqpChannel channel, QueueMethod.Delete method) {
    String name = ResourceName.stripped(expand(channel, method.queue()));
    channel.access().checkQueue(AccessRight.CONFIGURE, name);
    AmqpQueue queue = channel.vhost().queueOrNull(name);
    int count = 0;
    boolean stored = queue != null && queue.log() != 0;
    if (queue != null) {
      checkAccess(channel, queue);
      if (channel.waitsFor(queue, method)) {
        return;
      }
      QueueTypeRules.checkDelete(method, queue, channel.vhost().name());
      checkUnused(channel.vhost(), queue, method);
      count = channel.vhost().deleteQueue(queue);
    }
    if (!method.nowait()) {
      int dropped = count;
      channel.replyWhenStored(stored, () -> channel.send(new QueueMethod.DeleteOk(dropped)));
    }
  }

  private static void checkUnused(VirtualHost vhost, AmqpQueue queue, QueueMethod.Delete method) {
    String resource = ResourceName.queue(vhost.name(), queue.name());
    if (queue.type() == QueueType.STREAM) {
      return; // RabbitMQ deletes it all the same
    }
    if (method.ifEmpty() && queue.readyCount() > 0) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, resource + " not empty");
    }
    if (method.ifUnused() && queue.consumerCount() > 0) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, resource + " in use");
    }
  }
}
