package io.harveymq.broker.story;

import io.harveymq.broker.vhost.Firehose;

/**
 * Something that happened to a message. Immutable.
 *
 * @param time in milliseconds since the epoch, by the broker's clock
 * @param queue where; null when it has to do with no queue
 * @param position of {@link StoryEvent#ENTERED}: how many messages were ready before it, in a
 *     stream its offset; else -1
 * @param reader who has it or had it; null when nobody has to do with it
 * @param target where it goes on to; null when it does not
 */
public record StoryStep(
    long time, StoryEvent event, String queue, long position, Reader reader, Target target) {
  /** An object and a list's place for it, in bytes. */
  private static final int OVERHEAD = 64;

  private static final int BYTES_OF_READER = 96;

  /**
   * Who got a message.
   *
   * @param tag of the consumer; null for basic.get
   * @param noAck whether that was the end of it
   * @param redelivered whether the client was told that it may have come before
   */
  public record Reader(Firehose.Tap by, String tag, boolean noAck, boolean redelivered) {}

  /**
   * Where a message goes on to.
   *
   * @param exchange empty for the default exchange
   * @param queues how many queues that leads to
   */
  public record Target(String exchange, String routingKey, int queues) {}

  /** Bytes of memory, at most or roughly; its queue's name is counted with the place. */
  int bytes() {
    int bytes = OVERHEAD;
    if (reader != null) {
      bytes += BYTES_OF_READER + bytes(reader.by) + bytes(reader.tag);
    }
    if (target != null) {
      bytes += OVERHEAD + bytes(target.exchange) + bytes(target.routingKey);
    }
    return bytes;
  }

  /** Bytes of the names of a client, which may have been made for this look at it. */
  static int bytes(Firehose.Tap by) {
    return bytes(by.connection()) + bytes(by.user()) + bytes(by.client());
  }

  /** Bytes of the letters of a text. */
  static int bytes(String text) {
    return text == null ? 0 : 2 * text.length();
  }
}
