package io.harveymq.broker.auth;

import java.util.Map;

/** A snapshot of the users: who may log in with what. Immutable; any thread. */
public final class Users {
  /** What came of a login. */
  public enum Outcome {
    ACCEPTED,
    WRONG_CREDENTIALS,
    /** The user may log in from this machine only. */
    LOOPBACK_ONLY
  }

  private static final String GUEST = "guest";

  private final Map<String, PasswordHash> passwords;

  private Users(Map<String, PasswordHash> passwords) {
    this.passwords = passwords;
  }

  /** RabbitMQ's initial users: guest with the password guest. */
  public static Users initial() {
    return new Users(Map.of(GUEST, PasswordHash.of(GUEST)));
  }

  /**
   * Checks a login.
   *
   * @param fromLoopback whether the client runs on this machine
   */
  public Outcome login(String user, String password, boolean fromLoopback) {
    PasswordHash hash = passwords.get(user);
    if (hash == null || !hash.matches(password)) {
      return Outcome.WRONG_CREDENTIALS;
    }
    return fromLoopback || !user.equals(GUEST) ? Outcome.ACCEPTED : Outcome.LOOPBACK_ONLY;
  }
}
