package io.harveymq.broker.auth;

/**
 * A change of users, virtual hosts or permissions was refused; nothing has changed. The message
 * says why, mostly in RabbitMQ's words. Any thread.
 */
public final class AccessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    NO_SUCH_USER,
    NO_SUCH_VHOST,
    USER_ALREADY_EXISTS,
    /** A permission is no regular expression. */
    INVALID_REGEXP,
    /** The virtual host must not be deleted. */
    PROTECTED,
    /** More would go with what is deleted than somebody was told. */
    WOULD_LOSE_MORE,
    /** Anything else about a value. */
    INVALID
  }

  private final Reason reason;

  public AccessException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
