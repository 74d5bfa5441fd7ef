package io.harveymq.broker.policy;

/** A policy that is not valid; the message is RabbitMQ's. */
public final class PolicyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** With RabbitMQ's text. */
  public PolicyException(String message) {
    super(message);
  }
}
