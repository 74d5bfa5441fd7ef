package io.harveymq.broker.connection;

import io.harveymq.broker.LoginRules;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.StringJoiner;

/**
 * The ways to log in that one connection is offered: which depends on the configuration, and on
 * whether it is encrypted and shows a certificate. Owned by the loop of the socket.
 */
final class MechanismOffer {
  private final Settings settings;
  private final TlsSession tls;
  private final boolean fromLoopback;

  /**
   * @param tls how the connection is encrypted; null when it is not
   * @param fromLoopback whether the client runs on this machine
   */
  MechanismOffer(Settings settings, TlsSession tls, boolean fromLoopback) {
    this.settings = settings;
    this.tls = tls;
    this.fromLoopback = fromLoopback;
  }

  /** The mechanisms as connection.start lists them. */
  String names() {
    StringJoiner names = new StringJoiner(" ");
    for (SaslMechanism mechanism : SaslMechanism.values()) {
      if (isEnabled(mechanism) && isSafe(mechanism)) {
        names.add(mechanism.name());
      }
    }
    return names.toString();
  }

  /**
   * The mechanism that the client chose.
   *
   * @throws ConnectionException 503 for one that there is not, or not here, 403 for a secret that
   *     needs TLS
   */
  SaslMechanism choose(String name) {
    for (SaslMechanism mechanism : SaslMechanism.values()) {
      if (mechanism.name().equals(name) && isEnabled(mechanism)) {
        if (isSafe(mechanism)) {
          return mechanism;
        }
        throw mechanism == SaslMechanism.EXTERNAL ? withoutCertificates() : needsTls(mechanism);
      }
    }
    throw new ConnectionException(
        ReplyCode.COMMAND_INVALID, "unknown authentication mechanism '" + name + "'");
  }

  /**
   * The user that the client's certificate is for.
   *
   * @return empty when it is for none, or there is none
   */
  String certificateUser() {
    String user =
        tls == null || tls.peer() == null
            ? null
            : settings.login().certificates().userOf(tls.peer());
    return user == null ? "" : user;
  }

  private boolean isEnabled(SaslMechanism mechanism) {
    LoginRules rules = settings.login();
    return rules.mechanisms() == null
        ? mechanism.isOfferedBy(settings.compatibility())
        : rules.mechanisms().contains(mechanism.name());
  }

  private boolean isSafe(SaslMechanism mechanism) {
    if (mechanism == SaslMechanism.EXTERNAL) {
      return tls != null;
    }
    return tls != null || fromLoopback || !settings.login().secretsNeedTls();
  }

  /** RabbitMQ's, for a mechanism that it has and does not offer on this connection. */
  private static ConnectionException withoutCertificates() {
    return new ConnectionException(
        ReplyCode.COMMAND_INVALID,
        "invalid authentication mechanism '" + SaslMechanism.EXTERNAL + "'");
  }

  private static ConnectionException needsTls(SaslMechanism mechanism) {
    return new ConnectionException(
        ReplyCode.ACCESS_REFUSED,
        "authentication mechanism "
            + mechanism
            + " is refused on a connection without TLS; connect with TLS (amqps)",
        0,
        0);
  }
}
