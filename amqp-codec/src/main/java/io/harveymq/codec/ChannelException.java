package io.harveymq.codec;

/**
 * A rule broken on one channel, answered with channel.close; the connection goes on. Immutable; any
 * thread.
 */
public final class ChannelException extends AmqpException {
  private static final long serialVersionUID = 1L;

  /**
   * @param replyCode a soft code
   * @param explanation what RabbitMQ writes after the code's name
   */
  public ChannelException(ReplyCode replyCode, String explanation) {
    super(replyCode, explanation, METHOD_AT_HAND);
    assert !replyCode.isHard() : replyCode;
  }
}
