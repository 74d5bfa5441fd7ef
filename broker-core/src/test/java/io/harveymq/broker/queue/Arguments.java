package io.harveymq.broker.queue;

import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;

/** Field tables written as text, for tables of cases. */
final class Arguments {
  private Arguments() {}

  /** For example {@code x-expires=I:5 x-queue-mode=S:lazy}: name, type tag, value. */
  static FieldTable of(String text) {
    FieldTable.Builder builder = FieldTable.builder();
    for (String entry : text.isEmpty() ? new String[0] : text.split(" ")) {
      String[] parts = entry.split("[=:]", 3);
      builder.append(parts[0], value(parts[1].charAt(0), parts[2]));
    }
    return builder.build();
  }

  private static FieldValue value(char tag, String text) {
    return switch (tag) {
      case 'S' -> FieldValue.of(text);
      case 'x' -> new FieldValue.Binary(text.getBytes(StandardCharsets.UTF_8));
      case 't' -> FieldValue.of(Boolean.parseBoolean(text));
      case 'b' -> new FieldValue.Int8(Byte.parseByte(text));
      case 'B' -> new FieldValue.UInt8(Integer.parseInt(text));
      case 's' -> new FieldValue.Int16(Short.parseShort(text));
      case 'u' -> new FieldValue.UInt16(Integer.parseInt(text));
      case 'I' -> FieldValue.of(Integer.parseInt(text));
      case 'i' -> new FieldValue.UInt32(Long.parseLong(text));
      case 'l' -> FieldValue.of(Long.parseLong(text));
      case 'f' -> new FieldValue.Float32(Float.parseFloat(text));
      case 'd' -> new FieldValue.Float64(Double.parseDouble(text));
      case 'D' -> new FieldValue.Decimal(1, Long.parseLong(text));
      case 'T' -> new FieldValue.Timestamp(Long.parseUnsignedLong(text));
      case 'V' -> FieldValue.Void.INSTANCE;
      case 'F' -> FieldValue.of(of(text.replace(';', ' ').replace('~', '=')));
      default -> throw new IllegalArgumentException(String.valueOf(tag));
    };
  }
}
