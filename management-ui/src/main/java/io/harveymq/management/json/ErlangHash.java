package io.harveymq.management.json;

import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The hash that RabbitMQ names a binding's arguments with: Erlang's phash2 of the sorted arguments,
 * over all 32 bits. A term is mixed in part by part with the mixing step of Bob Jenkins' hash of
 * 1996, each kind of part with a constant of its own, which is a multiple of the golden ratio. Not
 * safe for several threads.
 */
public final class ErlangHash {
  private static final int GOLDEN = 0x9e3779b9;
  private static final int NIL = 2 * GOLDEN;
  private static final int ATOM = 3 * GOLDEN;
  private static final int TUPLE = 9 * GOLDEN;
  private static final int NEGATIVE_BIG = 10 * GOLDEN;
  private static final int BIG = 11 * GOLDEN;
  private static final int FLOAT = 12 * GOLDEN;
  private static final int BINARY = 13 * GOLDEN;

  /** What Erlang takes for the kind of the empty list, and for that alone. */
  private static final int NIL_KIND = 2;

  private static final int NOTHING_BUT_NIL = (int) 3_468_870_702L;

  /** Whole numbers of up to 28 bits are mixed in as such, whatever machine Erlang runs on. */
  private static final long LARGEST_SMALL = (1 << 27) - 1;

  private static final int BLOCK = 12;

  private int hash;

  private ErlangHash() {}

  /** The hash of arguments, whatever their order, such as {@code Ajat_Q}. */
  public static String nameOf(FieldTable arguments) {
    byte[] hash = ByteBuffer.allocate(Integer.BYTES).putInt(of(arguments.sorted())).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  /** The hash of a table in its order, as RabbitMQ keeps it: triples of name, type and value. */
  static int of(FieldTable table) {
    ErlangHash hash = new ErlangHash();
    hash.table(table);
    return hash.hash;
  }

  private void table(FieldTable table) {
    for (int i = 0; i < table.size(); i++) {
      FieldValue value = table.value(i);
      tuple(3);
      binary(table.key(i).getBytes(StandardCharsets.UTF_8));
      atom(value.typeName());
      value(value);
    }
    nil();
  }

  private void array(List<FieldValue> values) {
    for (FieldValue value : values) {
      tuple(2);
      atom(value.typeName());
      value(value);
    }
    nil();
  }

  private void value(FieldValue value) {
    if (value instanceof FieldValue.LongString string) {
      binary(string.value());
    } else if (value instanceof FieldValue.Binary bytes) {
      binary(bytes.value());
    } else if (value instanceof FieldValue.Bool bool) {
      atom(Boolean.toString(bool.value()));
    } else if (value instanceof FieldValue.Table table) {
      table(table.value());
    } else if (value instanceof FieldValue.Array array) {
      array(array.values());
    } else if (value instanceof FieldValue.Void) {
      atom("undefined");
    } else if (value instanceof FieldValue.Decimal decimal) {
      tuple(2);
      integer(decimal.scale());
      integer(decimal.unscaled());
    } else if (value instanceof FieldValue.Float32 number) {
      real(number.value());
    } else if (value instanceof FieldValue.Float64 number) {
      real(number.value());
    } else if (value instanceof FieldValue.Timestamp time) {
      unsigned(time.seconds());
    } else {
      integer(value.asLong());
    }
  }

  // ---- terms

  private void nil() {
    if (hash == 0) {
      hash = NOTHING_BUT_NIL;
    } else {
      mix(NIL_KIND, 0, NIL);
    }
  }

  private void tuple(int size) {
    mix(size, 0, TUPLE);
  }

  private void atom(String name) {
    if (hash == 0) {
      hash = atomHash(name);
    } else {
      mix(atomHash(name), 0, ATOM);
    }
  }

  /** P. J. Weinberger's hash of a name. */
  private static int atomHash(String name) {
    int sum = 0;
    for (byte octet : name.getBytes(StandardCharsets.ISO_8859_1)) {
      sum = (sum << 4) + (octet & 0xFF);
      int high = sum & 0xF000_0000;
      sum ^= high >>> 24;
      sum ^= high;
    }
    return sum;
  }

  private void integer(long number) {
    if (number > LARGEST_SMALL || number < -LARGEST_SMALL - 1) {
      big(Math.abs(number), number < 0);
      return;
    }
    if (number < 0) {
      mix((int) -number, 0, GOLDEN);
    }
    mix((int) number, 0, GOLDEN);
  }

  private void unsigned(long number) {
    if (number < 0) {
      big(number, false);
    } else {
      integer(number);
    }
  }

  private void big(long magnitude, boolean negative) {
    mix((int) magnitude, (int) (magnitude >>> 32), negative ? NEGATIVE_BIG : BIG);
  }

  private void real(double number) {
    long bits = Double.doubleToRawLongBits(number == 0 ? 0.0 : number);
    mix((int) (bits >>> 32), (int) bits, FLOAT);
  }

  /** Mixes in octets, twelve at a time; the count goes where the last block leaves room for it. */
  private void binary(byte[] bytes) {
    int a = GOLDEN;
    int b = GOLDEN;
    int c = BINARY + hash;
    if (bytes.length == 0) {
      hash = c;
      return;
    }
    int position = 0;
    for (; bytes.length - position >= BLOCK; position += BLOCK) {
      jenkins(
          a + word(bytes, position), b + word(bytes, position + 4), c + word(bytes, position + 8));
      a = mixedA;
      b = mixedB;
      c = hash;
    }
    c += bytes.length;
    jenkins(
        a + word(bytes, position),
        b + word(bytes, position + 4),
        c + (lastWord(bytes, position + 8) << 8));
  }

  private static int word(byte[] bytes, int from) {
    return octets(bytes, from, 4);
  }

  private static int lastWord(byte[] bytes, int from) {
    return octets(bytes, from, 3);
  }

  private static int octets(byte[] bytes, int from, int count) {
    int word = 0;
    for (int i = 0; i < count && from + i < bytes.length; i++) {
      word |= (bytes[from + i] & 0xFF) << 8 * i;
    }
    return word;
  }

  // ---- mixing

  private int mixedA;
  private int mixedB;

  private void mix(int one, int other, int kind) {
    jenkins(kind + one, kind + other, hash);
  }

  private void jenkins(int first, int second, int third) {
    int a = first;
    int b = second;
    int c = third;
    a = a - b - c ^ c >>> 13;
    b = b - c - a ^ a << 8;
    c = c - a - b ^ b >>> 13;
    a = a - b - c ^ c >>> 12;
    b = b - c - a ^ a << 16;
    c = c - a - b ^ b >>> 5;
    a = a - b - c ^ c >>> 3;
    b = b - c - a ^ a << 10;
    c = c - a - b ^ b >>> 15;
    mixedA = a;
    mixedB = b;
    hash = c;
  }
}
