package io.harveymq.server.ctl;

/** A command failed; the message is all that the user is told. */
final class CtlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String heading;

  /**
   * @param status from {@link Exit}
   * @param message one or more lines
   */
  CtlException(int status, String message) {
    this(status, message, null);
  }

  private CtlException(int status, String message, String heading) {
    super(message);
    this.status = status;
    this.heading = heading;
  }

  /** The arguments are wrong: the usage of the command is to be shown, too. */
  static CtlException arguments(int status, String message) {
    return new CtlException(status, message, "Error (argument validation): ");
  }

  /** The command is not for a broker in this state: its usage is to be shown, too. */
  static CtlException state(String message) {
    return new CtlException(Exit.USAGE, message, "Error: ");
  }

  /** The broker refused, as RabbitMQ's tools tell most refusals. */
  static CtlException refused(String message) {
    return new CtlException(Exit.UNAVAILABLE, "Error:\n" + message);
  }

  int status() {
    return status;
  }

  /** What goes before the message where the usage is to be shown, else null. */
  String heading() {
    return heading;
  }
}
