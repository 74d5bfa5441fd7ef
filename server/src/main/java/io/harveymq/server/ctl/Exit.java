package io.harveymq.server.ctl;

/** Exit statuses of RabbitMQ's command line tools, which are those of BSD's sysexits.h. */
final class Exit {
  static final int OK = 0;

  /** The command line is wrong. */
  static final int USAGE = 64;

  /** What was given can't be used. */
  static final int DATA = 65;

  /** There is no such user. */
  static final int NO_USER = 67;

  /** The broker can't be reached, or refuses; also what a failed check ends with. */
  static final int UNAVAILABLE = 69;

  /** Something is there already, or went wrong inside. */
  static final int SOFTWARE = 70;

  /** It took too long. */
  static final int TEMPORARY = 75;

  private Exit() {}
}
