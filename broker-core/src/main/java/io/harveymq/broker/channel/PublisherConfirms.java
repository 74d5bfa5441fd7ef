package io.harveymq.broker.channel;

import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.vhost.HomeLoop;

/**
 * The publisher confirms of one channel: numbers the publishes from 1 and acknowledges them at the
 * end of the turn, those of a turn with one cumulative ack. Owned by the home loop.
 */
public final class PublisherConfirms {
  private final HomeLoop home;
  private final Outbound outbound;
  private final int channel;
  private long published;
  private long sent;
  private boolean scheduled;

  PublisherConfirms(HomeLoop home, Outbound outbound, int channel) {
    this.home = home;
    this.outbound = outbound;
    this.channel = channel;
  }

  /**
   * A message was taken over by every queue it was routed to, or by none; nothing of it needs to be
   * stored.
   */
  void publishedAndSafe() {
    published++;
    if (!scheduled) {
      scheduled = true;
      home.confirmLater(this);
    }
  }

  /** Sends what is due. Called at the end of the turn, and before the channel closes. */
  public void send() {
    scheduled = false;
    if (published > sent) {
      outbound.ack(channel, published, published - sent > 1);
      sent = published;
    }
  }

  /** Nothing more is sent. */
  void discard() {
    sent = published;
  }
}
