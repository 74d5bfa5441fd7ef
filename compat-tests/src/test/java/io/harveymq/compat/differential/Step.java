package io.harveymq.compat.differential;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that a client does, on a channel of one of its connections (0 for the connection
 * itself): an AMQP method by its name, or one of the words that {@link Player} knows. As text it is
 * one line, {@code 1.2 basic.get queue=q1 no-ack=1}. Immutable; any thread.
 */
record Step(int connection, int channel, String action, Map<String, String> arguments) {

  Step {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }

  /** Reads the text of a step. */
  static Step parse(String line) {
    String[] words = line.trim().split(" +");
    String[] place = words[0].split("\\.");
    Map<String, String> arguments = new LinkedHashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      arguments.put(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return new Step(Integer.parseInt(place[0]), Integer.parseInt(place[1]), words[1], arguments);
  }

  /** The argument's text, or what is told when the step has none. */
  String get(String name, String otherwise) {
    return arguments.getOrDefault(name, otherwise);
  }

  boolean isSet(String name) {
    return get(name, "0").equals("1");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(connection).append('.').append(channel).append(' ').append(action);
    arguments.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return text.toString();
  }
}
