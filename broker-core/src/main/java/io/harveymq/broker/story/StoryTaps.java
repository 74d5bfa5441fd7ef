package io.harveymq.broker.story;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.DeathReason;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;

/**
 * Where queues and channels tell what happened to a message. A message that has no story, which is
 * every one while nobody records, costs a look at one of its fields. Stateless; home loop.
 */
public final class StoryTaps {
  private StoryTaps() {}

  /** The recording that has the story of a message; null for none. */
  private static Stories of(Message message, VirtualHost vhost) {
    return message.story() == 0 ? null : vhost.stories();
  }

  /** Something happened outside of queues. */
  public static void happened(
      VirtualHost vhost, Message message, StoryEvent event, StoryStep.Target target) {
    Stories stories = of(message, vhost);
    if (stories != null) {
      stories.happened(message, event, null, target);
    }
  }

  /** Something happened on the way into a queue or out of it. */
  public static void happened(AmqpQueue queue, Message message, StoryEvent event) {
    Stories stories = of(message, queue.vhost());
    if (stories != null) {
      stories.happened(message, event, queue.name(), null);
    }
  }

  /**
   * A dead letter goes on from a queue.
   *
   * @param letter addressed to the dead letter exchange
   */
  public static void goesOn(AmqpQueue queue, Message letter, Route route) {
    Stories stories = of(letter, queue.vhost());
    if (stories != null) {
      StoryStep.Target target =
          new StoryStep.Target(letter.exchange(), letter.routingKey(), route.queues().length);
      stories.happened(letter, StoryEvent.DEAD_LETTERED, queue.name(), target);
    }
  }

  /**
   * A queue took it.
   *
   * @param level of its lane
   * @param place its place there; -1 unless it is only in the store from now on
   * @param ahead messages before it; the offset in a stream
   */
  public static void entered(AmqpQueue queue, Message message, int level, long place, long ahead) {
    Stories stories = of(message, queue.vhost());
    if (stories != null) {
      stories.entered(message, queue, level, place, ahead);
    }
  }

  /**
   * A message of a queue was read back from the store.
   *
   * @param stays whether it will be read again, because it is in a stream
   */
  public static void readBack(
      AmqpQueue queue, Message message, int level, long place, boolean stays) {
    Stories stories = queue.vhost().stories();
    if (stories != null) {
      stories.readBack(message, queue, level, place, stays);
    }
  }

  /** It left a queue that it waited in. */
  public static void left(AmqpQueue queue, Message message, StoryEvent event) {
    left(queue, message, event, null);
  }

  /** A queue drops it; of a refusal it is told before. */
  public static void died(AmqpQueue queue, Message message, DeathReason reason) {
    switch (reason) {
      case EXPIRED -> left(queue, message, StoryEvent.EXPIRED);
      case MAXLEN -> left(queue, message, StoryEvent.MAXLEN);
      case DELIVERY_LIMIT -> left(queue, message, StoryEvent.DELIVERY_LIMIT);
      case REJECTED -> {}
    }
  }

  /** It left a queue that it waited in, for an exchange. */
  public static void left(
      AmqpQueue queue, Message message, StoryEvent event, StoryStep.Target target) {
    Stories stories = of(message, queue.vhost());
    if (stories != null) {
      stories.left(message, event, queue.name(), target);
    }
  }

  /** A delivery was settled: the message left the queue, or came back to it. */
  public static void settled(QueueEntry entry, StoryEvent event) {
    Message message = entry.message();
    if (message == null || message.story() == 0) {
      return;
    }
    AmqpQueue queue = entry.queue();
    Stories stories = queue.vhost().stories();
    if (stories == null) {
      return;
    }
    boolean forGood = event == StoryEvent.ACKED || event == StoryEvent.REJECTED;
    if (forGood) {
      stories.left(message, event, queue.name(), null);
    } else {
      stories.cameBack(message, event, queue.name());
      if (queue.isDeleted()) {
        stories.left(message, StoryEvent.QUEUE_DELETED, queue.name(), null);
      }
    }
  }

  /** A message was fetched on behalf of a user of the management. */
  public static void fetched(QueueEntry entry, String user, boolean noAck) {
    AmqpQueue queue = entry.queue();
    Stories stories = of(entry.message(), queue.vhost());
    if (stories != null) {
      Firehose.Tap by = Firehose.Tap.ofHttp(user);
      StoryStep.Reader reader = new StoryStep.Reader(by, null, noAck, entry.redelivered());
      stories.given(entry.message(), queue.name(), reader, false);
    }
  }

  /** All messages that waited in a queue are gone. */
  public static void emptied(AmqpQueue queue) {
    Stories stories = queue.vhost().stories();
    if (stories != null) {
      stories.emptied(queue);
    }
  }
}
