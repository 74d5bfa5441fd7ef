package io.harveymq.broker.exchange;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.QueueLog;
import java.nio.charset.StandardCharsets;

/**
 * A message that waits in a delayed exchange. Owned by the home loop, but for its due time,
 * position, address and sizes, which never change.
 */
public final class DelayedMessage implements Comparable<DelayedMessage> {
  private final long due;
  private final long position;
  private final byte[] address;
  private final int size;
  private final int bodySize;
  private final QueueLog log;
  private Message message;

  /**
   * @param due in milliseconds since the epoch
   * @param position unique in its exchange, ascending
   * @param log where it is stored; null if nowhere
   */
  DelayedMessage(long due, long position, Message message, QueueLog log) {
    this.due = due;
    this.position = position;
    this.address = message.address();
    this.size = message.size();
    this.bodySize = message.body().length;
    this.log = log;
  }

  /** Only to look for another. */
  DelayedMessage(long due, long position) {
    this.due = due;
    this.position = position;
    this.address = null;
    this.size = 0;
    this.bodySize = 0;
    this.log = null;
  }

  /** When it is let go, in milliseconds since the epoch. */
  public long due() {
    return due;
  }

  /** Identifies it in its exchange; a message that came later has a higher one. */
  public long position() {
    return position;
  }

  /** The exchange that it was published to, which may be one before this one. */
  public String exchange() {
    return shortString(0);
  }

  /** The routing key that it was published with. */
  public String routingKey() {
    return shortString(1 + (address[0] & 0xFF));
  }

  private String shortString(int at) {
    return new String(address, at + 1, address[at] & 0xFF, StandardCharsets.UTF_8);
  }

  /** Bytes of body and properties. */
  public int size() {
    return size;
  }

  /** Bytes of its body. */
  public int bodySize() {
    return bodySize;
  }

  /** Where it is stored; null if nowhere. */
  public QueueLog log() {
    return log;
  }

  /** The message itself; null when it is only in the store. */
  public Message message() {
    return message;
  }

  void message(Message loaded) {
    message = loaded;
  }

  @Override
  public int compareTo(DelayedMessage other) {
    int byDue = Long.compare(due, other.due);
    return byDue != 0 ? byDue : Long.compare(position, other.position);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DelayedMessage that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(due * 31 + position);
  }
}
