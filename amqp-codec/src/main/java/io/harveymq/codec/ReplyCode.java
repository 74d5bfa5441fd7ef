package io.harveymq.codec;

/**
 * Reply codes of AMQP 0-9-1 with RabbitMQ's names (specification, section 1.2 of the generated
 * reference). A soft code closes a channel, a hard one the connection. Immutable; any thread.
 */
public enum ReplyCode {
  REPLY_SUCCESS(200, false),
  CONTENT_TOO_LARGE(311, false),
  NO_ROUTE(312, false),
  NO_CONSUMERS(313, false),
  CONNECTION_FORCED(320, true),
  INVALID_PATH(402, true),
  ACCESS_REFUSED(403, false),
  NOT_FOUND(404, false),
  RESOURCE_LOCKED(405, false),
  PRECONDITION_FAILED(406, false),
  FRAME_ERROR(501, true),
  SYNTAX_ERROR(502, true),
  COMMAND_INVALID(503, true),
  CHANNEL_ERROR(504, true),
  UNEXPECTED_FRAME(505, true),
  RESOURCE_ERROR(506, true),
  NOT_ALLOWED(530, true),
  NOT_IMPLEMENTED(540, true),
  INTERNAL_ERROR(541, true);

  private final int code;
  private final boolean hard;

  ReplyCode(int code, boolean hard) {
    this.code = code;
    this.hard = hard;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** Whether an error with this code closes the whole connection. */
  public boolean isHard() {
    return hard;
  }
}
