package io.harveymq.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Values as Python writes them, which scripts read: {@code True}, {@code 1e-05}. Any thread. */
final class PythonText {
  private static final int PLAIN_DIGITS = 16;
  private static final int PLAIN_ZEROS = -4;
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_ASCII = 0x7e;

  private PythonText() {}

  /** What str() makes of a value that is neither list nor table. */
  static String of(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? "True" : "False";
    }
    return value.isNull() ? "None" : number(value);
  }

  private static String number(JsonNode value) {
    if (!value.isFloatingPointNumber()) {
      return value.asText();
    }
    double number = value.doubleValue();
    if (number == 0 || Double.isInfinite(number)) {
      return number == 0 ? Double.toString(number) : number > 0 ? "inf" : "-inf";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= PLAIN_ZEROS && exponent < PLAIN_DIGITS) {
      String plain = decimal.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = decimal.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e%+03d".formatted(exponent);
  }

  /** What json.dumps() makes of a value: one line, in ASCII. */
  static String json(JsonNode value) {
    StringBuilder text = new StringBuilder();
    write(value, -1, text);
    return text.toString();
  }

  /** The same with a line for each value, names in order, and what is not ASCII as it is. */
  static String prettyJson(JsonNode value) {
    StringBuilder text = new StringBuilder();
    write(value, 0, text);
    return text.toString();
  }

  /**
   * Writes a value.
   *
   * @param depth how far it is indented; -1 for one line
   */
  private static void write(JsonNode value, int depth, StringBuilder text) {
    int inner = depth < 0 ? -1 : depth + 1;
    if (value.isObject()) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(value.properties());
      if (depth >= 0) {
        fields.sort(Map.Entry.comparingByKey(Comparator.naturalOrder()));
      }
      text.append('{');
      String before = "";
      for (Map.Entry<String, JsonNode> field : fields) {
        separate(before, inner, text);
        quote(field.getKey(), depth < 0, text);
        write(field.getValue(), inner, text.append(": "));
        before = ",";
      }
      end(before, depth, text).append('}');
    } else if (value.isArray()) {
      text.append('[');
      String before = "";
      for (JsonNode item : value) {
        separate(before, inner, text);
        write(item, inner, text);
        before = ",";
      }
      end(before, depth, text).append(']');
    } else if (value.isTextual()) {
      quote(value.textValue(), depth < 0, text);
    } else {
      text.append(value.isNumber() ? number(value) : value.asText());
    }
  }

  private static void separate(String before, int depth, StringBuilder text) {
    text.append(before);
    if (depth >= 0) {
      text.append('\n').append("  ".repeat(depth));
    } else if (!before.isEmpty()) {
      text.append(' ');
    }
  }

  private static StringBuilder end(String before, int depth, StringBuilder text) {
    return depth < 0 || before.isEmpty() ? text : text.append('\n').append("  ".repeat(depth));
  }

  private static void quote(String value, boolean ascii, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < FIRST_PRINTABLE || ascii && c > LAST_ASCII) {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
