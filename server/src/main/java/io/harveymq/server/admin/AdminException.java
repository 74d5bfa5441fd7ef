package io.harveymq.server.admin;

/** A command of rabbitmqadmin failed; the message is all that the user is told. */
final class AdminException extends Exception {
  /** What most failures end with. */
  static final int FAILED = 1;

  /** The options are wrong. */
  static final int OPTIONS = 2;

  private static final long serialVersionUID = 1L;

  private final int status;

  private AdminException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The broker refused, or can't be reached. */
  static AdminException refused(String reason) {
    return new AdminException(FAILED, "*** " + reason + "\n");
  }

  /** What was asked for can't be done. */
  static AdminException usage(String reason) {
    return new AdminException(FAILED, "\nERROR: " + reason + "\n\nrabbitmqadmin --help for help\n");
  }

  /** An argument is no JSON. */
  static AdminException json(String text) {
    return new AdminException(FAILED, "ERROR: Could not parse JSON:\n  " + text);
  }

  /** An option is not there, or has not the value that it needs. */
  static AdminException options(String reason) {
    return new AdminException(OPTIONS, AdminHelp.USAGE + "\nrabbitmqadmin: error: " + reason);
  }

  /** The exit status of the process. */
  int status() {
    return status;
  }
}
