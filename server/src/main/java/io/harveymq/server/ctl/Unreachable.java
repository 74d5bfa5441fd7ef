package io.harveymq.server.ctl;

/** What is said when there is no broker to talk to. */
final class Unreachable {
  private Unreachable() {}

  /**
   * RabbitMQ's first sentence, which scripts look for, and what was tried.
   *
   * @param node its name, as far as it is known
   */
  static CtlException of(String node, String reason) {
    return new CtlException(
        Exit.UNAVAILABLE,
        "Error: unable to perform an operation on node '"
            + node
            + "'. Please see diagnostics information and suggestions below.\n\n"
            + "Most common reasons for this are:\n\n"
            + " * Harvey does not run, or is still starting ('await_startup' waits for it)\n"
            + " * it was started with another data directory: give the same --data-dir, --config"
            + " or RABBITMQ_MNESIA_DIR\n"
            + " * it was started with --http-port off, or belongs to another user\n"
            + " * it runs on another machine: give --uri http://user:password@host:15672\n\n"
            + "DIAGNOSTICS\n===========\n\n"
            + reason);
  }
}
