package io.harveymq.broker.auth;

/** What came of a login. */
public enum LoginOutcome {
  ACCEPTED("is welcome"),
  WRONG_CREDENTIALS("- invalid credentials"),
  /** The user may log in from this machine only. */
  LOOPBACK_ONLY("can only connect via localhost");

  private final String text;

  LoginOutcome(String text) {
    this.text = text;
  }

  /** As RabbitMQ says it, behind the name of the user. */
  public String text() {
    return text;
  }
}
