package io.harveymq.auth;

/** A token that is refused, and why, in RabbitMQ's words; the token is no part of them. */
final class TokenException extends Exception {
  private static final long serialVersionUID = 1L;

  TokenException(String reason) {
    super(reason, null, false, false);
  }
}
