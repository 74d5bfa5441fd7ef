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
    super(replyCode, explanation);
  }
}
