package io.harveymq.compat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes AMQP values from octets, one after the other. Confined to one thread. */
final class WireReader {
  private final ByteBuffer octets;

  WireReader(byte[] octets) {
    this.octets = ByteBuffer.wrap(octets);
  }

  int u8() {
    return octets.get() & 0xFF;
  }

  int u16() {
    return octets.getShort() & 0xFFFF;
  }

  long u32() {
    return octets.getInt() & 0xFFFFFFFFL;
  }

  long u64() {
    return octets.getLong();
  }

  String shortstr() {
    return new String(take(u8()), StandardCharsets.UTF_8);
  }

  byte[] longstr() {
    return take((int) u32());
  }

  String longstrText() {
    return new String(longstr(), StandardCharsets.UTF_8);
  }

  int remaining() {
    return octets.remaining();
  }

  byte[] rest() {
    return take(octets.remaining());
  }

  /** A field table with its length in front; nested tables become maps, longstr becomes String. */
  Map<String, Object> table() {
    WireReader inner = new WireReader(longstr());
    Map<String, Object> fields = new LinkedHashMap<>();
    while (inner.remaining() > 0) {
      fields.put(inner.shortstr(), inner.value());
    }
    return fields;
  }

  private Object value() {
    char tag = (char) u8();
    return switch (tag) {
      case 't' -> u8() != 0;
      case 'b' -> octets.get();
      case 'B' -> u8();
      case 's' -> octets.getShort();
      case 'u' -> u16();
      case 'I' -> octets.getInt();
      case 'i' -> u32();
      case 'l', 'L', 'T' -> u64();
      case 'f' -> octets.getFloat();
      case 'd' -> octets.getDouble();
      case 'S' -> longstrText();
      case 'x' -> longstr();
      case 'F' -> table();
      case 'A' -> array();
      case 'V' -> "void";
      default -> throw new IllegalArgumentException("field type " + tag);
    };
  }

  private List<Object> array() {
    WireReader inner = new WireReader(longstr());
    List<Object> values = new ArrayList<>();
    while (inner.remaining() > 0) {
      values.add(inner.value());
    }
    return values;
  }

  private byte[] take(int count) {
    byte[] taken = new byte[count];
    octets.get(taken);
    return taken;
  }
}
