package io.harveymq.broker.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of certificates or keys as it was read; it need not be PEM (RFC 7468). Immutable; any
 * thread.
 *
 * @param option what it is to RabbitMQ, such as {@code certfile}
 */
record PemFile(String option, Path path, byte[] bytes, List<Section> sections) {
  private static final Pattern SECTION =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*(?:-(?!----)[^-]*)*)-----END \\1-----");
  private static final long MOST_BYTES = 4L << 20;
  private static final int SEQUENCE = 0x30;
  private static final int JAVA_KEY_STORE = 0xFE;

  /**
   * A part of a PEM file.
   *
   * @param label such as {@code CERTIFICATE}
   * @param headers lines before the content, as keys that OpenSSL 1 encrypted have
   */
  record Section(String label, String headers, byte[] content) {}

  /**
   * Reads a file.
   *
   * @throws TlsException when it can't be read
   */
  static PemFile read(String option, Path path) throws TlsException {
    byte[] bytes = bytes(option, path);
    try {
      return new PemFile(option, path, bytes, sections(bytes));
    } catch (IllegalArgumentException broken) {
      throw new TlsException(
          option, path + " is damaged: " + broken.getMessage() + "; copy it again", broken);
    }
  }

  private static byte[] bytes(String option, Path path) throws TlsException {
    try {
      if (Files.isDirectory(path)) {
        throw new TlsException(option, path + " is a directory; name a file");
      }
      if (Files.exists(path) && Files.size(path) > MOST_BYTES) {
        throw new TlsException(option, path + " is too large for certificates and keys");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException missing) {
      throw new TlsException(
          option,
          "there is no file "
              + path.toAbsolutePath().normalize()
              + "; correct the path, or make certificates for development with 'harvey tls dev'",
          missing);
    } catch (AccessDeniedException denied) {
      throw new TlsException(
          option, path + " may not be read by this user; change its owner or mode", denied);
    } catch (IOException broken) {
      throw new TlsException(option, path + " can't be read: " + broken.getMessage(), broken);
    }
  }

  private static List<Section> sections(byte[] bytes) {
    List<Section> sections = new ArrayList<>();
    Matcher matcher = SECTION.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      String inner = matcher.group(2).strip().replace("\r", "");
      int blank = inner.indexOf(':') < 0 ? -1 : inner.indexOf("\n\n");
      String headers = blank < 0 ? "" : inner.substring(0, blank);
      String encoded = blank < 0 ? inner : inner.substring(blank);
      byte[] content = Base64.getDecoder().decode(encoded.replaceAll("\\s", ""));
      sections.add(new Section(matcher.group(1), headers, content));
    }
    return sections;
  }

  /** Whether it looks like PKCS#12, which is DER. */
  boolean isBinary() {
    return sections.isEmpty() && bytes.length > 0 && (bytes[0] & 0xFF) == SEQUENCE;
  }

  /**
   * The certificates in it, at least one.
   *
   * @throws TlsException when there is none, or one is broken
   */
  List<X509Certificate> certificates() throws TlsException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Section section : sections) {
        if (section.label().endsWith("CERTIFICATE")) {
          found.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(section.content())));
        }
      }
    } catch (CertificateException broken) {
      throw new TlsException(
          option, path + " holds a broken certificate: " + broken.getMessage(), broken);
    }
    if (found.isEmpty()) {
      throw new TlsException(option, path + " holds no certificate; " + whatInstead());
    }
    return found;
  }

  /** What such a file is to be, for an error. */
  private String whatInstead() {
    if (bytes.length > 0 && (bytes[0] & 0xFF) == JAVA_KEY_STORE) {
      return "it is a Java key store (JKS): convert it with 'keytool -importkeystore"
          + " -deststoretype pkcs12'";
    }
    return "it has to be PEM, with lines such as -----BEGIN CERTIFICATE-----";
  }
}
