package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.codec.Content;

/**
 * A message as somebody sees it who looks without taking it. Immutable.
 *
 * @param id names it for as long as it is in the queue: its priority, a colon, its place
 * @param unacknowledged whether it was delivered and waits for its acknowledgement
 * @param heldMillis how long it has been delivered; 0 while it waits
 * @param consumer the tag of the consumer that holds it; null when it waits, or was fetched
 * @param connection the name of the connection of that consumer, or null
 */
public record BrowsedMessage(
    String id,
    Content message,
    boolean redelivered,
    boolean unacknowledged,
    long heldMillis,
    String consumer,
    String connection) {

  static BrowsedMessage ready(Waiting waiting) {
    return new BrowsedMessage(
        id(waiting), waiting.message(), waiting.redelivered(), false, 0, null, null);
  }

  /** The {@link #id} of a message that waits. */
  public static String id(Waiting waiting) {
    return waiting.priority() + ":" + waiting.position();
  }

  static BrowsedMessage unacked(QueueEntry entry, long now) {
    Consumer consumer = entry.consumer();
    return new BrowsedMessage(
        "u:" + entry.position(),
        entry.message(),
        entry.redelivered(),
        true,
        entry.deliveredAt() == 0 ? 0 : Math.max(0, now - entry.deliveredAt()),
        consumer == null ? null : consumer.tag(),
        consumer == null ? null : consumer.channel().connection().name());
  }
}
