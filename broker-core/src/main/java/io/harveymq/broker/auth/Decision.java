package io.harveymq.broker.auth;

/**
 * Whether somebody may do something. Immutable; any thread.
 *
 * @param error what kept a backend from answering, which is a refusal; null if it did answer
 */
public record Decision(boolean isAllowed, String error) {
  public static final Decision ALLOWED = new Decision(true, null);
  public static final Decision DENIED = new Decision(false, null);

  public static Decision of(boolean allowed) {
    return allowed ? ALLOWED : DENIED;
  }

  /**
   * A refusal because a backend could not answer.
   *
   * @param backend its name in RabbitMQ, such as {@code rabbit_auth_backend_http}
   * @param reason what went wrong, as Erlang would print it
   */
  public static Decision error(String backend, String reason) {
    return new Decision(false, ", backend " + backend + " returned an error: " + reason);
  }

  /** What RabbitMQ adds to the text of a refusal: nothing, or the error of the backend. */
  public String suffix() {
    return error == null ? "" : error;
  }
}
