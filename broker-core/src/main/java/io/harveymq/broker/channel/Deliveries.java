package io.harveymq.broker.channel;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.stats.FlowEnd;

/** How a channel hands messages to its client: numbers, counts and sends them. Home loop. */
public final class Deliveries {
  private final AmqpChannel channel;
  private final FlowEnd flows = new FlowEnd(this);
  private long nextTag = 1;
  private boolean fetched;

  Deliveries(AmqpChannel channel) {
    this.channel = channel;
  }

  /** Sends a message that needs no acknowledgement; as in RabbitMQ, replies use up no tag. */
  public void deliver(Consumer consumer, Message message, boolean redelivered) {
    long tag = consumer.forReplies() ? nextTag : nextTag++;
    channel
        .outbound()
        .deliver(channel.number(), consumer.deliverPrefix(), tag, redelivered, message);
    count(consumer.queue(), consumer.flow(), Counter.DELIVER_NO_ACK, redelivered);
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
    count(consumer.queue(), consumer.flow(), Counter.DELIVER, entry.redelivered());
    Taps.delivered(channel, consumer, message, entry.redelivered());
  }

  /**
   * The tag for a delivery by basic.get, noted as outstanding unless it needs no acknowledgement.
   */
  long tagForGet(QueueEntry entry, boolean noAck) {
    long tag = nextTag++;
    if (!noAck) {
      fetched = true;
      entry.delivered(null, tag);
      outstanding(entry);
    }
    AmqpQueue queue = entry.queue();
    count(queue, flowFrom(queue), noAck ? Counter.GET_NO_ACK : Counter.GET, entry.redelivered());
    return tag;
  }

  private void outstanding(QueueEntry entry) {
    channel.unacked().add(entry);
    channel.ackTimeout().started(entry);
    channel.connection().throttle().countUnacked(1);
  }

  private void count(AmqpQueue queue, Flow flow, Counter counter, boolean redelivered) {
    channel.counters().add(counter);
    queue.counters().add(counter);
    flow.add(counter);
    if (redelivered) {
      channel.counters().add(Counter.REDELIVER);
      queue.counters().add(Counter.REDELIVER);
      flow.add(Counter.REDELIVER);
    }
  }

  // ---- what went from where to where

  /** What the channel publishes to exchanges and gets from queues. */
  public FlowEnd flows() {
    return flows;
  }

  /** The channel whose deliveries they are. */
  public AmqpChannel channel() {
    return channel;
  }

  Flow flowTo(Exchange exchange) {
    return channel.vhost().flows().between(flows, exchange.flows(), Flow.Kind.PUBLISHED);
  }

  /** What the channel takes from a queue. */
  public Flow flowFrom(AmqpQueue queue) {
    return channel.vhost().flows().between(queue.flows(), flows, Flow.Kind.DELIVERED);
  }

  /** Counts the acknowledgements of what no consumer got; those of others count with them. */
  void settled(Unacked.Batch batch, Settlement.Outcome outcome) {
    if (!fetched) {
      return; // there may be a million
    }
    for (int i = 0; i < batch.slots(); i++) {
      if (batch.at(i) != null) {
        settled(batch.at(i), outcome);
      }
    }
  }

  /** The same of one delivery. */
  void settled(QueueEntry entry, Settlement.Outcome outcome) {
    if (outcome == Settlement.Outcome.DONE && entry.consumer() == null) {
      flowFrom(entry.queue()).add(Counter.ACK);
    }
  }
}
