package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Steps in between a queue and its consumers on behalf of a user: holds deliveries back, takes
 * deliveries away, cancels consumers. The user needs the right to configure the queue. Owned by the
 * home loop.
 */
public final class DirectConsumers {
  private final VirtualHost vhost;
  private final AccessChecks access;

  /** What became of the wish to cancel a consumer. */
  public enum Cancelled {
    /** The client was told by basic.cancel. */
    TOLD,
    /** It is cancelled; the client did not say that it understands basic.cancel. */
    NOT_TOLD,
    /** There is no such consumer. */
    NONE
  }

  /**
   * @param access what the user may do in the virtual host
   */
  public DirectConsumers(VirtualHost vhost, AccessChecks access) {
    this.vhost = vhost;
    this.access = access;
  }

  /**
   * Holds deliveries to consumers back, or lets them go on. A queue comes out of a restart without
   * it.
   *
   * @return null
   * @throws ChannelException 403 or 404, 405 for an exclusive queue, 406 for a stream
   */
  public Void pause(String name, boolean on) {
    messageQueue(name, "pause").pause(on);
    return null;
  }

  /**
   * Takes deliveries that are not acknowledged away from their clients and puts them back into the
   * queue; what the clients say about them later has no effect.
   *
   * @param ids those of {@link BrowsedMessage}
   * @param channels all that are open
   * @return how many of them there were
   * @throws ChannelException 403 or 404, 405 for an exclusive queue, 406 for a stream
   */
  public int takeBack(String name, Set<String> ids, Collection<AmqpChannel> channels) {
    MessageQueue queue = messageQueue(name, "requeue");
    int count = 0;
    for (AmqpChannel channel : channels) {
      if (channel.vhost() == vhost) {
        count += takeBack(queue, ids, channel);
      }
    }
    return count;
  }

  private static int takeBack(MessageQueue queue, Set<String> ids, AmqpChannel channel) {
    List<QueueEntry> held = new ArrayList<>();
    channel.outstanding(queue, held);
    held.removeIf(entry -> !ids.contains(BrowsedMessage.id(entry, channel)));
    int fromWindow = 0;
    for (QueueEntry entry : held) {
      fromWindow += entry.consumer() == null ? 0 : 1;
      channel.unacked().take(entry.deliveryTag());
      channel.ackTimeout().lateTags().add(entry.deliveryTag());
      Settlement.settle(entry, Settlement.Outcome.TIME_OUT, channel);
    }
    channel.unackedTaken(held.size());
    channel.window().settled(fromWindow);
    return held.size();
  }

  /**
   * Cancels a consumer; what it holds stays with it.
   *
   * @param channel the name that its channel is listed with
   * @throws ChannelException 403 or 404, 405 for an exclusive queue
   */
  public Cancelled cancel(String name, String channel, String tag) {
    for (Consumer consumer : queue(name).consumers()) {
      AmqpChannel of = consumer.channel();
      if (consumer.tag().equals(tag)
          && channel.equals(ChannelInfo.name(of.connection().name(), of.number()))) {
        of.consumers().end(consumer);
        if (!of.connection().understandsConsumerCancel()) {
          return Cancelled.NOT_TOLD;
        }
        of.send(new BasicMethod.Cancel(tag, true));
        return Cancelled.TOLD;
      }
    }
    return Cancelled.NONE;
  }

  private AmqpQueue queue(String name) {
    access.checkQueue(AccessRight.CONFIGURE, name);
    AmqpQueue queue = vhost.queue(name);
    if (queue.owner() != null) {
      throw QueueMethods.locked(vhost, queue);
    }
    return queue;
  }

  private MessageQueue messageQueue(String name, String act) {
    if (queue(name) instanceof MessageQueue messages) {
      return messages;
    }
    throw new ChannelException(
        ReplyCode.PRECONDITION_FAILED, "a stream has no " + act + ": its consumers read by offset");
  }
}
