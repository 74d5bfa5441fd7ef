package io.harveymq.broker.channel;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.argument.Equivalence;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueArguments;
import io.harveymq.broker.queue.QueueLoss;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a channel does with the methods of class queue. Stateless; called on the home loop. */
final class QueueMethods {
  private static final Logger LOG = LoggerFactory.getLogger(QueueMethods.class);
  private static final String RESERVED_PREFIX = "amq.";

  private QueueMethods() {}

  static void handle(Caller caller, QueueMethod method) {
    Taps.acting(caller);
    switch (method.methodId()) {
      case QueueMethod.Declare.ID -> declare(caller, (QueueMethod.Declare) method);
      case QueueMethod.Bind.ID -> bind(caller, (QueueMethod.Bind) method);
      case QueueMethod.Unbind.ID -> unbind(caller, (QueueMethod.Unbind) method);
      case QueueMethod.Purge.ID -> purge(caller, (QueueMethod.Purge) method);
      case QueueMethod.Delete.ID -> delete(caller, (QueueMethod.Delete) method);
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
  static AmqpQueue usable(Caller caller, String name) {
    String expanded = expand(caller, name);
    caller.access().checkQueue(AccessRight.READ, expanded);
    AmqpQueue queue = caller.vhost().queue(expanded);
    checkAccess(caller, queue);
    return queue;
  }

  private static String expand(Caller caller, String name) {
    if (!name.isEmpty()) {
      return name;
    }
    if (caller.queueNames().last().isEmpty()) {
      throw new ChannelException(ReplyCode.NOT_FOUND, "no previously declared queue");
    }
    return caller.queueNames().last();
  }

  static void checkAccess(Caller caller, AmqpQueue queue) {
    if (queue.owner() != null && queue.owner() != caller.owner()) {
      throw locked(caller.vhost(), queue);
    }
  }

  static ChannelException locked(VirtualHost vhost, AmqpQueue queue) {
    return new ChannelException(
        ReplyCode.RESOURCE_LOCKED,
        "cannot obtain exclusive access to locked "
            + ResourceName.queue(vhost.name(), queue.name())
            + ". It could be originally declared on another connection or the exclusive property value does not match"
            + " that of the original declaration.");
  }

  // ---- declare

  private static void declare(Caller caller, QueueMethod.Declare method) {
    String name = ResourceName.stripped(method.queue());
    if (DirectReplyTo.isMeant(name)) {
      DirectReplyTo.declare(caller, method, name);
      return;
    }
    AmqpQueue queue;
    if (method.passive()) {
      caller.access().checkPassiveQueue(name);
      queue = caller.vhost().queue(name);
      checkAccess(caller, queue);
    } else {
      queue = declared(caller, method, name);
    }
    if (queue == null || caller.onlyChecks()) {
      caller.send(new QueueMethod.DeclareOk(name, 0, 0));
      return;
    }
    if (caller.waitsFor(queue, method)) {
      return;
    }
    queue.used();
    caller.queueNames().last(queue.name());
    if (!method.passive()) {
      caller.vhost().ended().add(Counter.QUEUE_DECLARED);
    }
    if (!method.nowait()) {
      caller.replyWhenStored(
          queue.log() != 0 && !method.passive(),
          () ->
              caller.send(
                  new QueueMethod.DeclareOk(
                      queue.name(), queue.readyCount(), QueueTypeRules.shownConsumers(queue))));
    }
  }

  /** The queue, or null when it could be made and is not to be. */
  private static AmqpQueue declared(Caller caller, QueueMethod.Declare method, String name) {
    VirtualHost vhost = caller.vhost();
    if (name.startsWith(RESERVED_PREFIX)) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, "queue name '" + name + "' contains reserved prefix 'amq.*'");
    }
    String actual = name.isEmpty() ? caller.queueNames().generated(vhost) : name;
    caller.access().checkQueue(AccessRight.CONFIGURE, actual);
    FieldTable received = VhostRules.withDefaultType(caller, method);
    AmqpQueue existing = vhost.queueOrNull(actual);
    if (existing != null) {
      assertEquivalent(caller, existing, method, received);
      return existing;
    }
    caller.compatibility().checkLifetime(method);
    VhostRules.checkNewQueue(caller, actual, received);
    QueueArguments arguments =
        QueueArguments.parse(actual, vhost.name(), received, vhost.compatibility());
    QueueTypeRules.checkDeclare(
        method, ResourceName.queue(vhost.name(), actual), arguments, caller.compatibility());
    AmqpQueue.Definition definition =
        new AmqpQueue.Definition(
            actual,
            method.durable() && !method.exclusive(),
            method.autoDelete(),
            method.exclusive(),
            arguments);
    if (caller.onlyChecks()) {
      return null;
    }
    Object owner = method.exclusive() ? caller.owner() : null;
    AmqpQueue queue = AmqpQueue.create(definition, owner, vhost);
    vhost.addQueue(queue);
    if (method.exclusive()) {
      caller.owns(queue);
    }
    return queue;
  }

