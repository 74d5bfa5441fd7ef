package io.harveymq.broker.argument;

import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Field values as RabbitMQ's Erlang terms: how reply texts print them, and when two are equal.
 * RabbitMQ keeps a value's type beside the term and mostly compares the bare terms, where all
 * integers and timestamps are integers, strings and byte arrays are binaries, and arrays and tables
 * are lists whose elements do carry their types. Found out on RabbitMQ 3.10.8. Stateless; any
 * thread.
 */
public final class ErlangTerm {
  private static final String ESCAPED = "\"\\\n\r\t\u000b\b\f\u001b";
  private static final String ESCAPES = "\"\\nrtvbfe";

  private ErlangTerm() {}

  /** The text of a long string, or null when the value is null or of another type. */
  public static String stringOrNull(FieldValue value) {
    return value instanceof FieldValue.LongString string ? string.asString() : null;
  }

  /** Whether the terms are the same, an integer never being a float (operator {@code =:=}). */
  public static boolean identical(FieldValue a, FieldValue b) {
    return term(a).equals(term(b));
  }

  /** Whether the terms are equal, numbers by their exact value (operator {@code ==}). */
  public static boolean equal(FieldValue a, FieldValue b) {
    if (a instanceof FieldValue.LongString x && b instanceof FieldValue.LongString y) {
      return Arrays.equals(x.value(), y.value());
    }
    if (a.isInteger() && b.isInteger()) {
      return a.asLong() == b.asLong();
    }
    Object left = term(a);
    Object right = term(b);
    if (left instanceof Number x && right instanceof Number y) {
      return x.equals(y) || isFinite(x) && isFinite(y) && exact(x).compareTo(exact(y)) == 0;
    }
    return left.equals(right);
  }

  /** The value as text, strings and bytes as they are, the rest as {@link #print} does. */
  public static String text(FieldValue value) {
    if (value instanceof FieldValue.LongString string) {
      return string.asString();
    }
    return value instanceof FieldValue.Binary binary
        ? new String(binary.value(), StandardCharsets.UTF_8)
        : print(value);
  }

  /**
   * The value as the Erlang shell prints it: {@code 1.0}, {@code <<"x">>}, {@code [{signedint,1}]}.
   */
  public static String print(FieldValue value) {
    StringBuilder out = new StringBuilder();
    print(value, out);
    return out.toString();
  }

  /**
   * Text as the Erlang shell prints a string, which is a list of numbers unless all bytes are
   * printable.
   */
  public static String quoted(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return isPrintable(bytes) ? '"' + escaped(text) + '"' : "[" + numbers(bytes) + "]";
  }

  private static void print(FieldValue value, StringBuilder out) {
    if (value instanceof FieldValue.LongString string) {
      printBinary(string.value(), out);
    } else if (value instanceof FieldValue.Binary binary) {
      printBinary(binary.value(), out);
    } else if (value instanceof FieldValue.Decimal decimal) {
      out.append('{').append(decimal.scale()).append(',').append(decimal.unscaled()).append('}');
    } else if (value instanceof FieldValue.Void) {
      out.append("undefined");
    } else if (value instanceof FieldValue.Array array) {
      printArray(array.values(), out);
    } else if (value instanceof FieldValue.Table table) {
      printTable(table.value(), out);
    } else {
      out.append(term(value).toString().replace('E', 'e'));
    }
  }

  private static void printArray(List<FieldValue> values, StringBuilder out) {
    String separator = "[";
    for (FieldValue value : values) {
      out.append(separator).append('{').append(value.typeName()).append(',');
      print(value, out);
      out.append('}');
      separator = ",";
    }
    out.append(values.isEmpty() ? "[]" : "]");
  }

  private static void printTable(FieldTable table, StringBuilder out) {
    for (int i = 0; i < table.size(); i++) {
      out.append(i == 0 ? "[{" : ",{");
      printBinary(table.key(i).getBytes(StandardCharsets.UTF_8), out);
      out.append(',').append(table.value(i).typeName()).append(',');
      print(table.value(i), out);
      out.append('}');
    }
    out.append(table.isEmpty() ? "[]" : "]");
  }

  private static void printBinary(byte[] bytes, StringBuilder out) {
    if (bytes.length == 0) {
      out.append("<<>>");
    } else if (isPrintable(bytes)) {
      out.append("<<\"").append(escaped(new String(bytes, StandardCharsets.UTF_8))).append("\">>");
    } else {
      out.append("<<").append(numbers(bytes)).append(">>");
    }
  }

  /**
   * Erlang looks at single bytes here, as Latin-1, so some letters beyond ASCII count as printable
   * and some do not.
   */
  private static boolean isPrintable(byte[] bytes) {
    for (byte b : bytes) {
      int c = b & 0xFF;
      boolean plain = c >= 0x20 && c < 0x7F || c >= 0xA0;
      if (!plain && ESCAPED.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      int escape = ESCAPED.indexOf(text.charAt(i));
      if (escape < 0) {
        out.append(text.charAt(i));
      } else {
        out.append('\\').append(ESCAPES.charAt(escape));
      }
    }
    return out.toString();
  }

  private static String numbers(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length * 4);
    for (byte b : bytes) {
      out.append(out.isEmpty() ? "" : ",").append(b & 0xFF);
    }
    return out.toString();
  }

  /** The bare term, with an equality like {@code =:=}. */
  private static Object term(FieldValue value) {
    if (value.isInteger()) {
      return value.asLong();
    }
    if (value instanceof FieldValue.LongString string) {
      return ByteBuffer.wrap(string.value());
    }
    if (value instanceof FieldValue.Binary binary) {
      return ByteBuffer.wrap(binary.value());
    }
    if (value instanceof FieldValue.Bool bool) {
      return bool.value();
    }
    if (value instanceof FieldValue.Float64 number) {
      return number.value();
    }
    if (value instanceof FieldValue.Float32 number) {
      return (double) number.value();
    }
    if (value instanceof FieldValue.Timestamp timestamp) {
      return seconds(timestamp.seconds());
    }
    if (value instanceof FieldValue.Array array) {
      return array.values();
    }
    if (value instanceof FieldValue.Table table) {
      return table.value().entries();
    }
    return value;
  }

  private static Number seconds(long unsigned) {
    return unsigned >= 0 ? unsigned : new BigInteger(Long.toUnsignedString(unsigned));
  }

  private static boolean isFinite(Number number) {
    return Double.isFinite(number.doubleValue());
  }

  private static BigDecimal exact(Number number) {
    if (number instanceof Double d) {
      return new BigDecimal(d);
    }
    return number instanceof BigInteger i ? new BigDecimal(i) : new BigDecimal(number.longValue());
  }
}
