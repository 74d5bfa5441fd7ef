package io.harveymq.server.config;

/**
 * One setting as somebody gave it. Immutable; any thread.
 *
 * @param key RabbitMQ's name of it, or one that begins with {@code harvey.}
 * @param value as given, without quotes around it
 * @param source the kind of place
 * @param place an option, a variable, or {@code file:line}; {@code default} for what nobody gave
 */
public record ConfigEntry(String key, String value, Source source, String place) {
  /** What the last part of the key is, behind its family. */
  public String member(ConfigKey family) {
    return key.length() > family.key().length() ? key.substring(family.key().length() + 1) : "";
  }

  /** How a sentence about it begins: the option, the variable, or file, line and key. */
  public String label() {
    return source == Source.FILE ? place + ": " + key : place;
  }

  /**
   * The exception for a value that is not allowed; of the command line it is no ConfigException.
   */
  public UsageException broken(String rule) {
    String shown = ConfigKey.isSecret(key) ? "" : ", got '" + value + "'";
    String message = label() + " " + rule + shown;
    return source == Source.COMMAND_LINE
        ? new UsageException(message)
        : new ConfigException(message);
  }
}
