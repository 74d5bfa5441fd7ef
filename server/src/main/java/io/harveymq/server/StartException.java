package io.harveymq.server;

/** The broker could not start; the message is the sentence for the user, with what to do. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
