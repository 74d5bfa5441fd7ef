package io.harveymq.broker.channel;

import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.story.StoryStep;
import io.harveymq.broker.vhost.Events;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.Onlookers;
import io.harveymq.broker.vhost.Route;
import io.harveymq.codec.BasicMethod;

/**
 * Where channels show onlookers what passes them, and tell the event exchange; a null check while
 * they are off. Stateless; called on the home loop.
 */
final class Taps {
  private Taps() {}

  static void published(
      AmqpChannel channel, Message message, byte[] properties, boolean mandatory, Route route) {
    Onlookers onlookers = channel.vhost().onlookers();
    if (onlookers != null) {
      onlookers.published(message, properties, mandatory, route, tap(channel));
    }
  }

  static void delivered(
      AmqpChannel channel, Consumer consumer, Message message, boolean redelivered) {
    Onlookers onlookers = channel.vhost().onlookers();
    if (onlookers != null) {
      StoryStep.Reader reader =
          new StoryStep.Reader(tap(channel), consumer.tag(), consumer.noAck(), redelivered);
      onlookers.delivered(message, consumer.queue(), reader);
    }
  }

  static void got(AmqpChannel channel, QueueEntry entry, Message message, boolean noAck) {
    Onlookers onlookers = channel.vhost().onlookers();
    if (onlookers != null) {
      StoryStep.Reader reader =
          new StoryStep.Reader(tap(channel), null, noAck, entry.redelivered());
      onlookers.delivered(message, entry.queue(), reader);
    }
  }

  /** What the topology goes through next is the doing of the channel's user. */
  static void acting(Caller caller) {
    Events events = caller.vhost().events();
    if (events != null) {
      events.actor(caller.access().user());
    }
  }

  /** A consumer was added. */
  static void consuming(AmqpChannel channel, Consumer consumer, BasicMethod.Consume method) {
    Events events = channel.vhost().events();
    if (events != null) {
      int prefetch = channel.consumerPrefetch();
      events.created(consumer, method.arguments(), prefetch, method.exclusive());
    }
  }

  private static Firehose.Tap tap(AmqpChannel channel) {
    return new Firehose.Tap(
        channel.outbound().toString(),
        channel.number(),
        channel.connection().access().user(),
        channel.connection().view().clientName());
  }
}
