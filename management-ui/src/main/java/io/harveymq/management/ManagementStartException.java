package io.harveymq.management;

/** The management could not be started; the message says why. */
public final class ManagementStartException extends Exception {
  private static final long serialVersionUID = 1;

  public ManagementStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
