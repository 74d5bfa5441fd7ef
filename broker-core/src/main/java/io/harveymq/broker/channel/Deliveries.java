package io.harveymq.broker.channel;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.stats.Counter;

/** How a channel hands messages to its client: numbers, counts and sends them. Home loop. */
public final class Deliveries {
  private final AmqpChannel channel;
  private long nextTag = 1;

  Deliveries(AmqpChannel channel) {
    this.channel = channel;
  }

  /** Sends a message that needs no acknowledgement; as in RabbitMQ, replies use up no tag. */
  public void deliver(Consumer consumer, Message message, boolean redelivered) {
    long tag = consumer.forReplies() ? nextTag : nextTag++;
    channel
        .outbound()
        .deliver(channel.number(), consumer.deliverPrefix(), tag, redelivered, message);
    count(consumer.queue(), Counter.DELIVER_NO_ACK, redelivered);
    Taps.delivered(channel, consumer, message, redelivered);
  }

  /** Sends a message that is outstanding from now on. */
  public void deliver(Consumer consumer, QueueEntry entry, Message message) {
    long tag = nextTag++;
    entry.delivered(consumer, tag);
    outstanding(entry);
    channel.window().delivered();
    channel
        .outbound()
        .deliver(channel.number(), consumer.deliverPrefix(), tag, entry.redelivered(), message);
    count(consumer.queue(), Counter.DELIVER, entry.redelivered());
    Taps.delivered(channel, consumer, message, entry.redelivered());
  }

  /**
   * The tag for a delivery by basic.get, noted as outstanding unless it needs no acknowledgement.
   */
  long tagForGet(QueueEntry entry, boolean noAck) {
    long tag = nextTag++;
    if (!noAck) {
      entry.delivered(null, tag);
      outstanding(entry);
    }
    count(entry.queue(), noAck ? Counter.GET_NO_ACK : Counter.GET, entry.redelivered());
    return tag;
  }

  private void outstanding(QueueEntry entry) {
    channel.unacked().add(entry);
    channel.ackTimeout().started(entry);
    channel.connection().throttle().countUnacked(1);
  }

  private void count(AmqpQueue queue, Counter counter, boolean redelivered) {
    channel.counters().add(counter);
    queue.counters().add(counter);
    if (redelivered) {
      channel.counters().add(Counter.REDELIVER);
      queue.counters().add(Counter.REDELIVER);
    }
  }
}
