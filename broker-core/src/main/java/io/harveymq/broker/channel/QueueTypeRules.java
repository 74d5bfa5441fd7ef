package io.harveymq.broker.channel;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.StreamRules;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueArguments;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;

/** What RabbitMQ refuses for a queue because of its type. Stateless; home loop. */
final class QueueTypeRules {
  private static final long MOST_SEGMENT_BYTES = 3_000_000_000L;

  private QueueTypeRules() {}

  /**
   * Checks that a queue of this type may be made.
   *
   * @param resource as {@link ResourceName#queue} gives it
   * @throws ChannelException 406 for a property that the type does not allow
   */
  static void checkDeclare(
      QueueMethod.Declare method,
      String resource,
      QueueArguments arguments,
      Compatibility compatibility) {
    QueueType type = arguments.queueType();
    if (type == QueueType.CLASSIC) {
      return;
    }
    if (method.queue().isEmpty()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "Cannot declare a server-named queue for type " + type.moduleName());
    }
    refuse(method.autoDelete(), "auto-delete", resource);
    refuse(method.exclusive(), "exclusive-owner", resource);
    refuse(!method.durable(), "non-durable", resource);
    if (type == QueueType.STREAM) {
      checkSizes(arguments.table(), compatibility);
    }
  }

  private static void checkSizes(FieldTable arguments, Compatibility compatibility) {
    FieldValue segment = arguments.get("x-stream-max-segment-size-bytes");
    if (segment != null && segment.asLong() > MOST_SEGMENT_BYTES) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "Exceeded max value for x-stream-max-segment-size-bytes");
    }
    FieldValue filter = arguments.get("x-stream-filter-size-bytes");
    if (compatibility.streams().filters() && filter != null && !isFilterSize(filter)) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "Invalid value for  x-stream-filter-size-bytes");
    }
  }

  private static boolean isFilterSize(FieldValue value) {
    return value.isInteger() && value.asLong() >= 16 && value.asLong() <= 255;
  }

  private static void refuse(boolean given, String property, String resource) {
    if (given) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "invalid property '" + property + "' for " + resource);
    }
  }

  /** The consumers that queue.declare-ok tells of: RabbitMQ does not count those of streams. */
  static int shownConsumers(AmqpQueue queue) {
    return queue.type() == QueueType.STREAM ? 0 : queue.consumerCount();
  }

  /**
   * Checks the conditions of queue.delete.
   *
   * @throws ConnectionException 540 for one that the type does not know
   */
  static void checkDelete(QueueMethod.Delete method, AmqpQueue queue, String vhost) {
    if (queue.isQuorum() && (method.ifUnused() || method.ifEmpty())) {
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
   * A queue that basic.get may be used with.
   *
   * @throws ChannelException 405 when it may not
   * @throws ConnectionException 540 for a stream
   */
  static MessageQueue gettable(AmqpQueue queue, String vhost) {
    checkNoStream(queue, vhost, "basic.get");
    if (queue.isQuorum() && queue.definition().arguments().singleActiveConsumer()) {
      throw new ChannelException(
          ReplyCode.RESOURCE_LOCKED,
          "cannot obtain access to locked "
              + ResourceName.queue(vhost, queue.name())
              + ". basic.get operations are not supported by quorum queues with single active"
              + " consumer");
    }
    return (MessageQueue) queue;
  }

  /**
   * A queue that queue.purge may be used with.
   *
   * @throws ConnectionException 540 for a stream
   */
  static MessageQueue purgeable(AmqpQueue queue, String vhost) {
    checkNoStream(queue, vhost, "queue.purge");
    return (MessageQueue) queue;
  }

  private static void checkNoStream(AmqpQueue queue, String vhost, String method) {
    if (queue.type() == QueueType.STREAM) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED,
          method + " not supported by stream queues " + ResourceName.queue(vhost, queue.name()));
    }
  }

  /**
   * Checks that a channel may consume.
   *
   * @throws ChannelException 406 for a stream without a limit of deliveries
   * @throws ConnectionException 540 when the window is the channel's, not each consumer's, or a
   *     stream is to be read without acknowledgements
   */
  static void checkConsume(AmqpQueue queue, AmqpChannel channel, boolean noAck) {
    if (queue.type() == QueueType.CLASSIC) {
      return;
    }
    String vhost = channel.vhost().name();
    if (queue.type() == QueueType.STREAM) {
      StreamRules rules = channel.connection().settings().compatibility().streams();
      String resource = ResourceName.queue(vhost, queue.name());
      if (channel.consumerPrefetch() == 0) {
        throw new ChannelException(
            ReplyCode.PRECONDITION_FAILED, rules.prefetchMissing().formatted(resource));
      }
      if (noAck) {
        throw new ConnectionException(
            ReplyCode.NOT_IMPLEMENTED, rules.noAckRefused().formatted(resource));
      }
    }
    if (channel.window().isLimited()) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED,
          ResourceName.queue(vhost, queue.name()) + " does not support global qos");
    }
  }

  /**
   * Checks that deliveries may be refused.
   *
   * @param multiple whether the tag stands for all before it, too
   * @throws ConnectionException 540 for those of streams, up to 3.12
   */
  static void checkRefusal(AmqpChannel channel, long tag, boolean multiple) {
    if (!channel.connection().settings().compatibility().streams().refusesNegativeAcks()) {
      return;
    }
    AmqpQueue stream = channel.unacked().streamOf(tag, multiple);
    if (stream != null) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED,
          "basic.nack and basic.reject not supported by stream queues "
              + ResourceName.queue(channel.vhost().name(), stream.name()));
    }
  }
}
