package io.harveymq.broker.channel;

import io.harveymq.broker.fault.WithheldConfirms;
import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.BasicMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The publisher confirms of one channel: numbers the publishes from 1 and acknowledges them as they
 * become safe, those of a turn together. What lies below the lowest tag that is not yet safe goes
 * with one cumulative ack, the rest singly (as rabbit_channel does). Owned by the home loop.
 */
public final class PublisherConfirms {
  private static final int FIRST_WORDS = 16;

  private final HomeLoop home;
  private final Outbound outbound;
  private final int channel;
  private final Counters counters;
  private final ConfirmFlows flows = new ConfirmFlows();
  private long published;
  private long lowest = 1;
  private long highestBelow;
  private int countBelow;
  private long[] confirmed = new long[FIRST_WORDS];
  private int above;
  private long[] singles = new long[FIRST_WORDS];
  private int singleCount;
  private final List<Long> rejected = new ArrayList<>(0);
  private Map<Long, WithheldConfirms> withheld;
  private boolean scheduled;
  private boolean discarded;

  PublisherConfirms(HomeLoop home, Outbound outbound, int channel, Counters counters) {
    this.counters = counters;
    this.home = home;
    this.outbound = outbound;
    this.channel = channel;
  }

  /**
   * The tag of the message that is being published.
   *
   * @param flow counts what the channel publishes to the exchange
   */
  long next(Flow flow) {
    counters.add(Counter.PUBLISH_CONFIRM);
    flows.published(++published, flow);
    return published;
  }

  /**
   * The message with this tag was taken over by every queue it was routed to, or by none, and is
   * safe wherever it has to be. Once for each tag.
   */
  public void confirm(long tag) {
    if (discarded || withheld != null && isWithheld(tag)) {
      return;
    }
    counters.add(Counter.CONFIRM);
    flows.confirmed(tag);
    if (tag == lowest) {
      highestBelow = tag;
      countBelow++;
      advance();
    } else {
      remember(tag);
    }
    schedule();
  }

  /** The confirm with this tag waits for a fault once it is due. */
  void withhold(long tag, WithheldConfirms by) {
    if (withheld == null) {
      withheld = new HashMap<>();
    }
    withheld.put(tag, by);
  }

  private boolean isWithheld(long tag) {
    WithheldConfirms by = withheld.remove(tag);
    if (withheld.isEmpty()) {
      withheld = null;
    }
    return by != null && by.takes(this, tag);
  }

  /** A queue that the message with this tag was routed to did not take it. */
  void reject(long tag) {
    if (discarded) {
      return;
    }
    rejected.add(tag);
    if (tag == lowest) {
      advance();
    } else {
      mark(tag);
    }
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      home.confirmLater(this);
    }
  }

  /** The lowest unsafe tag is dealt with, as are those behind it that were before it. */
  private void advance() {
    lowest++;
    while (above > 0 && (confirmed[word(lowest)] & 1L << lowest) != 0) {
      confirmed[word(lowest)] &= ~(1L << lowest);
      above--;
      lowest++;
    }
    flows.forgetBelow(lowest);
  }

  private void mark(long tag) {
    while (tag - lowest >= (confirmed.length - 1) * 64L) {
      growBits();
    }
    confirmed[word(tag)] |= 1L << tag;
    above++;
  }

  private void remember(long tag) {
    mark(tag);
    if (singleCount == singles.length) {
      singles = Arrays.copyOf(singles, 2 * singleCount);
    }
    singles[singleCount++] = tag;
  }

  private int word(long tag) {
    return (int) (tag >>> 6) & (confirmed.length - 1);
  }

  private void growBits() {
    long[] old = confirmed;
    long[] grown = new long[2 * old.length];
    long first = lowest >>> 6;
    for (int i = 0; i < old.length; i++) {
      grown[(int) (first + i) & (grown.length - 1)] = old[(int) (first + i) & (old.length - 1)];
    }
    confirmed = grown;
  }

  /** Sends what is due. Called at the end of the turn, and before the channel closes. */
  public void send() {
    scheduled = false;
    if (discarded) {
      return;
    }
    for (long tag : rejected) {
      outbound.method(channel, new BasicMethod.Nack(tag, false, true));
    }
    rejected.clear();
    int left = 0;
    for (int i = 0; i < singleCount; i++) {
      long tag = singles[i];
      if (tag < lowest) {
        highestBelow = Math.max(highestBelow, tag);
        countBelow++;
      } else {
        singles[left++] = tag;
      }
    }
    singleCount = 0;
    if (countBelow > 0) {
      outbound.ack(channel, highestBelow, countBelow > 1);
      countBelow = 0;
    }
    for (int i = 0; i < left; i++) {
      outbound.ack(channel, singles[i], false);
    }
  }

  /** Publishes that were not confirmed yet. */
  int unconfirmed() {
    return (int) (published - lowest + 1) - above;
  }

  /** Whether the channel is gone. */
  public boolean isDiscarded() {
    return discarded;
  }

  /** Nothing more is sent. */
  void discard() {
    discarded = true;
    withheld = null;
  }
}
