package io.harveymq.broker.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks certificates of clients as Java does (RFC 5280), and says in a sentence for the log why
 * one is refused. Immutable; any thread.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NOBODY = {};

  /** Java's words about a certificate that is for servers only, say. */
  private static final String WRONG_USE = "xtended key usage";

  private final X509ExtendedTrustManager java;
  private final List<X509Certificate> authorities;
  private final int depth;

  /**
   * @param authorities whose certificates are good
   * @param depth most certificates between a client's and its CA
   */
  ClientTrust(List<X509Certificate> authorities, int depth) {
    this.authorities = authorities;
    this.depth = depth;
    this.java = authorities.isEmpty() ? null : managerOf(authorities, depth);
  }

  private static X509ExtendedTrustManager managerOf(List<X509Certificate> authorities, int depth) {
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
      PKIXBuilderParameters rules = new PKIXBuilderParameters(anchors, new X509CertSelector());
      rules.setRevocationEnabled(false);
      rules.setMaxPathLength(depth);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(rules));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new GeneralSecurityException("no X.509 in " + KeyStore.getDefaultType());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("certificates can't be checked", impossible);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    check(chain, kind, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    check(chain, kind, null);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    check(chain, kind, null);
  }

  private void check(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    if (java == null) {
      throw new CertificateException("there is no cacertfile to check certificates with");
    }
    try {
      if (engine == null) {
        java.checkClientTrusted(chain, kind);
      } else {
        java.checkClientTrusted(chain, kind, engine);
      }
    } catch (CertificateException refused) {
      throw new CertificateException(reason(chain, refused), refused);
    }
    if (between(chain) > depth) {
      throw new CertificateException(
          which(chain) + "has more than " + depth + " certificates between it and its CA (depth)");
    }
  }

  /** Java applies that limit only where it looks for a way itself. */
  private int between(X509Certificate[] chain) {
    int count = 0;
    for (int i = 1; i < chain.length && !authorities.contains(chain[i]); i++) {
      count += ServerIdentity.isSelfSigned(chain[i]) ? 0 : 1;
    }
    return count;
  }

  private static String which(X509Certificate[] chain) {
    return "the client's certificate ("
        + DistinguishedName.of(chain[0].getSubjectX500Principal())
        + ", issued by "
        + DistinguishedName.of(chain[0].getIssuerX500Principal())
        + ") ";
  }

  private static String reason(X509Certificate[] chain, Throwable refused) {
    X509Certificate own = chain[0];
    String which = which(chain);
    BasicReason basic = BasicReason.UNSPECIFIED;
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return which + "or one above it has expired; its own ends on " + end(own);
      }
      if (cause instanceof CertificateNotYetValidException) {
        return which + "or one above it is not valid yet; look at the clocks";
      }
      if (cause instanceof CertPathValidatorException invalid
          && invalid.getReason() instanceof BasicReason reason) {
        basic = reason;
      }
    }
    if (basic != BasicReason.UNSPECIFIED) {
      return which + "is refused: " + basic + ", " + root(refused).getMessage();
    }
    String last = root(refused).getMessage();
    if (last != null && last.contains(WRONG_USE)) {
      return which + "is not one of a client: " + last;
    }
    return which
        + (ServerIdentity.isSelfSigned(own) ? "is self-signed and" : "and its issuers are")
        + " not in the cacertfile of this broker ("
        + last
        + ")";
  }

  private static String end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().toString();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    throw notAClient();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    throw notAClient();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    throw notAClient();
  }

  private static CertificateException notAClient() {
    return new CertificateException("the broker connects to nobody with this");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return java == null ? NOBODY : java.getAcceptedIssuers();
  }
}
