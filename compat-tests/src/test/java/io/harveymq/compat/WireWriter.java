package io.harveymq.compat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Puts AMQP values together as octets, one after the other. Confined to one thread. */
final class WireWriter {
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

  static WireWriter empty() {
    return new WireWriter();
  }

  WireWriter u8(int value) {
    octets.write(value);
    return this;
  }

  WireWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  WireWriter u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  WireWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  WireWriter shortstr(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return u8(text.length).raw(text);
  }

  WireWriter longstr(String value) {
    return longstr(value.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter longstr(byte[] value) {
    return u32(value.length).raw(value);
  }

  WireWriter raw(byte[] value) {
    octets.writeBytes(value);
    return this;
  }

  /** Up to eight bits in one octet, the first in the lowest place. */
  WireWriter bits(boolean... bits) {
    int octet = 0;
    for (int i = 0; i < bits.length; i++) {
      octet |= bits[i] ? 1 << i : 0;
    }
    return u8(octet);
  }

  /** A field table with its length; values are String, Integer, Long, Boolean or such a map. */
  WireWriter table(Map<String, ?> fields) {
    return longstr(new WireWriter().fields(fields).octets());
  }

  /** The entries of a field table without the length in front. */
  WireWriter fields(Map<String, ?> fields) {
    fields.forEach((name, value) -> shortstr(name).value(value));
    return this;
  }

  private void value(Object value) {
    if (value instanceof String text) {
      u8('S').longstr(text);
    } else if (value instanceof Integer number) {
      u8('I').u32(number);
    } else if (value instanceof Long number) {
      u8('l').u64(number);
    } else if (value instanceof Boolean bit) {
      u8('t').u8(bit ? 1 : 0);
    } else if (value instanceof Map<?, ?> table) {
      WireWriter inner = new WireWriter();
      table.forEach((name, field) -> inner.shortstr((String) name).value(field));
      u8('F').longstr(inner.octets());
    } else {
      throw new IllegalArgumentException("no field type for " + value);
    }
  }

  byte[] octets() {
    return octets.toByteArray();
  }
}
