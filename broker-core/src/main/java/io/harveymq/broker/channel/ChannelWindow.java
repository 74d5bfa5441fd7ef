package io.harveymq.broker.channel;

import io.harveymq.broker.queue.Consumer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The window of a channel that basic.qos with global=1 sets, counted as RabbitMQ's limiter does:
 * deliveries to consumers that acknowledge fill it, and what basic.get fetches does not; when it is
 * full, consumers without acknowledgement wait, too. Owned by the home loop.
 */
final class ChannelWindow {
  private int limit;
  private int used;
  private Set<Consumer> parked;

  /** Whether no consumer of the channel may get anything now. */
  boolean isFull() {
    return limit > 0 && used >= limit;
  }

  /**
   * Sets the window. One that is new counts everything that is outstanding, fetched by whom ever.
   *
   * @param count 0 for no limit
   * @param outstanding deliveries of the channel that await their acknowledgement
   */
  void limit(int count, int outstanding) {
    if (count == 0) {
      used = 0;
    } else if (limit == 0) {
      used = outstanding;
    }
    limit = count;
    open();
  }

  /** Counts a delivery to a consumer that has to acknowledge it. */
  void delivered() {
    if (limit > 0) {
      used++;
    }
  }

  /** The most that may be outstanding; 0 for no limit. */
  int limit() {
    return limit;
  }

  /** Whether anybody counts. */
  boolean isLimited() {
    return limit > 0;
  }

  /** Counts deliveries to consumers as settled, for good. */
  void settled(int count) {
    if (limit > 0) {
      used = used == 0 ? 0 : used - count;
      open();
    }
  }

  /** Keeps a consumer until there is room. */
  void park(Consumer consumer) {
    if (parked == null) {
      parked = new LinkedHashSet<>(2);
    }
    parked.add(consumer);
  }

  private void open() {
    if (parked != null && !isFull()) {
      Set<Consumer> waiting = parked;
      parked = null;
      waiting.forEach(Consumer::unpark);
    }
  }
}
