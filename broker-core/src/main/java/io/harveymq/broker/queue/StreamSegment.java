package io.harveymq.broker.queue;

import io.harveymq.broker.store.QueueLog;

/**
 * Consecutive messages of a stream that are dropped together. In the store each is a log of its
 * own. Owned by the home loop.
 */
final class StreamSegment {
  /** Bytes counted for a message besides its body. */
  static final int OVERHEAD = 64;

  final long first;
  final QueueLog log;
  long next;
  long bytes;

  /** When its last message was published; 0 when only the store knows. */
  long lastTime;

  /**
   * @param log null when nothing is stored
   */
  StreamSegment(long first, QueueLog log) {
    this.first = first;
    this.next = first;
    this.log = log;
  }

  /** Takes note of a message at the end. */
  void add(Message message, long time) {
    next++;
    bytes += message.body().length + OVERHEAD;
    lastTime = time;
  }
}
