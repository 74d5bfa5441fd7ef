package io.harveymq.broker.channel;

import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueArguments;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;

/** What RabbitMQ refuses for a queue because of its type. Stateless; any thread. */
final class QueueTypeRules {
  private QueueTypeRules() {}

  /**
   * Checks that a queue of this type may be made.
   *
   * @param resource as {@link ResourceName#queue} gives it
   * @throws ChannelException 406 for a property that the type does not allow
   */
  static void checkDeclare(QueueMethod.Declare method, String resource, QueueArguments arguments) {
    QueueType type = arguments.queueType();
    if (type == QueueType.CLASSIC) {
      return;
    }
    if (type == QueueType.STREAM) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED,
          resource + " of type 'stream': this version of Harvey has no streams");
    }
    if (method.queue().isEmpty()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "Cannot declare a server-named queue for type " + type.moduleName());
    }
    refuse(method.autoDelete(), "auto-delete", resource);
    refuse(method.exclusive(), "exclusive-owner", resource);
    refuse(!method.durable(), "non-durable", resource);
  }

  private static void refuse(boolean given, String property, String resource) {
    if (given) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "invalid property '" + property + "' for " + resource);
    }
  }

  /**
   * Checks the conditions of queue.delete.
   *
   * @throws ConnectionException 540 for one that the type does not know
   */
  static void checkDelete(QueueMethod.Delete method, MessageQueue queue, String vhost) {
    if (isQuorum(queue) && (method.ifUnused() || method.ifEmpty())) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED,
          "cannot delete "
              + ResourceName.queue(vhost, queue.name())
              + ". queue.delete operations with "
              + (method.ifUnused() ? "if-unused" : "if-empty")
              + " flag set are not supported by quorum queues");
    }
  }

  /**
   * Checks that basic.get may be used.
   *
   * @throws ChannelException 405 when it may not
   */
  static void checkGet(MessageQueue queue, String vhost) {
    if (isQuorum(queue) && queue.definition().arguments().singleActiveConsumer()) {
      throw new ChannelException(
          ReplyCode.RESOURCE_LOCKED,
          "cannot obtain access to locked "
              + ResourceName.queue(vhost, queue.name())
              + ". basic.get operations are not supported by quorum queues with single active"
              + " consumer");
    }
  }

  /**
   * Checks that a channel may consume.
   *
   * @param channelIsLimited whether the channel has a window of its own
   * @throws ConnectionException 540 when the window is the channel's, not each consumer's
   */
  static void checkConsume(MessageQueue queue, String vhost, boolean channelIsLimited) {
    if (isQuorum(queue) && channelIsLimited) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED,
          ResourceName.queue(vhost, queue.name()) + " does not support global qos");
    }
  }

  private static boolean isQuorum(MessageQueue queue) {
    return queue.definition().arguments().queueType() == QueueType.QUORUM;
  }
}
