package io.harveymq.compat.differential;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Words for AMQP values, and back: octets as percent-encoded text without blanks; field tables as
 * {@code {name=S:text,other=I:5,inner=F:{a=t:1},list=A:[S:x,V:]}} with the type letters of the
 * wire. Stateless; any thread.
 */
final class WireText {
  private static final String PLAIN = "-._/*#$@!?'()&;<>~^";

  private WireText() {}

  /** The octets as a word: letters, digits and a few signs stand for themselves. */
  static String word(byte[] octets) {
    StringBuilder word = new StringBuilder();
    for (byte octet : octets) {
      char letter = (char) (octet & 0xFF);
      boolean plain =
          letter < 128 && (Character.isLetterOrDigit(letter) || PLAIN.indexOf(letter) >= 0);
      word.append(plain ? String.valueOf(letter) : "%%%02X".formatted((int) letter));
    }
    return word.toString();
  }

  static String word(String text) {
    return word(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The octets that a word stands for. */
  static byte[] octets(String word) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int i = 0; i < word.length(); i++) {
      char letter = word.charAt(i);
      if (letter == '%') {
        octets.write(Integer.parseInt(word.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        octets.writeBytes(String.valueOf(letter).getBytes(StandardCharsets.UTF_8));
      }
    }
    return octets.toByteArray();
  }

  /** Reads a field table, its length first. */
  static String readTable(ByteBuffer in) {
    ByteBuffer inner = part(in, in.getInt());
    StringBuilder text = new StringBuilder("{");
    while (inner.hasRemaining()) {
      text.append(text.length() > 1 ? "," : "");
      text.append(word(take(inner, inner.get() & 0xFF))).append('=').append(readValue(inner));
    }
    return text.append('}').toString();
  }

  private static String readValue(ByteBuffer in) {
    char type = (char) in.get();
    String value =
        switch (type) {
          case 't', 'b' -> String.valueOf(in.get());
          case 'B' -> String.valueOf(in.get() & 0xFF);
          case 's' -> String.valueOf(in.getShort());
          case 'u' -> String.valueOf(in.getShort() & 0xFFFF);
          case 'I' -> String.valueOf(in.getInt());
          case 'i' -> String.valueOf(in.getInt() & 0xFFFFFFFFL);
          case 'l', 'L' -> String.valueOf(in.getLong());
          case 'T' -> Long.toUnsignedString(in.getLong());
          case 'f' -> String.valueOf(in.getFloat());
          case 'd' -> String.valueOf(in.getDouble());
          case 'D' -> (in.get() & 0xFF) + "/" + in.getInt();
          case 'S', 'x' -> word(take(in, in.getInt()));
          case 'F' -> readTable(in);
          case 'A' -> readArray(in);
          case 'V' -> "";
          default -> throw new IllegalStateException("field type " + type);
        };
    return type + ":" + value;
  }

  private static String readArray(ByteBuffer in) {
    ByteBuffer inner = part(in, in.getInt());
    StringBuilder text = new StringBuilder("[");
    while (inner.hasRemaining()) {
      text.append(text.length() > 1 ? "," : "").append(readValue(inner));
    }
    return text.append(']').toString();
  }

  static byte[] take(ByteBuffer in, int count) {
    byte[] taken = new byte[count];
    in.get(taken);
    return taken;
  }

  private static ByteBuffer part(ByteBuffer in, int length) {
    return ByteBuffer.wrap(take(in, length));
  }

  /** The octets of a field table, its length first. */
  static byte[] table(String text) {
    Parser parser = new Parser(text);
    byte[] table = parser.table();
    if (parser.at != text.length()) {
      throw new IllegalArgumentException("after the table: " + text.substring(parser.at));
    }
    return table;
  }

  /** Goes through the text of one table. Confined to one thread. */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    byte[] table() {
      ByteArrayOutputStream fields = new ByteArrayOutputStream();
      expect('{');
      while (text.charAt(at) != '}') {
        byte[] name = octets(until("="));
        expect('=');
        fields.write(name.length);
        fields.writeBytes(name);
        fields.writeBytes(value());
        skip(',');
      }
      expect('}');
      return sized(fields.toByteArray());
    }

    private byte[] array() {
      ByteArrayOutputStream values = new ByteArrayOutputStream();
      expect('[');
      while (text.charAt(at) != ']') {
        values.writeBytes(value());
        skip(',');
      }
      expect(']');
      return sized(values.toByteArray());
    }

    private byte[] value() {
      char type = text.charAt(at++);
      expect(':');
      byte[] encoded =
          switch (type) {
            case 'F' -> table();
            case 'A' -> array();
            default -> simple(type, until(",}]"));
          };
      return ByteBuffer.allocate(1 + encoded.length).put((byte) type).put(encoded).array();
    }

    private static byte[] simple(char type, String value) {
      return switch (type) {
        case 't', 'b', 'B' -> new byte[] {(byte) Integer.parseInt(value)};
        case 's', 'u' -> ByteBuffer.allocate(2).putShort((short) Integer.parseInt(value)).array();
        case 'I', 'i' -> ByteBuffer.allocate(4).putInt((int) Long.parseLong(value)).array();
        case 'l', 'L' -> ByteBuffer.allocate(8).putLong(Long.parseLong(value)).array();
        case 'T' -> ByteBuffer.allocate(8).putLong(Long.parseUnsignedLong(value)).array();
        case 'f' -> ByteBuffer.allocate(4).putFloat(Float.parseFloat(value)).array();
        case 'd' -> ByteBuffer.allocate(8).putDouble(Double.parseDouble(value)).array();
        case 'D' -> decimal(value.split("/"));
        case 'S', 'x' -> sized(octets(value));
        case 'V' -> new byte[0];
        default -> throw new IllegalArgumentException("field type " + type);
      };
    }

    private static byte[] decimal(String[] parts) {
      return ByteBuffer.allocate(5)
          .put((byte) Integer.parseInt(parts[0]))
          .putInt(Integer.parseInt(parts[1]))
          .array();
    }

    private static byte[] sized(byte[] octets) {
      return ByteBuffer.allocate(4 + octets.length).putInt(octets.length).put(octets).array();
    }

    private String until(String ends) {
      int start = at;
      while (ends.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skip(char letter) {
      if (text.charAt(at) == letter) {
        at++;
      }
    }

    private void expect(char letter) {
      if (text.charAt(at) != letter) {
        throw new IllegalArgumentException(letter + " expected at " + at + " of " + text);
      }
      at++;
    }
  }
}
