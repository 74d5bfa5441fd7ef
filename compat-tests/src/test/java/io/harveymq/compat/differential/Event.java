package io.harveymq.compat.differential;

import java.util.Map;

/**
 * A method that came from the broker, its fields as text, and its content as text, "" without one.
 * Immutable; any thread.
 */
record Event(int channel, MethodTable.Shape shape, Map<String, String> fields, String content) {

  boolean is(String name) {
    return shape.name().equals(name);
  }

  String field(String name) {
    return fields.get(name);
  }

  long number(String name) {
    return Long.parseLong(fields.get(name));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(shape.name());
    fields.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return content.isEmpty() ? text.toString() : text.append(' ').append(content).toString();
  }
}
