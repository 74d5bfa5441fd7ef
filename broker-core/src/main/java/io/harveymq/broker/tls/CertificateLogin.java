package io.harveymq.broker.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What of a client's certificate is its user name, for the mechanism EXTERNAL. Immutable; any
 * thread.
 *
 * @param from RabbitMQ's {@code ssl_cert_login_from}
 * @param alternative RabbitMQ's {@code ssl_cert_login_san_type}
 * @param index RabbitMQ's {@code ssl_cert_login_san_index}: which of several, from 0
 */
public record CertificateLogin(From from, AlternativeName alternative, int index) {
  /** RabbitMQ's: the distinguished name. */
  public static final CertificateLogin DEFAULT =
      new CertificateLogin(From.DISTINGUISHED_NAME, AlternativeName.DNS, 0);

  /** Where the name is. */
  public enum From {
    DISTINGUISHED_NAME,
    COMMON_NAME,
    SUBJECT_ALTERNATIVE_NAME
  }

  /** Kinds of subject alternative names (RFC 5280, 4.2.1.6). */
  public enum AlternativeName {
    OTHER_NAME(0),
    EMAIL(1),
    DNS(2),
    URI(6),
    IP(7);

    private final int tag;

    AlternativeName(int tag) {
      this.tag = tag;
    }
  }

  /** Checks the index. */
  public CertificateLogin {
    if (index < 0) {
      throw new IllegalArgumentException("index must be 0 or more, not " + index);
    }
  }

  /**
   * The user's name.
   *
   * @return null when the certificate has none such, or an empty one
   */
  public String userOf(X509Certificate certificate) {
    String name =
        switch (from) {
          case DISTINGUISHED_NAME -> DistinguishedName.of(certificate.getSubjectX500Principal());
          case COMMON_NAME -> DistinguishedName.commonName(certificate.getSubjectX500Principal());
          case SUBJECT_ALTERNATIVE_NAME -> alternativeName(certificate);
        };
    return name == null || name.isEmpty() ? null : name;
  }

  private String alternativeName(X509Certificate certificate) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      List<Object> values = new ArrayList<>();
      for (List<?> typeAndValue : all == null ? List.<List<?>>of() : all) {
        if ((Integer) typeAndValue.get(0) == alternative.tag) {
          values.add(typeAndValue.get(1));
        }
      }
      return index < values.size() ? text(values.get(index)) : null;
    } catch (CertificateParsingException | IllegalArgumentException broken) {
      return null;
    }
  }

  /** RabbitMQ takes an address as its bytes; here it is written as people do. */
  private String text(Object value) {
    if (value instanceof byte[] encoded) {
      return otherName(encoded);
    }
    if (alternative == AlternativeName.IP) {
      try {
        return InetAddress.getByName(value.toString()).getHostAddress();
      } catch (UnknownHostException impossible) {
        return null;
      }
    }
    return value.toString();
  }

  /** The string in an otherName: a type, and a value within a tag. */
  private static String otherName(byte[] encoded) {
    List<Der.Element> parts = Der.elements(Der.elements(encoded).get(0).content());
    Der.Element value = parts.get(parts.size() - 1);
    while (value.tag() == Der.CONTEXT_0) {
      value = Der.elements(value.content()).get(0);
    }
    return new String(value.content(), StandardCharsets.UTF_8);
  }
}
