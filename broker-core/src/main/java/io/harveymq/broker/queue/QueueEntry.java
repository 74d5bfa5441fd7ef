package io.harveymq.broker.queue;

/**
 * A message that left the head of a queue: delivered and not yet acknowledged, or put back. Fresh
 * messages need no entry. Owned by the home loop.
 */
public final class QueueEntry implements Comparable<QueueEntry> {
  private final MessageQueue queue;
  private final Message message;
  private final long position;
  private boolean redelivered;
  private long deliveryTag;
  private Consumer consumer;

  QueueEntry(MessageQueue queue, Message message, long position) {
    this.queue = queue;
    this.message = message;
    this.position = position;
  }

  public MessageQueue queue() {
    return queue;
  }

  public Message message() {
    return message;
  }

  /** The place in the queue that this message has for ever. */
  public long position() {
    return position;
  }

  /** Whether it was delivered before. */
  public boolean redelivered() {
    return redelivered;
  }

  /** The tag of the delivery that is outstanding. */
  public long deliveryTag() {
    return deliveryTag;
  }

  /** Who holds the delivery; null when it was fetched with basic.get. */
  public Consumer consumer() {
    return consumer;
  }

  /** Notes the outstanding delivery. */
  public void delivered(Consumer to, long tag) {
    consumer = to;
    deliveryTag = tag;
  }

  void returned() {
    redelivered = true;
    consumer = null;
  }

  @Override
  public int compareTo(QueueEntry other) {
    return Long.compare(position, other.position);
  }
}
