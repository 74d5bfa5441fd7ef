package io.harveymq.server.ctl;

/** A command failed; the message is all that the user is told. */
final class CtlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean usage;

  /**
   * @param status from {@link Exit}
   * @param message one or more lines
   */
  CtlException(int status, String message) {
    this(status, message, false);
  }

  private CtlException(int status, String message, boolean usage) {
    super(message);
    this.status = status;
    this.usage = usage;
  }

  /** The arguments are wrong: the usage of the command is to be shown, too. */
  static CtlException arguments(int status, String message) {
    return new CtlException(status, message, true);
  }

  /** The broker refused, as RabbitMQ's tools tell most refusals. */
  static CtlException refused(String message) {
    return new CtlException(Exit.UNAVAILABLE, "Error:\n" + message);
  }

  int status() {
    return status;
  }

  boolean isUsage() {
    return usage;
  }
}
