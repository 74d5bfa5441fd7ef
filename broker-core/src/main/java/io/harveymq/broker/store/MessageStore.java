package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;
import java.util.List;

/**
 * Where queues keep messages that must outlive the broker, or that are too many for the memory.
 * Each queue has a <em>log</em>: messages at ascending positions, with gaps where a message was
 * dealt with or never stored. A log with a positive number survives a restart, one with a negative
 * number does not; a log exists from the first message appended to it.
 *
 * <p>Changes take effect with {@link #commit} and not before, all or none of them. Owned by the
 * store thread, but for {@link #logs}, which the starting thread calls before that one runs.
 */
public interface MessageStore {
  /**
   * What a start finds of one log.
   *
   * @param messages that are live
   * @param bytes of their bodies
   * @param firstPosition of the first live message; {@code nextPosition} when there is none
   * @param nextPosition for the next message to be appended; no lower one may be used again
   * @param deliveredUpTo messages at lower positions have been delivered before; the {@code
   *     nextPosition} after an end that was not in order, because nobody knows then (RabbitMQ does
   *     the same)
   * @param hasDue whether there may be messages with a due time
   */
  record Log(
      long number,
      int messages,
      long bytes,
      long firstPosition,
      long nextPosition,
      long deliveredUpTo,
      boolean hasDue) {}

  /**
   * When a message came.
   *
   * @param position of the message
   * @param second as {@link Message#arrived} tells; 0 when it is not known
   */
  record Arrival(long position, int second) {}

  /** The logs that survived, those with messages and those that were ever delivered from. */
  List<Log> logs();

  /**
   * Makes sure that a commit with about so many bytes in it can't fail for lack of space.
   *
   * @return false when the disk is full; nothing was changed then
   */
  boolean reserve(long bytes);

  /**
   * Adds a message at the end of a log. Calls in a row with the same message object store its
   * content once, if that takes less room.
   *
   * @param position higher than all before in this log
   * @param due when it expires or is to be let go, in milliseconds since the epoch; 0 for never; in
   *     a stream, when it was published
   * @param survives whether it is to be there after a restart; false for a transient message, which
   *     is only stored because memory is short
   */
  void append(long log, long position, Message message, long due, boolean survives);

  /** {@link #append(long, long, Message, long, boolean)} without a due time. */
  default void append(long log, long position, Message message, boolean survives) {
    append(log, position, message, 0, survives);
  }

  /**
   * A message was dealt with for good. Nothing happens when it isn't there.
   *
   * @param size bytes of its body
   */
  void ack(long log, long position, int size);

  /** All messages from one position up to another, not included, were dealt with. */
  void drop(long log, long from, long to);

  /**
   * All messages at positions below this one have been delivered at least once. Told when the
   * broker ends.
   */
  void delivered(long log, long upTo);

  /**
   * A message was given back.
   *
   * @param deliveries what is to be known of that when it is read, from 1 to 65,535
   */
  void returned(long log, long position, int deliveries);

  /** The log goes, with all its messages. */
  void remove(long log);

  /**
   * The next live messages of a log, in order, as of the last commit: whole ones, at least one, and
   * not many more bytes than asked for.
   *
   * @param from the lowest position that counts
   * @param maxBytes of bodies and properties, roughly
   * @return empty when there is none from that position on
   */
  List<StoredMessage> read(long log, long from, int maxBytes);

  /**
   * The position of a live message of a log, as of the last commit.
   *
   * @param from the lowest position that counts
   * @param count how many live ones are passed over; from 0 on
   * @return above all that are live when there are not so many
   */
  long skip(long log, long from, long count);

  /** How many messages of a log from one position up to another, not included, are live. */
  long count(long log, long from, long to);

  /**
   * When the next live message of a log came, as of the last commit. Takes no memory for the
   * message.
   *
   * @param from the lowest position that counts
   * @return null when there is none from that position on
   */
  Arrival arrival(long log, long from);

  /**
   * Makes all changes since the last commit, those of the {@link DefinitionStore} included, safe
   * against crash and power loss.
   *
   * @param whenDurable run as soon as they are; not at all when this throws
   * @throws RuntimeException when a write or sync fails; the store must not be used any more
   */
  void commit(Runnable whenDurable);
}
