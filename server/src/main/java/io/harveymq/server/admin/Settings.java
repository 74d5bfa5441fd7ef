package io.harveymq.server.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is in force: options, then the file with settings, then what RabbitMQ's tool takes without
 * them; a base URI wins over all. Immutable; any thread.
 */
final class Settings {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  // By hand: java.net.URI knows no host with an underscore and no password with ^ or |.
  private static final Pattern BASE =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?//"
              + "(?:(?<name>[^/?#:]*)(?::(?<password>[^/?#]*))?@)?"
              + "(?:\\[(?<bracketed>[^/?#@\\[\\]]*)\\]|(?<host>[^/?#@:\\[\\]]*))(?::(?<port>[^/?#@]*))?"
              + "(?<path>[^?#]*).*");

  private static final String FILE = ".rabbitmqadmin.conf";

  private final Map<AdminOption, String> values;

  private Settings(Map<AdminOption, String> values) {
    this.values = values;
  }

  /**
   * Puts them together.
   *
   * @param environment tells the home directory
   * @param warnings for what is passed over
   * @throws AdminException for a file or a value that can't be used
   */
  static Settings of(AdminLine line, Map<String, String> environment, PrintStream warnings)
      throws AdminException {
    Map<AdminOption, String> values = new EnumMap<>(AdminOption.class);
    Path file = file(line, environment);
    if (file != null) {
      String node = line.options().getOrDefault(AdminOption.NODE, AdminOption.NODE.otherwise());
      try {
        values.putAll(SettingsFile.read(file, node));
      } catch (IOException broken) {
        throw AdminException.usage(
            "Could not read config file '" + file + "': " + broken.getMessage());
      }
    }
    values.putAll(line.options());
    if (values.containsKey(AdminOption.BASE_URI)) {
      expand(values.get(AdminOption.BASE_URI), values, warnings);
    }
    for (AdminOption number :
        List.of(AdminOption.PORT, AdminOption.REQUEST_TIMEOUT, AdminOption.DEPTH)) {
      if (values.containsKey(number) && !isNumber(values.get(number))) {
        throw AdminException.usage(
            number.key() + " must be a number, got '" + values.get(number) + "'");
      }
    }
    return new Settings(values);
  }

  private static Path file(AdminLine line, Map<String, String> environment) throws AdminException {
    String given = line.options().get(AdminOption.CONFIG);
    if (given != null) {
      if (!Files.isRegularFile(Path.of(given))) {
        throw AdminException.usage("Could not read config file '" + given + "'");
      }
      return Path.of(given);
    }
    String home = environment.getOrDefault("USERPROFILE", environment.get("HOME"));
    Path usual = home == null ? null : Path.of(home, FILE);
    return usual != null && Files.isRegularFile(usual) ? usual : null;
  }

  private static void expand(String text, Map<AdminOption, String> values, PrintStream warnings)
      throws AdminException {
    Matcher uri = BASE.matcher(text);
    if (!uri.matches()) {
      throw AdminException.usage(
          "--base-uri must be such as http://user:password@host:15672, got '" + text + "'");
    }
    String bracketed = uri.group("bracketed");
    put(AdminOption.HOSTNAME, bracketed == null ? uri.group("host") : bracketed, values);
    put(AdminOption.PORT, uri.group("port"), values);
    if ("https".equalsIgnoreCase(uri.group("scheme"))) {
      values.put(AdminOption.SSL, "True");
    }
    if (uri.group("name") != null) {
      values.put(AdminOption.USERNAME, uri.group("name"));
    }
    if (uri.group("password") != null) {
      values.put(AdminOption.PASSWORD, uri.group("password"));
    }
    if (!uri.group("path").isEmpty() && !uri.group("path").equals("/")) {
      warnings.println(
          "WARNING: path in --base-uri is ignored. Give --vhost and --path-prefix instead.\n");
    }
  }

  private static void put(AdminOption option, String part, Map<AdminOption, String> values) {
    if (part != null && !part.isEmpty()) {
      values.put(option, part);
    }
  }

  /** Whether it is a number of a reasonable size. */
  static boolean isNumber(String text) {
    return text != null && NUMBER.matcher(text).matches();
  }

  /** A value, or null when there is none. */
  String get(AdminOption option) {
    return values.getOrDefault(option, option.otherwise());
  }

  int number(AdminOption option) {
    return Integer.parseInt(get(option));
  }

  /** Whether somebody has set it. */
  boolean isGiven(AdminOption option) {
    return values.containsKey(option);
  }

  boolean isOn(AdminOption option) {
    return "True".equals(get(option));
  }

  /** Whether messages are wanted besides results. */
  boolean isVerbose() {
    return !"False".equals(get(AdminOption.VERBOSE));
  }

  /** The virtual host of what is declared, deleted, published to and so on. */
  String objectsVhost() {
    String given = get(AdminOption.VHOST);
    return given == null || given.isEmpty() ? get(AdminOption.DECLARE_VHOST) : given;
  }

  /** The virtual host of a list, or null for all. */
  String listedVhost() {
    String given = get(AdminOption.VHOST);
    return given == null || given.isEmpty() ? null : given;
  }
}
