package io.harveymq.broker.channel;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.Events;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.Route;
import io.harveymq.codec.BasicMethod;

/**
 * Where channels show the firehose what passes them, and tell the event exchange; a null check
 * while they are off. Stateless; called on the home loop.
 */
final class Taps {
  private Taps() {}

  static void published(AmqpChannel channel, Message message, byte[] properties, Route route) {
    Firehose firehose = channel.vhost().firehose();
    if (firehose != null) {
      firehose.published(message, properties, route, tap(channel));
    }
  }

  static void delivered(
      AmqpChannel channel, AmqpQueue queue, Message message, boolean redelivered) {
    Firehose firehose = channel.vhost().firehose();
    if (firehose != null) {
      firehose.delivered(message, queue, redelivered, tap(channel));
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
        channel.outbound().toString(), channel.number(), channel.connection().access().user());
  }
}
