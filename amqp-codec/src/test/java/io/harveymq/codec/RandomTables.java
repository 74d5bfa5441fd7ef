package io.harveymq.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random field tables of every type, the same for the same seed. */
final class RandomTables {
  private static final String[] KEYS = {"", "x-death", "ü", "count", "k".repeat(255), "again"};

  private final Random random;

  RandomTables(Random random) {
    this.random = random;
  }

  /** A table with up to seven entries, maybe with repeated keys. */
  FieldTable table(int depth) {
    FieldTable.Builder builder = FieldTable.builder();
    int size = random.nextInt(8);
    for (int i = 0; i < size; i++) {
      builder.append(KEYS[random.nextInt(KEYS.length)], value(depth));
    }
    return builder.build();
  }

  private FieldValue value(int depth) {
    return switch (random.nextInt(depth > 0 ? 17 : 15)) {
      case 0 -> FieldValue.of(random.nextBoolean());
      case 1 -> new FieldValue.Int8((byte) random.nextInt());
      case 2 -> new FieldValue.UInt8(random.nextInt(1 << 8));
      case 3 -> new FieldValue.Int16((short) random.nextInt());
      case 4 -> new FieldValue.UInt16(random.nextInt(1 << 16));
      case 5 -> FieldValue.of(random.nextInt());
      case 6 -> new FieldValue.UInt32(Integer.toUnsignedLong(random.nextInt()));
      case 7 -> FieldValue.of(random.nextLong());
      case 8 -> new FieldValue.Float32(Float.intBitsToFloat(random.nextInt()));
      case 9 -> new FieldValue.Float64(Double.longBitsToDouble(random.nextLong()));
      case 10 ->
          new FieldValue.Decimal(random.nextInt(1 << 8), Integer.toUnsignedLong(random.nextInt()));
      case 11 -> new FieldValue.LongString(bytes());
      case 12 -> new FieldValue.Binary(bytes());
      case 13 -> new FieldValue.Timestamp(random.nextLong());
      case 14 -> FieldValue.Void.INSTANCE;
      case 15 -> FieldValue.of(table(depth - 1));
      default -> FieldValue.of(values(depth - 1));
    };
  }

  private List<FieldValue> values(int depth) {
    List<FieldValue> values = new ArrayList<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      values.add(value(depth));
    }
    return values;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return bytes;
  }
}
