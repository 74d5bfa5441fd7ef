package io.harveymq.broker.channel;

import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;

/**
 * To which exchanges the messages of a channel went that wait for their confirms: runs of tags of
 * one exchange each, so that a channel that publishes to one exchange has one run. Owned by the
 * home loop.
 */
final class ConfirmFlows {
  private static final int FIRST_CAPACITY = 16;
  private static final int MOST_KEPT = 1_024;

  /** Runs that it remembers; of older ones that still wait, the confirms are not counted. */
  static final int MOST = 65_536;

  /** Of tags from {@link #lastFrom} on. */
  private Flow last;

  private long lastFrom;

  /** Runs before the last one, in a ring whose size is a power of two. */
  private Flow[] flows;

  private long[] from;
  private int head;
  private int count;

  /** The message with this tag, the highest so far, went there. */
  void published(long tag, Flow flow) {
    if (flow != last) {
      if (last != null) {
        push();
      }
      last = flow;
      lastFrom = tag;
    }
  }

  private void push() {
    if (flows == null) {
      flows = new Flow[FIRST_CAPACITY];
      from = new long[FIRST_CAPACITY];
    } else if (count == MOST) {
      forgetFirst();
    } else if (count == flows.length) {
      resize(2 * count);
    }
    int at = head + count++ & flows.length - 1;
    flows[at] = last;
    from[at] = lastFrom;
  }

  private void resize(int capacity) {
    Flow[] newFlows = new Flow[capacity];
    long[] newFrom = new long[capacity];
    for (int i = 0; i < count; i++) {
      newFlows[i] = flows[head + i & flows.length - 1];
      newFrom[i] = from[head + i & flows.length - 1];
    }
    flows = newFlows;
    from = newFrom;
    head = 0;
  }

  /** Counts the confirm of a message. */
  void confirmed(long tag) {
    if (tag >= lastFrom) {
      last.add(Counter.CONFIRM);
      return;
    }
    if (count == 0 || tag < from[head]) {
      return;
    }
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (from[head + middle & flows.length - 1] <= tag) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    flows[head + low & flows.length - 1].add(Counter.CONFIRM);
  }

  /** Messages with lower tags have been dealt with. */
  void forgetBelow(long lowest) {
    while (count > 0 && endOfFirst() <= lowest) {
      forgetFirst();
    }
    if (count == 0 && flows != null && flows.length > MOST_KEPT) {
      flows = null;
      from = null;
      head = 0;
    }
  }

  private void forgetFirst() {
    flows[head] = null;
    head = head + 1 & flows.length - 1;
    count--;
  }

  private long endOfFirst() {
    return count == 1 ? lastFrom : from[head + 1 & flows.length - 1];
  }

  /** Runs that it remembers. */
  int runs() {
    return last == null ? 0 : count + 1;
  }
}
