package io.harveymq.broker.channel;

import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;

/**
 * Closes a channel that keeps a delivery for too long without acknowledging it, RabbitMQ's consumer
 * timeout. There is one deadline a channel, for its oldest delivery; it is looked at when it falls
 * due, not with every acknowledgement. Owned by the home loop.
 */
final class AckTimeout {
  private final AmqpChannel channel;
  private final Unacked unacked;
  private final long timeoutMillis;
  private final boolean quorumOnly;
  private final Deadline deadline = new Deadline(this::check);

  /**
   * @param timeoutMillis 0 for none
   * @param quorumOnly whether deliveries of other queues may take as long as they like
   */
  AckTimeout(AmqpChannel channel, Unacked unacked, long timeoutMillis, boolean quorumOnly) {
    this.channel = channel;
    this.unacked = unacked;
    this.timeoutMillis = timeoutMillis;
    this.quorumOnly = quorumOnly;
  }

  /** A delivery is outstanding from now on. */
  void started(QueueEntry entry) {
    HomeLoop home = channel.home();
    entry.deliveredAt(home.now());
    if (timeoutMillis > 0 && !deadline.isSet()) {
      home.deadlines().set(deadline, home.now() + timeoutMillis + 1);
    }
  }

  private void check() {
    QueueEntry oldest = unacked.oldest(quorumOnly);
    if (oldest == null) {
      if (!unacked.isEmpty()) {
        setFrom(channel.home().now());
      }
      return;
    }
    if (oldest.deliveredAt() + timeoutMillis < channel.home().now()) {
      channel.fail(
          new ChannelException(
              ReplyCode.PRECONDITION_FAILED,
              "delivery acknowledgement on channel "
                  + channel.number()
                  + " timed out. Timeout value used: "
                  + timeoutMillis
                  + " ms. This timeout value can be configured, see consumers doc guide to learn"
                  + " more"));
    } else {
      setFrom(oldest.deliveredAt());
    }
  }

  private void setFrom(long time) {
    channel.home().deadlines().set(deadline, time + timeoutMillis + 1);
  }

  /** The channel ends. */
  void end() {
    channel.home().deadlines().clear(deadline);
  }
}
