package io.harveymq.codec;

/**
 * A rule broken so that the connection has to end, answered with connection.close. Immutable; any
 * thread.
 */
public final class ConnectionException extends AmqpException {
  private static final long serialVersionUID = 1L;

  /**
   * @param replyCode a hard code, or a soft one where RabbitMQ closes the connection for it (a
   *     refused login)
   * @param explanation what RabbitMQ writes after the code's name
   */
  public ConnectionException(ReplyCode replyCode, String explanation) {
    super(replyCode, explanation, METHOD_AT_HAND);
  }

  /**
   * An error that is not about the method at hand.
   *
   * @param classId and {@code methodId} the ids to name in the close, 0 for none
   */
  public ConnectionException(ReplyCode replyCode, String explanation, int classId, int methodId) {
    super(replyCode, explanation, classId << 16 | methodId);
  }
}
