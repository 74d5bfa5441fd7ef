package io.harveymq.broker.auth;

/**
 * What came of a login: somebody who is known now, or a refusal. Immutable; any thread.
 *
 * @param identity null when refused
 * @param refusal why, for the broker's log only, in RabbitMQ's words; null when accepted
 */
public record LoginAnswer(Identity identity, String refusal) {
  /** Somebody may log in. */
  public static LoginAnswer accepted(Identity identity) {
    return new LoginAnswer(identity, null);
  }

  /** Somebody may not. */
  public static LoginAnswer refused(String reason) {
    return new LoginAnswer(null, reason);
  }

  public boolean isAccepted() {
    return identity != null;
  }
}
