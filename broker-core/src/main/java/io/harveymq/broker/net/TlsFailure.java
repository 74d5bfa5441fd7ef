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

  /**
   * @param plainAlert the description of an alert that came in the clear, or -1
   */
  static String reason(Throwable failure, int plainAlert, long handshakeMillis) {
    if (plainAlert >= 0) {
      return "the client refused: " + alert(name(plainAlert));
    }
    Throwable root = failure;
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
      root = cause;
    }
    String message = text(failure);
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("empty client certificate") || lower.contains("null cert chain")) {
      return "the client shows no certificate, and it has to (fail_if_no_peer_cert)";
    }
    if (lower.contains("received fatal alert")) {
      return "the client refused: " + alert(lower.substring(lower.lastIndexOf(':') + 1).strip());
    }
    String deepest = text(root);
    return message.contains(deepest) ? message : message + " (" + deepest + ")";
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** As RFC 8446, section 6, names it. */
  private static String name(int alert) {
    return switch (alert) {
      case 10 -> "unexpected_message";
      case 20 -> "bad_record_mac";
      case 22 -> "record_overflow";
      case 40 -> "handshake_failure";
      case 42 -> "bad_certificate";
      case 43 -> "unsupported_certificate";
      case 44 -> "certificate_revoked";
      case 45 -> "certificate_expired";
      case 46 -> "certificate_unknown";
      case 47 -> "illegal_parameter";
      case 48 -> "unknown_ca";
      case 49 -> "access_denied";
      case 50 -> "decode_error";
      case 51 -> "decrypt_error";
      case 70 -> "protocol_version";
      case 71 -> "insufficient_security";
      case 80 -> "internal_error";
      case 86 -> "inappropriate_fallback";
      case 109 -> "missing_extension";
      case 110 -> "unsupported_extension";
      case 112 -> "unrecognized_name";
      case 113 -> "bad_certificate_status_response";
      case 115 -> "unknown_psk_identity";
      case 116 -> "certificate_required";
      case 120 -> "no_application_protocol";
      default -> String.valueOf(alert);
    };
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
