package io.harveymq.benchmarks;

import java.util.Iterator;
import java.util.Map;
import java.util.Map.Entry;

/** Writes maps, lists, strings and numbers as JSON. Stateless. */
final class Json {
  private static final int FIRST_PRINTABLE = 0x20;

  private Json() {}

  /** The value as JSON text, indented by two spaces a level; anything unknown as its string. */
  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "\n", out);
    return out.append('\n').toString();
  }

  private static void write(Object value, String indent, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      writeAll(map.entrySet(), "{}", indent, out);
    } else if (value instanceof Iterable<?> items) {
      writeAll(items, "[]", indent, out);
    } else if (value instanceof Entry<?, ?> entry) {
      quote(entry.getKey().toString(), out);
      write(entry.getValue(), indent, out.append(": "));
    } else if (value instanceof Number || value instanceof Boolean || value == null) {
      out.append(value);
    } else {
      quote(value.toString(), out);
    }
  }

  private static void writeAll(
      Iterable<?> items, String brackets, String indent, StringBuilder out) {
    out.append(brackets.charAt(0));
    Iterator<?> iterator = items.iterator();
    boolean any = iterator.hasNext();
    while (iterator.hasNext()) {
      write(iterator.next(), indent + "  ", out.append(indent).append("  "));
      out.append(iterator.hasNext() ? "," : "");
    }
    out.append(any ? indent : "").append(brackets.charAt(1));
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
