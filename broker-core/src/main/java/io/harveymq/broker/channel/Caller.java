package io.harveymq.broker.channel;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.Method;
import io.harveymq.codec.ReplyCode;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whoever gives commands on queues and exchanges: a client's channel, or the broker's own
 * management on behalf of a user. Owned by the home loop of the virtual host.
 */
interface Caller {
  VirtualHost vhost();

  /** What the user may do. */
  AccessChecks access();

  Settings settings();

  /** The version of RabbitMQ to behave like. */
  default Compatibility compatibility() {
    return settings().compatibility();
  }

  /** Whether declarations are only checked, and nothing is made. */
  default boolean onlyChecks() {
    return false;
  }

  /** What may go at most with what is purged or deleted here. */
  default LossBound mostLost() {
    return LossBound.NONE;
  }

  /**
   * Checks what would go, which is asked only if there is a bound.
   *
   * @throws ChannelException 406 when that is more than {@link #mostLost}
   */
  default void checkLoss(Supplier<String> resource, Supplier<Map<LossBound.Kind, Long>> lost) {
    String refusal = mostLost().refusal(resource, lost);
    if (refusal != null) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, refusal);
    }
  }

  /** Whom exclusive queues belong to that are declared here; null if that can't be. */
  Object owner();

  /** Who it is, where what is deleted here is told of. */
  default DeletedObjects.Actor actor() {
    return owner() instanceof Connection client
        ? DeletedObjects.Actor.of(client)
        : new DeletedObjects.Actor(access().user(), null, null);
  }

  /** How what is deleted here goes. */
  default DeletedObjects.Cause deletes() {
    return DeletedObjects.Cause.CLIENT;
  }

  /** An exclusive queue was declared that goes when its owner does. */
  void owns(AmqpQueue queue);

  /** Sends the answer to a command. */
  void send(Method answer);

  /**
   * Runs the method again once a queue is whole again.
   *
   * @return false when there is nothing to wait for
   */
  boolean waitsFor(AmqpQueue queue, Method method);

  /** Sends a reply, if it concerns what is stored as soon as all changes of that are safe. */
  void replyWhenStored(boolean isStored, Runnable reply);

  /** Names of queues that are not given with a command. */
  QueueNames queueNames();
}
