package io.harveymq.broker.channel;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.Route;

/**
 * Where channels show the firehose what passes them; a null check while it is off. Stateless;
 * called on the home loop.
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
      AmqpChannel channel, MessageQueue queue, Message message, boolean redelivered) {
    Firehose firehose = channel.vhost().firehose();
    if (firehose != null) {
      firehose.delivered(message, queue, redelivered, tap(channel));
    }
  }

  private static Firehose.Tap tap(AmqpChannel channel) {
    return new Firehose.Tap(
        channel.outbound().toString(), channel.number(), channel.connection().access().user());
  }
}
