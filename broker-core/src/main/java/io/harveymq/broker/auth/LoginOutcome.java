package io.harveymq.broker.auth;

/** What came of a login. */
public enum LoginOutcome {
  ACCEPTED,
  WRONG_CREDENTIALS,
  /** The user may log in from this machine only. */
  LOOPBACK_ONLY
}
