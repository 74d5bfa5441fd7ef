package io.harveymq.broker.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * How one connection is encrypted, in the words that RabbitMQ lists it with, and who the client is.
 * Immutable; any thread.
 *
 * @param protocol {@code tlsv1.2} or {@code tlsv1.3}
 * @param keyExchange such as {@code ecdhe_rsa}; {@code any} with TLS 1.3
 * @param cipher such as {@code aes_256_gcm}
 * @param hash such as {@code aead}
 * @param peer the client's certificate, which was checked; null for none
 */
public record TlsSession(
    String protocol, String keyExchange, String cipher, String hash, X509Certificate peer) {
  private static final Pattern SUITE =
      Pattern.compile("TLS_(?:(.+)_WITH_)?(.+?)(?:_(SHA|SHA256|SHA384|MD5))?");

  /** Of a handshake that is over. */
  public static TlsSession of(SSLSession session) {
    Matcher suite = SUITE.matcher(session.getCipherSuite());
    boolean known = suite.matches();
    String cipher = known ? lower(suite.group(2)) : lower(session.getCipherSuite());
    boolean aead = cipher.contains("gcm") || cipher.contains("ccm") || cipher.contains("poly1305");
    String exchange = known && suite.group(1) != null ? lower(suite.group(1)) : "any";
    String hash = aead || !known || suite.group(3) == null ? "aead" : lower(suite.group(3));
    return new TlsSession(
        lower(session.getProtocol()), exchange, cipher, hash, certificate(session));
  }

  private static X509Certificate certificate(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The name that the client's certificate is for; empty without one. */
  public String peerSubject() {
    return peer == null ? "" : DistinguishedName.of(peer.getSubjectX500Principal());
  }

  /** Who issued the client's certificate; empty without one. */
  public String peerIssuer() {
    return peer == null ? "" : DistinguishedName.of(peer.getIssuerX500Principal());
  }

  /** From when to when the client's certificate is valid; empty without one. */
  public String peerValidity() {
    return peer == null
        ? ""
        : seconds(peer.getNotBefore().toInstant())
            + " - "
            + seconds(peer.getNotAfter().toInstant());
  }

  private static String seconds(Instant time) {
    return time.toString();
  }
}
