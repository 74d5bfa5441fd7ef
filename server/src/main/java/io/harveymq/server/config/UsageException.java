package io.harveymq.server.config;

/** The command line breaks a rule; the message is the sentence for the user. */
public class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
