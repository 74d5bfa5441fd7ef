package io.harveymq.broker.inspect;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.codec.Content;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message as somebody sees it who looks without taking it. Immutable.
 *
 * @param id of one that waits, its place, an at sign and the queue's incarnation, for as long as it
 *     is in the queue; of one that was delivered, the delivery's
 * @param place its priority, a colon and its place in the queue, which it keeps while it is
 *     delivered and when it comes back; where it comes back to another place, that one from then on
 * @param unacknowledged whether it was delivered and waits for its acknowledgement
 * @param delayed whether it came back and may not be delivered yet
 * @param ageMillis how long it has been in the queue, to whole seconds; -1 if nobody knows
 * @param heldMillis how long it has been delivered; 0 while it waits
 * @param consumer the tag of the consumer that holds it; null when it waits, or was fetched
 * @param connection the name of the connection that it was delivered on; null while it waits
 */
public record BrowsedMessage(
    String id,
    String place,
    Content message,
    boolean redelivered,
    boolean unacknowledged,
    boolean delayed,
    long ageMillis,
    long heldMillis,
    String consumer,
    String connection) {

  private static final Pattern ID = Pattern.compile("(\\d{1,9}):(-?\\d{1,18})(?:@(\\w{1,7}))?");

  private static final int INCARNATION = 3;

  /** Where a message is in a queue: see {@link BrowsedMessage#place}. */
  public record Place(int priority, long position) {
    /** Of one that waits. */
    public static Place of(Waiting waiting) {
      return new Place(waiting.priority(), waiting.position());
    }

    /**
     * What an id of one that waits, or a place, stands for.
     *
     * @return null when it is neither, or of another queue
     */
    public static Place ofId(String id, AmqpQueue queue) {
      Matcher parts = ID.matcher(id);
      boolean ours =
          parts.matches()
              && (parts.group(INCARNATION) == null
                  || parts.group(INCARNATION).equals(incarnation(queue)));
      return ours
          ? new Place(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)))
          : null;
    }
  }

  static BrowsedMessage ready(Waiting waiting, AmqpQueue queue, long now) {
    Message message = waiting.message();
    boolean again = waiting.redelivered();
    return new BrowsedMessage(
        id(waiting, queue),
        place(waiting),
        message,
        again,
        false,
        false,
        age(message, now),
        0,
        null,
        null);
  }

  static BrowsedMessage delayed(Waiting waiting, long now) {
    Message message = waiting.message();
    return new BrowsedMessage(
        "d:" + waiting.position(),
        place(waiting),
        message,
        true,
        false,
        true,
        age(message, now),
        0,
        null,
        null);
  }

  private static long age(Message message, long now) {
    long seconds = message.ageSeconds(now);
    return seconds < 0 ? -1 : seconds * 1_000;
  }

  /** The {@link #id} of a message that waits in a queue. */
  public static String id(Waiting waiting, AmqpQueue queue) {
    return place(waiting) + "@" + incarnation(queue);
  }

  /** What stands behind the at sign of ids. */
  public static String incarnation(AmqpQueue queue) {
    return Integer.toUnsignedString(queue.incarnation(), 36);
  }

  /** The {@link #place} of a message that waits. */
  public static String place(Waiting waiting) {
    return place(waiting.priority(), waiting.position());
  }

  /** The {@link #place} of a message. */
  public static String place(int priority, long position) {
    return priority + ":" + position;
  }

  /**
   * The {@link #id} of a message that was delivered on a channel. No other delivery ever has it: a
   * channel that is opened with the number of another has another serial.
   */
  public static String id(QueueEntry entry, AmqpChannel channel) {
    String name = ChannelInfo.name(channel.connection().name(), channel.number());
    return "u:" + channel.unacked().serial() + ":" + entry.deliveryTag() + ":" + name;
  }

  static BrowsedMessage unacked(QueueEntry entry, AmqpChannel channel, long now) {
    Consumer consumer = entry.consumer();
    return new BrowsedMessage(
        id(entry, channel),
        place(entry.priority(), entry.position()),
        entry.message(),
        entry.redelivered(),
        true,
        false,
        age(entry.message(), now),
        entry.deliveredAt() == 0 ? 0 : Math.max(0, now - entry.deliveredAt()),
        consumer == null ? null : consumer.tag(),
        channel.connection().name());
  }
}
