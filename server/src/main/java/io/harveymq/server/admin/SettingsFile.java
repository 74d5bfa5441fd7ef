package io.harveymq.server.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The file with settings, {@code ~/.rabbitmqadmin.conf}: sections with {@code key = value}, in what
 * of the format of Python's configparser such a file needs. What is under {@code [DEFAULT]} counts
 * for all sections. Other sections than the one asked for may be for other tools. One thread.
 */
final class SettingsFile {
  private static final String EVERY = "DEFAULT";

  /** What stands behind a key, as it stands there, and in which line. */
  private record Raw(String value, int line) {}

  private SettingsFile() {}

  /**
   * The settings of a section.
   *
   * @throws AdminException for a line, a setting or a section that can't be used
   * @throws IOException when the file can't be read
   */
  static Map<AdminOption, String> read(Path file, String section)
      throws AdminException, IOException {
    Map<String, Map<String, Raw>> sections = sections(file);
    if (!sections.containsKey(section)
        && !section.equals(EVERY)
        && !section.equals(AdminOption.NODE.otherwise())) {
      throw AdminException.usage(
          "Could not read section '" + section + "' in config file '" + file + "'");
    }
    Map<String, Raw> chosen = new LinkedHashMap<>();
    if (sections.containsKey(section)) {
      chosen.putAll(sections.getOrDefault(EVERY, Map.of()));
      chosen.putAll(sections.get(section));
    }
    Map<AdminOption, String> settings = new EnumMap<>(AdminOption.class);
    for (Map.Entry<String, Raw> setting : chosen.entrySet()) {
      Raw raw = setting.getValue();
      try {
        AdminOption option = named(setting.getKey());
        settings.put(option, value(option, raw.value));
      } catch (IllegalArgumentException wrong) {
        throw unusable(file, raw.line, wrong.getMessage());
      }
    }
    return settings;
  }

  private static Map<String, Map<String, Raw>> sections(Path file)
      throws AdminException, IOException {
    Map<String, Map<String, Raw>> sections = new HashMap<>();
    Map<String, Raw> current = null;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
        continue;
      }
      if (text.startsWith("[") && text.endsWith("]")) {
        String name = text.substring(1, text.length() - 1);
        current = sections.computeIfAbsent(name, any -> new LinkedHashMap<>());
        continue;
      }
      int at = delimiter(text);
      if (at < 0) {
        throw unusable(file, number, "no key = value");
      }
      if (current == null) {
        throw unusable(file, number, "a setting before the first [section]");
      }
      String key = text.substring(0, at).strip().toLowerCase(Locale.ROOT);
      current.put(key, new Raw(text.substring(at + 1).strip(), number));
    }
    return sections;
  }

  private static AdminException unusable(Path file, int line, String why) {
    return AdminException.usage("Config file '" + file + "', line " + line + ": " + why);
  }

  private static String value(AdminOption option, String raw) {
    if (raw.contains("%(")) {
      throw new IllegalArgumentException("values cannot be put together with %(...)");
    }
    String value = raw.replace("%%", "%");
    if (option.hasValue()) {
      return value;
    }
    // As in Python, where any other text counts as true.
    return value.isEmpty() || value.equals("False") ? "False" : "True";
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
