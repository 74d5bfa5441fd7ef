package io.harveymq.server;

/** The command line breaks a rule; the message is the sentence for the user. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