  private static void assertEquivalent(
      Caller caller, AmqpQueue existing, QueueMethod.Declare received, FieldTable arguments) {
    VirtualHost vhost = caller.vhost();
    Object owner = received.exclusive() ? caller.owner() : null;
    if (existing.owner() != owner) {
      throw locked(vhost, existing);
    }
    AmqpQueue.Definition current = existing.definition();
    boolean durable = received.durable() && !received.exclusive();
    Equivalence equivalence =
        new Equivalence(ResourceName.queue(vhost.name(), existing.name()))
            .field("durable", current.durable(), durable)
            .field("auto_delete", current.autoDelete(), received.autoDelete());
    current.arguments().compare(arguments, equivalence);
    equivalence.check();
  }

  // ---- bind and unbind

  private static void bind(Caller caller, QueueMethod.Bind method) {
    String queue = expand(caller, method.queue());
    String key = expandKey(caller, method.queue(), method.routingKey());
    Bindings.bindQueue(caller, method.exchange(), queue, key, method.arguments());
    if (!method.nowait()) {
      caller.replyWhenStored(true, () -> caller.send(new QueueMethod.BindOk()));
    }
  }

  private static void unbind(Caller caller, QueueMethod.Unbind method) {
    String queue = expand(caller, method.queue());
    String key = expandKey(caller, method.queue(), method.routingKey());
    FieldTable arguments = method.arguments();
    Bindings.unbindQueue(caller, method.exchange(), queue, key, arguments);
    caller.replyWhenStored(true, () -> caller.send(new QueueMethod.UnbindOk()));
  }

  /** With neither queue nor key named, the key is the name of the queue declared last. */
  private static String expandKey(Caller caller, String queue, String key) {
    return queue.isEmpty() && key.isEmpty() ? expand(caller, key) : key;
  }

  // ---- purge and delete

  private static void purge(Caller caller, QueueMethod.Purge method) {
    MessageQueue queue =
        QueueTypeRules.purgeable(usable(caller, method.queue()), caller.vhost().name());
    if (caller.waitsFor(queue, method)) {
      return;
    }
    caller.checkLoss(
        () -> ResourceName.queue(caller.vhost().name(), queue.name()),
        () -> Map.of(LossBound.Kind.MESSAGES, QueueLoss.waiting(queue)));
    int count = queue.purge();
    if (!method.nowait()) {
      caller.send(new QueueMethod.PurgeOk(count));
    }
  }

  private static void delete(Caller caller, QueueMethod.Delete method) {
    String name = ResourceName.stripped(expand(caller, method.queue()));
    caller.access().checkQueue(AccessRight.CONFIGURE, name);
    AmqpQueue queue = caller.vhost().queueOrNull(name);
    int count = 0;
    boolean stored = queue != null && queue.log() != 0;
    if (queue != null) {
      checkAccess(caller, queue);
      if (caller.waitsFor(queue, method)) {
        return;
      }
      QueueTypeRules.checkDelete(method, queue, caller.vhost().name());
      checkUnused(caller.vhost(), queue, method);
      caller.checkLoss(
          () -> ResourceName.queue(caller.vhost().name(), name), () -> QueueLoss.of(queue));
      caller.vhost().deleted().queue(name, caller.deletes(), caller.actor());
      count = caller.vhost().deleteQueue(queue);
    }
    if (!method.nowait()) {
      int dropped = count;
      caller.replyWhenStored(stored, () -> caller.send(new QueueMethod.DeleteOk(dropped)));
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
