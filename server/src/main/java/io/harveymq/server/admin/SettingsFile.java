package io.harveymq.server.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The file with settings, {@code ~/.rabbitmqadmin.conf}: sections with {@code key = value}, in what
 * of the format of Python's configparser such a file needs. What is under {@code [DEFAULT]} counts
 * for all sections. One thread.
 */
final class SettingsFile {
  private static final String EVERY = "DEFAULT";
  private static final List<String> FLAGS = List.of("True", "False");

  private SettingsFile() {}

  /**
   * The settings of a section.
   *
   * @throws AdminException for a line, a setting or a section that can't be used
   * @throws IOException when the file can't be read
   */
  static Map<AdminOption, String> read(Path file, String section)
      throws AdminException, IOException {
    Map<String, Map<AdminOption, String>> sections = new HashMap<>();
    Map<AdminOption, String> current = null;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
        continue;
      }
      if (text.startsWith("[") && text.endsWith("]")) {
        String name = text.substring(1, text.length() - 1);
        current = sections.computeIfAbsent(name, any -> new EnumMap<>(AdminOption.class));
        continue;
      }
      try {
        put(text, current);
      } catch (IllegalArgumentException wrong) {
        throw AdminException.usage(
            "Config file '" + file + "', line " + number + ": " + wrong.getMessage());
      }
    }
    if (!sections.containsKey(section)
        && !section.equals(EVERY)
        && !section.equals(AdminOption.NODE.otherwise())) {
      throw AdminException.usage(
          "Could not read section '" + section + "' in config file '" + file + "'");
    }
    Map<AdminOption, String> settings = new EnumMap<>(AdminOption.class);
    if (sections.containsKey(section)) {
      settings.putAll(sections.getOrDefault(EVERY, Map.of()));
      settings.putAll(sections.get(section));
    }
    return settings;
  }

  private static void put(String text, Map<AdminOption, String> section) {
    int at = delimiter(text);
    if (at < 0) {
      throw new IllegalArgumentException("no key = value");
    }
    if (section == null) {
      throw new IllegalArgumentException("a setting before the first [section]");
    }
    AdminOption option = named(text.substring(0, at).strip().toLowerCase(Locale.ROOT));
    String value = text.substring(at + 1).strip();
    if (value.contains("%(")) {
      throw new IllegalArgumentException("values cannot be put together with %(...)");
    }
    if (!option.hasValue() && !FLAGS.contains(value)) {
      throw new IllegalArgumentException(option.key() + " must be True or False");
    }
    section.put(option, value.replace("%%", "%"));
  }

  private static int delimiter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '=' || text.charAt(i) == ':') {
        return i;
      }
    }
    return -1;
  }

  private static AdminOption named(String key) {
    for (AdminOption option : AdminOption.values()) {
      if (option.key().equals(key)) {
        return option;
      }
    }
    throw new IllegalArgumentException("there is no setting '" + key + "'");
  }
}
