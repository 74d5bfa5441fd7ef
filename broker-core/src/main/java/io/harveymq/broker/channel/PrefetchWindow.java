package io.harveymq.broker.channel;

import io.harveymq.broker.queue.Consumer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How many deliveries of a channel may be outstanding: the window of all its consumers together,
 * and the one that each new consumer gets. Owned by the home loop.
 */
final class PrefetchWindow {
  private final AmqpChannel channel;
  private Set<Consumer> parked;
  private int ofChannel;
  private int ofConsumers;

  PrefetchWindow(AmqpChannel channel) {
    this.channel = channel;
  }

  /** Whether a consumer of the channel can get a message now. */
  Consumer.Readiness readiness(boolean noAck) {
    if (!noAck && ofChannel > 0 && used() >= ofChannel) {
      return Consumer.Readiness.CHANNEL_FULL;
    }
    return channel.outbound().hasRoom(channel.number())
        ? Consumer.Readiness.READY
        : Consumer.Readiness.OUTPUT_FULL;
  }

  private int used() {
    Transaction transaction = channel.transaction();
    return channel.unackedCount() + (transaction == null ? 0 : transaction.settledCount());
  }

  /** A consumer can't take messages: sees to it that it is asked again when it might. */
  void park(Consumer consumer, Consumer.Readiness reason) {
    if (reason == Consumer.Readiness.CHANNEL_FULL) {
      if (parked == null) {
        parked = new LinkedHashSet<>(2);
      }
      parked.add(consumer);
    } else if (reason == Consumer.Readiness.OUTPUT_FULL) {
      channel.connection().waitForOutput(consumer);
    }
  }

  /** The consumer is gone. */
  void forget(Consumer consumer) {
    if (parked != null) {
      parked.remove(consumer);
    }
  }

  /** Lets the consumers that waited for the channel's window try again. */
  void opened() {
    if (parked != null && (ofChannel == 0 || used() < ofChannel)) {
      Set<Consumer> waiting = parked;
      parked = null;
      waiting.forEach(Consumer::unpark);
    }
  }

  /** The window that a new consumer gets; 0 for no limit. */
  int ofConsumers() {
    return ofConsumers;
  }

  /** Sets the window for consumers to come; the channel's own one ends, as in RabbitMQ. */
  void ofConsumers(int count) {
    ofConsumers = count;
    ofChannel(0);
  }

  /** The window of all consumers together; 0 for none. */
  int ofChannel() {
    return ofChannel;
  }

  /** Sets the window of all consumers together; 0 for none. */
  void ofChannel(int count) {
    ofChannel = count;
    opened();
  }
}
