package io.harveymq.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The arguments of the Erlang machine that set what a configuration file can set, too: {@code
 * -rabbit loopback_users [] -rabbitmq_management load_definitions "/definitions.json"}. All else is
 * told in one warning. One thread.
 */
final class ErlangArguments {
  /** Settings of the application rabbit with one number or word. */
  private static final Map<String, String> PLAIN =
      Map.of(
          "heartbeat", "heartbeat",
          "frame_max", "frame_max",
          "channel_max", "channel_max",
          "connection_max", "connection_max",
          "max_message_size", "max_message_size",
          "consumer_timeout", "consumer_timeout",
          "disk_free_limit", "disk_free_limit.absolute",
          "vm_memory_high_watermark", "vm_memory_high_watermark.relative",
          "load_definitions", "load_definitions",
          "cluster_name", "cluster_name");

  private final String variable;
  private final List<String> tokens;
  private final List<String> others = new ArrayList<>();

  ErlangArguments(String variable, String arguments) {
    this.variable = variable;
    this.tokens = tokens(arguments);
  }

  /** Puts what is understood into the configuration, weaker than its files. */
  void addTo(EffectiveConfig config) {
    int at = 0;
    while (at < tokens.size()) {
      boolean hasTwoMore = at + 2 < tokens.size();
      if (hasTwoMore && add(config, tokens.get(at), tokens.get(at + 1), tokens.get(at + 2))) {
        at += 3;
      } else {
        others.add(tokens.get(at++));
      }
    }
    if (!others.isEmpty()) {
      config.notices().warn(variable + ": without effect in Harvey: " + String.join(" ", others));
    }
  }

  private boolean add(EffectiveConfig config, String application, String key, String term) {
    if (application.equals("-rabbit") && key.equals("loopback_users")) {
      return addLoopbackUsers(config, term);
    }
    boolean isManagement = application.equals("-rabbitmq_management");
    if (isManagement && key.equals("load_definitions")) {
      put(config, ConfigKey.MANAGEMENT_LOAD_DEFINITIONS.key(), unquoted(term));
      return true;
    }
    String known = application.equals("-rabbit") ? PLAIN.get(key) : null;
    if (known == null || term.startsWith("[") || term.startsWith("{")) {
      return false;
    }
    put(config, known, unquoted(term));
    return true;
  }

  private boolean addLoopbackUsers(EffectiveConfig config, String term) {
    if (!term.startsWith("[") || !term.endsWith("]")) {
      return false;
    }
    List<String> names = new ArrayList<>();
    for (String element : term.substring(1, term.length() - 1).split(",")) {
      String name = element.strip();
      if (name.startsWith("<<") && name.endsWith(">>")) {
        name = name.substring(2, name.length() - 2);
      }
      if (!name.isEmpty()) {
        names.add(unquoted(name));
      }
    }
    String value = names.isEmpty() ? "none" : String.join(",", names);
    put(config, ConfigKey.LOOPBACK_USERS.key(), value);
    return true;
  }

  private void put(EffectiveConfig config, String key, String value) {
    config.add(new ConfigEntry(key, value, Source.WEAK_ENVIRONMENT, variable));
  }

  private static String unquoted(String term) {
    boolean isQuoted = term.length() > 1 && term.startsWith("\"") && term.endsWith("\"");
    return isQuoted ? term.substring(1, term.length() - 1) : term;
  }

  /** Splits at blanks that are neither in quotes nor in brackets; single quotes are the shell's. */
  private static List<String> tokens(String arguments) {
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    int depth = 0;
    boolean inQuotes = false;
    for (char c : arguments.toCharArray()) {
      inQuotes ^= c == '"';
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      if (Character.isWhitespace(c) && !inQuotes && depth <= 0) {
        add(tokens, token);
      } else if (c != '\'') {
        token.append(c);
      }
    }
    add(tokens, token);
    return tokens;
  }

  private static void add(List<String> tokens, StringBuilder token) {
    if (!token.isEmpty()) {
      tokens.add(token.toString());
      token.setLength(0);
    }
  }
}
