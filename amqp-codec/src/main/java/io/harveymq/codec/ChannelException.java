package io.harveymq.codec;

import java.util.List;

/**
 * A rule broken on one channel, answered with channel.close; the connection goes on. Immutable; any
 * thread.
 */
public final class ChannelException extends AmqpException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> besides;

  /**
   * @param replyCode a soft code
   * @param explanation what RabbitMQ writes after the code's name
   */
  public ChannelException(ReplyCode replyCode, String explanation) {
    this(replyCode, explanation, List.of());
  }

  /**
   * The same, where more is wrong than what the client is told.
   *
   * @param besides what RabbitMQ would write of each if it was the first
   */
  public ChannelException(ReplyCode replyCode, String explanation, List<String> besides) {
    super(replyCode, explanation, METHOD_AT_HAND);
    assert !replyCode.isHard() : replyCode;
    this.besides = List.copyOf(besides);
  }

  /** What is wrong besides, as RabbitMQ would write it; at any length. */
  public List<String> besides() {
    return besides;
  }
}
