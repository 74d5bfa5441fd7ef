package io.harveymq.broker.tls;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** As much of ASN.1's DER (X.690) as private keys are wrapped in. Stateless; any thread. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int OID = 0x06;
  static final int SEQUENCE = 0x30;
  static final int CONTEXT_0 = 0xA0;

  private static final int LONG_FORM = 0x80;

  /** One element: its tag and content. */
  record Element(int tag, byte[] content) {}

  private Der() {}

  /** An element with its content. */
  static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < LONG_FORM) {
      out.write(length);
    } else {
      int octets = length < 1 << 8 ? 1 : length < 1 << 16 ? 2 : 3;
      out.write(LONG_FORM | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(length >>> 8 * i);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /**
   * The elements in some bytes, one after another.
   *
   * @throws IllegalArgumentException when they are no DER
   */
  static List<Element> elements(byte[] bytes) {
    List<Element> found = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int tag = at(bytes, at++);
      int length = at(bytes, at++);
      if (length >= LONG_FORM) {
        int octets = length - LONG_FORM;
        if (octets == 0 || octets > 3) {
          throw new IllegalArgumentException("no DER");
        }
        length = 0;
        for (int i = 0; i < octets; i++) {
          length = length << 8 | at(bytes, at++);
        }
      }
      if (length > bytes.length - at) {
        throw new IllegalArgumentException("cut off");
      }
      byte[] content = new byte[length];
      System.arraycopy(bytes, at, content, 0, length);
      found.add(new Element(tag, content));
      at += length;
    }
    return found;
  }

  private static int at(byte[] bytes, int index) {
    if (index >= bytes.length) {
      throw new IllegalArgumentException("cut off");
    }
    return bytes[index] & 0xFF;
  }
}
