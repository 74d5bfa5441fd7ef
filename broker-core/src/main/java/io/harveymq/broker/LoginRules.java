package io.harveymq.broker;

import io.harveymq.broker.tls.CertificateLogin;
import java.util.Objects;
import java.util.Set;

/**
 * How AMQP clients may log in. Immutable; any thread.
 *
 * @param mechanisms names of the SASL mechanisms to offer, of PLAIN, AMQPLAIN, ANONYMOUS and
 *     EXTERNAL; null for those that the RabbitMQ version to behave like offers
 * @param secretsNeedTls whether the mechanisms without a certificate (PLAIN, AMQPLAIN, ANONYMOUS)
 *     are for connections with TLS and for clients on this machine only
 * @param certificates what of a client's certificate is the user's name for EXTERNAL
 */
public record LoginRules(
    Set<String> mechanisms, boolean secretsNeedTls, CertificateLogin certificates) {
  /** RabbitMQ's. */
  public static final LoginRules DEFAULT = new LoginRules(null, false, CertificateLogin.DEFAULT);

  /** Takes a copy. */
  public LoginRules {
    mechanisms = mechanisms == null ? null : Set.copyOf(mechanisms);
    Objects.requireNonNull(certificates, "certificates");
  }

  /** The same with these mechanisms; null for the version's own. */
  public LoginRules withMechanisms(Set<String> names) {
    return new LoginRules(names, secretsNeedTls, certificates);
  }

  /** The same with passwords over TLS, or from this machine, only. */
  public LoginRules withSecretsOverTls(boolean only) {
    return new LoginRules(mechanisms, only, certificates);
  }

  /** The same with another way from a certificate to a user. */
  public LoginRules withCertificates(CertificateLogin login) {
    return new LoginRules(mechanisms, secretsNeedTls, login);
  }
}
