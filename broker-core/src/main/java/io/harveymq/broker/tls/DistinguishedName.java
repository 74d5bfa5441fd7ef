package io.harveymq.broker.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * Writes the names of certificates as RabbitMQ's rabbit_cert_info does: RFC 4514, the last part
 * first, bytes outside ASCII as {@code \C3\A9}. Stateless; any thread.
 */
final class DistinguishedName {
  private static final String COMMON_NAME = "2.5.4.3";
  private static final int BMP_STRING = 0x1E;
  private static final int UNIVERSAL_STRING = 0x1C;
  private static final int TELETEX_STRING = 0x14;
  private static final int FIRST_PRINTABLE = 32;
  private static final int LAST_PRINTABLE = 125;
  private static final String ESCAPED = "\"+,;<>\\";

  private static final Map<String, String> KEYWORDS =
      Map.ofEntries(
          Map.entry("2.5.4.4", "SN"),
          Map.entry("2.5.4.42", "GIVENNAME"),
          Map.entry("2.5.4.43", "INITIALS"),
          Map.entry("2.5.4.44", "GENERATIONQUALIFIER"),
          Map.entry(COMMON_NAME, "CN"),
          Map.entry("2.5.4.7", "L"),
          Map.entry("2.5.4.8", "ST"),
          Map.entry("2.5.4.10", "O"),
          Map.entry("2.5.4.11", "OU"),
          Map.entry("2.5.4.12", "TITLE"),
          Map.entry("2.5.4.6", "C"),
          Map.entry("2.5.4.5", "SERIALNUMBER"),
          Map.entry("2.5.4.65", "PSEUDONYM"),
          Map.entry("0.9.2342.19200300.100.1.25", "DC"),
          Map.entry("1.2.840.113549.1.9.1", "EMAILADDRESS"),
          Map.entry("0.9.2342.19200300.100.1.1", "UID"));

  private record Attribute(String type, byte[] value) {}

  private DistinguishedName() {}

  /** The whole name, such as {@code CN=client,O=Example}. */
  static String of(X500Principal principal) {
    List<String> parts = new ArrayList<>();
    for (Der.Element set : relative(principal)) {
      List<String> together = new ArrayList<>();
      for (Attribute attribute : attributes(set)) {
        String keyword = KEYWORDS.getOrDefault(attribute.type, attribute.type);
        together.add(keyword + "=" + escaped(attribute.value));
      }
      parts.add(String.join("+", together));
    }
    Collections.reverse(parts);
    return String.join(",", parts);
  }

  /** All common names, with commas between them; null for none. */
  static String commonName(X500Principal principal) {
    List<String> names = new ArrayList<>();
    for (Der.Element set : relative(principal)) {
      for (Attribute attribute : attributes(set)) {
        if (attribute.type.equals(COMMON_NAME)) {
          names.add(new String(attribute.value, StandardCharsets.UTF_8));
        }
      }
    }
    return names.isEmpty() ? null : String.join(",", names);
  }

  private static List<Der.Element> relative(X500Principal principal) {
    return Der.elements(Der.elements(principal.getEncoded()).get(0).content());
  }

  private static List<Attribute> attributes(Der.Element set) {
    List<Attribute> attributes = new ArrayList<>();
    for (Der.Element pair : Der.elements(set.content())) {
      List<Der.Element> typeAndValue = Der.elements(pair.content());
      Der.Element value = typeAndValue.get(1);
      attributes.add(new Attribute(oid(typeAndValue.get(0).content()), utf8(value)));
    }
    return attributes;
  }

  private static String oid(byte[] encoded) {
    StringBuilder text = new StringBuilder();
    long number = 0;
    for (byte octet : encoded) {
      number = number << 7 | octet & 0x7F;
      if (octet >= 0) {
        if (text.isEmpty()) {
          long first = Math.min(number / 40, 2);
          text.append(first).append('.').append(number - 40 * first);
        } else {
          text.append('.').append(number);
        }
        number = 0;
      }
    }
    return text.toString();
  }

  private static byte[] utf8(Der.Element value) {
    return switch (value.tag()) {
      case BMP_STRING ->
          new String(value.content(), StandardCharsets.UTF_16BE).getBytes(StandardCharsets.UTF_8);
      case UNIVERSAL_STRING ->
          new String(value.content(), java.nio.charset.Charset.forName("UTF-32BE"))
              .getBytes(StandardCharsets.UTF_8);
      case TELETEX_STRING ->
          new String(value.content(), StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
      default -> value.content();
    };
  }

  private static String escaped(byte[] value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length; i++) {
      int octet = value[i] & 0xFF;
      boolean first = i == 0;
      boolean last = i == value.length - 1;
      if (first && (octet == ' ' || octet == '#') || last && octet == ' ') {
        text.append('\\').append((char) octet);
      } else if (ESCAPED.indexOf(octet) >= 0) {
        text.append('\\').append((char) octet);
      } else if (octet < FIRST_PRINTABLE || octet > LAST_PRINTABLE) {
        text.append('\\').append(HexFormat.of().withUpperCase().toHexDigits((byte) octet));
      } else {
        text.append((char) octet);
      }
    }
    return text.toString();
  }
}
