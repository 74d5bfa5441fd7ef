package io.harveymq.broker;

/**
 * The broker could not start. The message is one line for the user: what is wrong and what to do
 * about it.
 */
public final class BrokerStartException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrokerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
