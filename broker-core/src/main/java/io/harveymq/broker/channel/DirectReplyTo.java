package io.harveymq.broker.channel;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.ConsumerArguments;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.Route;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;

/**
 * Direct reply-to of one channel, RabbitMQ's way to get replies without declaring a queue: the
 * channel consumes from a pseudo queue, its requests carry an opaque name in place of the pseudo
 * queue's, and what is published to that name comes to this channel. Behind the name is a queue
 * that nobody sees and that goes with its consumer. Owned by the home loop.
 */
final class DirectReplyTo {
  private final AmqpChannel channel;
  private Consumer consumer;

  DirectReplyTo(AmqpChannel channel) {
    this.channel = channel;
  }

  /**
   * Starts consuming replies.
   *
   * @throws ChannelException 406 unless it is without acknowledgements and the first on this
   *     channel
   */
  void consume(BasicMethod.Consume method) {
    if (!method.noAck()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "reply consumer cannot acknowledge");
    }
    if (isConsuming()) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, "reply consumer already set");
    }
    channel.consumers().requireRoomForOne();
    AmqpQueue queue = channel.vhost().addReplyQueue();
    String tag =
        method.consumerTag().isEmpty()
            ? channel.vhost().names().next("amq.ctag")
            : method.consumerTag();
    consumer =
        new Consumer(
            channel,
            queue,
            new Consumer.Options(tag, true, false, ConsumerArguments.NONE, Long.MAX_VALUE),
            0);
    if (!method.nowait()) {
      channel.send(new BasicMethod.ConsumeOk(tag));
    }
    channel.consumers().add(consumer);
    queue.addConsumer(consumer);
  }

  private boolean isConsuming() {
    return consumer != null && !consumer.cancelled();
  }

  /**
   * The encoded properties of a request with the name that its reply is to be sent to.
   *
   * @return the same array when it asks for no direct reply
   * @throws ChannelException 406 when this channel does not consume replies
   */
  byte[] addressed(byte[] properties) {
    if (!BasicProperties.hasReplyTo(properties)) {
      return properties;
    }
    BasicProperties decoded = BasicProperties.trusted(properties);
    if (!decoded.replyTo().equals(ReplyQueues.PSEUDO_QUEUE)) {
      return properties;
    }
    if (!isConsuming()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "fast reply consumer does not exist");
    }
    return decoded.toBuilder().replyTo(consumer.queue().name()).build().encoded();
  }

  /** Whether a mandatory message that went this way comes back all the same. */
  boolean isReturned(Message message, Route route) {
    if (channel.connection().settings().compatibility().replyQueuesAreVolatile()) {
      return route.isEmpty() && !isForRequester(message);
    }
    if (route.isEmpty()) {
      return true;
    }
    for (AmqpQueue queue : route.queues()) {
      if (!ReplyQueues.isReplyKey(queue.name())) {
        return false;
      }
    }
    return route.queues().length > 0;
  }

  /** Whether the message is a reply, whose requester may be gone. */
  static boolean isForRequester(Message message) {
    return message.exchange().isEmpty() && ReplyQueues.isWellFormed(message.routingKey());
  }

  // ---- the pseudo queue in methods of class queue

  static boolean isMeant(String queue) {
    return queue.startsWith(ReplyQueues.PSEUDO_QUEUE);
  }

  /**
   * Answers a declaration of the pseudo queue, or of a requester's name, by which servers find out
   * whether the requester still waits.
   *
   * @throws ChannelException 404 when it does not
   */
  static void declare(Caller caller, QueueMethod.Declare method, String name) {
    if (!name.equals(ReplyQueues.PSEUDO_QUEUE)
        && caller.vhost().replyQueues().orNull(name) == null) {
      throw new ChannelException(
          ReplyCode.NOT_FOUND, "no " + ResourceName.queue(caller.vhost().name(), name));
    }
    caller.queueNames().last(name);
    if (!method.nowait()) {
      caller.send(new QueueMethod.DeclareOk(name, 0, 1));
    }
  }

  /**
   * Refuses to bind or unbind a reply queue.
   *
   * @throws ChannelException 403 as RabbitMQ from 4.2 on; before, it had no such queue
   */
  static void checkBinding(Caller caller, String queue) {
    if (ReplyQueues.isReplyKey(queue) && caller.compatibility().replyQueuesAreVolatile()) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, "cannot bind or unbind to a volatile (direct reply-to) queue");
    }
  }
}
