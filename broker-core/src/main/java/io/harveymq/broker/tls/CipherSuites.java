package io.harveymq.broker.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;

/** Names of cipher suites as OpenSSL, which RabbitMQ follows, and Java write them. Stateless. */
final class CipherSuites {
  private static final Pattern OPENSSL =
      Pattern.compile(
          "(?:(ECDHE|DHE|ECDH)-(ECDSA|RSA|DSS)-)?(AES128|AES256|CHACHA20)-?(GCM|CCM|POLY1305)?"
              + "(?:-(SHA|SHA256|SHA384))?");

  private CipherSuites() {}

  /**
   * Java's names for some, in the same order.
   *
   * @throws TlsException for one that Java does not have, or that no version can use
   */
  static List<String> of(TlsOptions options, SSLParameters supported) throws TlsException {
    Set<String> known = new TreeSet<>(Arrays.asList(supported.getCipherSuites()));
    List<String> names = new ArrayList<>();
    for (String given : options.ciphers()) {
      String name = known.contains(given) ? given : ofOpenSsl(given);
      if (!known.contains(name)) {
        throw new TlsException(
            "ciphers",
            "'"
                + given
                + "' is no cipher suite that Java offers; choose from "
                + String.join(", ", strong(known)));
      }
      names.add(name);
    }
    boolean usable = names.stream().anyMatch(name -> serves(name, options.versions()));
    if (!names.isEmpty() && !usable) {
      throw new TlsException(
          "ciphers",
          "none of the cipher suites can be used with "
              + options.versions().get(0).javaName()
              + ", the only version; TLS 1.3 has its own, such as TLS_AES_256_GCM_SHA384");
    }
    return names;
  }

  private static boolean serves(String name, List<TlsVersion> versions) {
    boolean of13 = !name.contains("_WITH_");
    return versions.contains(of13 ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2);
  }

  /** What to recommend: encryption that authenticates. */
  private static List<String> strong(Set<String> known) {
    return known.stream()
        .filter(name -> name.contains("GCM") || name.contains("POLY1305"))
        .filter(name -> name.startsWith("TLS_AES") || name.contains("ECDHE"))
        .toList();
  }

  private static String ofOpenSsl(String given) {
    Matcher parts = OPENSSL.matcher(given.toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      return given;
    }
    String exchange =
        parts.group(1) == null
            ? parts.group(2) == null ? "RSA" : ""
            : parts.group(1) + "_" + parts.group(2);
    String cipher =
        switch (parts.group(3)) {
          case "AES128" -> "AES_128_";
          case "AES256" -> "AES_256_";
          default -> "CHACHA20_";
        };
    String mode = parts.group(4) == null ? "CBC" : parts.group(4);
    String hash = parts.group(5) == null ? "SHA256" : parts.group(5);
    return "TLS_" + exchange + "_WITH_" + cipher + mode + "_" + hash;
  }
}
