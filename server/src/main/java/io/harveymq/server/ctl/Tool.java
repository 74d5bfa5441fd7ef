package io.harveymq.server.ctl;

import java.util.List;

/** RabbitMQ's command line tools that there are, each with commands of its own. */
enum Tool {
  CTL("rabbitmqctl", "ctl"),
  DIAGNOSTICS("rabbitmq-diagnostics", "diagnostics"),
  PLUGINS("rabbitmq-plugins", "plugins");

  /** For commands that rabbitmqctl and rabbitmq-diagnostics have in common. */
  static final List<Tool> BOTH = List.of(CTL, DIAGNOSTICS);

  private final String program;
  private final String word;

  Tool(String program, String word) {
    this.program = program;
    this.word = word;
  }

  /** RabbitMQ's name of it. */
  String program() {
    return program;
  }

  /** The word for it behind {@code harvey}. */
  String word() {
    return word;
  }

  /** The tool with this word, or null. */
  static Tool of(String word) {
    for (Tool tool : values()) {
      if (tool.word.equals(word)) {
        return tool;
      }
    }
    return null;
  }
}
