package io.harveymq.broker.recording;

import io.harveymq.broker.vhost.Firehose;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import java.util.List;

/**
 * A message as it was published. Immutable; any thread.
 *
 * @param atMillis since the beginning of its recording, by the broker's clock
 * @param content exchange, routing key, properties with CC and BCC, and the whole body
 * @param mandatory whether it was to be returned if no queue took it
 * @param queues where it went to
 * @param by who published it; null where that is not known
 * @param guard who may see it besides those who may read where it went; null for no others' affair
 */
public record RecordedMessage(
    long atMillis,
    Content content,
    boolean mandatory,
    List<String> queues,
    Firehose.Tap by,
    Guard guard) {
  /**
   * What stood between a message and those who could have got it, when it was recorded: exchange
   * and queue may be gone by now, or others with the same names.
   *
   * @param owner the user whose exclusive queue it was for; null when it was for no such queue
   * @param topic whether topic permissions decide who reads it
   */
  public record Guard(String owner, boolean topic) {}

  /** Bytes counted for each besides what it carries. */
  private static final int OVERHEAD = 120;

  private static final int OF_A_QUEUE = 8;

  /** One that nobody is kept from. */
  public RecordedMessage(
      long atMillis, Content content, boolean mandatory, List<String> queues, Firehose.Tap by) {
    this(atMillis, content, mandatory, queues, by, null);
  }

  /**
   * A message that was never recorded, for a replay that is made up.
   *
   * @param atMillis counts from the first message of the replay
   * @throws IllegalArgumentException if exchange or routing key have more than 255 bytes in UTF-8
   */
  public static RecordedMessage of(
      long atMillis, String exchange, String routingKey, BasicProperties properties, byte[] body) {
    byte[] address = Content.address(exchange, routingKey);
    Content content = new Content(address, properties.encoded(), body);
    return new RecordedMessage(atMillis, content, false, List.of(), null);
  }

  /** Bytes of memory, roughly. */
  long bytes() {
    return OVERHEAD
        + content.address().length
        + content.properties().length
        + content.body().length
        + (long) OF_A_QUEUE * queues.size();
  }
}
