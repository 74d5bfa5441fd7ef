package io.harveymq.broker.queue;

/**
 * Counts the messages of a queue that survive a restart; nothing where none does, as RabbitMQ.
 * Owned by the home loop.
 */
public final class PersistentCount {
  private final boolean counts;
  private final boolean all;
  private int count;
  private long bytes;

  /**
   * @param counts whether the queue stores messages
   * @param all whether it stores those, too, that were not published as persistent
   */
  PersistentCount(boolean counts, boolean all) {
    this.counts = counts;
    this.all = all;
  }

  public int count() {
    return count;
  }

  /** Bytes of their bodies. */
  public long bytes() {
    return bytes;
  }

  void add(Message message) {
    if (counts && (all || message.isPersistent())) {
      count++;
      bytes += message.body().length;
    }
  }

  void remove(Message message) {
    if (counts && (all || message.isPersistent())) {
      count--;
      bytes -= message.body().length;
    }
  }

  /** A message that survives, with so many bytes of body. */
  void add(int bodyBytes) {
    if (counts) {
      count++;
      bytes += bodyBytes;
    }
  }

  /** So many that survive are gone, or elsewhere. */
  void remove(int messages, long bodyBytes) {
    if (counts) {
      count -= messages;
      bytes -= bodyBytes;
    }
  }

  /** So many were found in the store. */
  void recovered(int messages, long bodyBytes) {
    count += messages;
    bytes += bodyBytes;
  }

  /** The queue drops all that wait; so much is delivered and stays. */
  void keepOnly(PersistentCount delivered) {
    count = delivered.count;
    bytes = delivered.bytes;
  }
}
