package io.harveymq.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads RabbitMQ's configuration format: a line is empty, a comment behind {@code #}, or {@code key
 * = value}. A dot within a part of a key is written {@code \.}; a value in single quotes may
 * contain {@code #}, and double quotes are part of the value. One use, one thread.
 */
public final class ConfigFile {
  private final String name;
  private final List<ConfigEntry> entries = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private String text;
  private int line;
  private int at;

  private ConfigFile(String name) {
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException when it can't be read, or a line breaks the format
   */
  public static ConfigFile read(Path file) throws ConfigException {
    try {
      return parse(file.toString(), content(file));
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
  }

  /** UTF-8, or else as RabbitMQ takes it, Latin-1. */
  private static String content(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException notUtf8) {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * Reads the content of a file.
   *
   * @param name what messages call it
   * @throws ConfigException for a line that breaks the format, with its number and column
   */
  static ConfigFile parse(String name, String content) throws ConfigException {
    ConfigFile file = new ConfigFile(name);
    for (String text : content.split("\r?\n", -1)) {
      file.line++;
      file.text = file.line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
      file.at = 0;
      file.readLine();
    }
    return file;
  }

  /** The settings in the order of their lines; the later of two with one key is meant. */
  public List<ConfigEntry> entries() {
    return List.copyOf(entries);
  }

  /** What is odd and does no harm, a sentence with file and line each. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  private void readLine() throws ConfigException {
    skipBlanks();
    if (atEnd() || text.charAt(at) == '#') {
      return;
    }
    if (text.startsWith("include ", at)) {
      warnings.add(place() + ": 'include' is not followed; put the file in conf.d instead");
      return;
    }
    String key = key();
    skipBlanks();
    if (atEnd() || text.charAt(at) != '=') {
      throw error("expected '=' after the key '" + key + "'");
    }
    at++;
    skipBlanks();
    entries.add(new ConfigEntry(key, value(key), Source.FILE, place()));
  }

  private String key() throws ConfigException {
    StringBuilder key = new StringBuilder();
    int partStart = 0;
    while (!atEnd()) {
      char c = text.charAt(at);
      if (c == '\\' && text.startsWith("\\.", at)) {
        key.append('.');
        at += 2;
      } else if (c == '.') {
        if (key.length() == partStart) {
          throw error("a part of the key is empty");
        }
        key.append(c);
        partStart = key.length();
        at++;
      } else if (isWordCharacter(c)) {
        key.append(c);
        at++;
      } else {
        break;
      }
    }
    if (key.length() == partStart) {
      throw error(
          key.isEmpty()
              ? "expected a key (letters, digits, '_', '-' and '.')"
              : "a part of the key is empty");
    }
    return key.toString();
  }

  private static boolean isWordCharacter(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '-';
  }

  private String value(String key) throws ConfigException {
    if (!atEnd() && text.charAt(at) == '\'') {
      return quoted(key);
    }
    int end = text.indexOf('#', at);
    String value = text.substring(at, end < 0 ? text.length() : end).strip();
    if (value.isEmpty()) {
      throw error("the key '" + key + "' has no value");
    }
    if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
      warnings.add(
          "%s: the double quotes are part of the value of %s, as in RabbitMQ; leave them out, or use"
              .formatted(place(), key)
              .concat(" single quotes"));
    }
    return value;
  }

  private String quoted(String key) throws ConfigException {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw error("the single quote before the value of '" + key + "' has no second one");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    skipBlanks();
    if (!atEnd() && text.charAt(at) != '#') {
      throw error("nothing but a comment may follow the quoted value of '" + key + "'");
    }
    return value;
  }

  private void skipBlanks() {
    while (!atEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  private String place() {
    return name + ":" + line;
  }

  private ConfigException error(String what) {
    return new ConfigException(place() + ":" + (at + 1) + ": " + what);
  }
}
