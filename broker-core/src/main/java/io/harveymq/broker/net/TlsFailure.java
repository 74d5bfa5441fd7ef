package io.harveymq.broker.net;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Locale;

/** Says in a sentence for the log why a TLS handshake failed. Stateless; any thread. */
final class TlsFailure {
  private TlsFailure() {}

  /** Whether the client just went away, as checks of a port do. */
  static boolean isSilent(Throwable failure) {
    return failure instanceof ClosedChannelException;
  }

  static String reason(Throwable failure, long handshakeMillis) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NotSslRecordException) {
        return "the client does not speak TLS, and this port does";
      }
      if (cause instanceof SslHandshakeTimeoutException) {
        return "the client did not finish the TLS handshake within " + handshakeMillis + " ms";
      }
      if (cause instanceof CertificateException) {
        return cause.getMessage();
      }
    }
    String message = String.valueOf(failure.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("empty client certificate") || lower.contains("null cert chain")) {
      return "the client shows no certificate, and it has to (fail_if_no_peer_cert)";
    }
    if (lower.contains("insufficient buffer remaining for aead cipher fragment (2)")) {
      return "the client refused without encryption, as OpenSSL does with TLS 1.3: most likely it"
          + " does not trust the certificate of this broker, or not for this host";
    }
    if (lower.contains("received fatal alert")) {
      return "the client refused: " + alert(lower.substring(lower.lastIndexOf(':') + 1).strip());
    }
    return message;
  }

  /** What the commonest alerts (RFC 8446, section 6.2) mean. */
  private static String alert(String name) {
    return switch (name) {
      case "unknown_ca", "certificate_unknown", "bad_certificate" ->
          "it does not trust the certificate of this broker, or not for this host (alert "
              + name
              + ")";
      case "certificate_expired" ->
          "the certificate of this broker or one above it has expired (alert " + name + ")";
      case "protocol_version" -> "it wants another version of TLS (alert " + name + ")";
      default -> "alert " + name;
    };
  }
}
