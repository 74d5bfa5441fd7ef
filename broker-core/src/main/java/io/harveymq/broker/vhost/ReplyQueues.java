package io.harveymq.broker.vhost;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueArguments;
import java.util.HashMap;
import java.util.Map;

/**
 * The queues behind direct reply-to, one for each channel that consumes replies. Only the default
 * exchange leads to them; they are in no list and can't be bound, consumed or deleted by name.
 * Owned by the home loop.
 */
public final class ReplyQueues {
  /** What clients call the queue that replies to them come from. */
  public static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";

  private static final String PREFIX = PSEUDO_QUEUE + ".";

  /** RabbitMQ's names have two parts, where and which; both are secrets here. */
  private static final int PART_LENGTH = 22;

  private static final int NAME_LENGTH = PREFIX.length() + 2 * PART_LENGTH + 1;

  private final Map<String, AmqpQueue> byName = new HashMap<>();

  /** Whether a routing key can mean nothing but a reply queue. */
  public static boolean isReplyKey(String key) {
    return key.startsWith(PREFIX);
  }

  /** Whether it looks like the name of a reply queue that exists or did once. */
  public static boolean isWellFormed(String name) {
    return name.length() == NAME_LENGTH
        && isReplyKey(name)
        && name.charAt(NAME_LENGTH - PART_LENGTH - 1) == '.';
  }

  /** A new one, with a name that nobody can guess: whoever knows it can send replies. */
  MessageQueue add(VirtualHost vhost) {
    String name = PREFIX + vhost.names().secret() + "." + vhost.names().secret();
    MessageQueue queue =
        new MessageQueue(
            new AmqpQueue.Definition(name, false, true, false, QueueArguments.NONE), null, vhost);
    byName.put(name, queue);
    return queue;
  }

  /** The queue with this name, or null when its consumer is gone. */
  public AmqpQueue orNull(String name) {
    return byName.get(name);
  }

  /** Returns whether it was there. */
  boolean remove(AmqpQueue queue) {
    return byName.remove(queue.name(), queue);
  }
}
