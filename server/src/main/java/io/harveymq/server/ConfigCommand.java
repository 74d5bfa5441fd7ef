package io.harveymq.server;

import io.harveymq.server.config.ConfigEntry;
import io.harveymq.server.config.ConfigException;
import io.harveymq.server.config.ConfigKey;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.EffectiveConfig;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.log.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code harvey config}: tells what is in force and where it comes from, without starting anything.
 * Results go to one stream, warnings and what went wrong to the other. Main thread.
 */
final class ConfigCommand {
  private static final String HELP =
      """
      Tells the configuration that a broker would start with, and checks it.

      Usage: harvey config show [--formatter table|json] [options of the server]
             harvey config check FILE

      Settings come from, the strongest first:
        the command line
        RABBITMQ_DEFAULT_USER, _DEFAULT_PASS, _DEFAULT_VHOST, _NODENAME, _LOGS,
          _LOG, _MNESIA_DIR, _MNESIA_BASE
        files in RabbitMQ's format: --config FILE or RABBITMQ_CONFIG_FILE, else
          /etc/rabbitmq/rabbitmq.conf; then RABBITMQ_CONFIG_FILES (a directory
          or pattern), else conf.d/*.conf beside the file
        RABBITMQ_NODE_PORT, _NODE_IP_ADDRESS, _LOG_BASE,
          _SERVER_ADDITIONAL_ERL_ARGS
      Keys that begin with harvey. are Harvey's own. All keys: docs/configuration.md
      """;

  private static final String MASK = "********";
  private static final int MOST_VALUE = 40;

  private final PrintStream out;
  private final PrintStream err;
  private final ConfigSources sources;

  ConfigCommand(PrintStream out, PrintStream err, ConfigSources sources) {
    this.out = out;
    this.err = err;
    this.sources = sources;
  }

  /**
   * Runs one command line.
   *
   * @param arguments those behind the word {@code config}
   * @return the exit status
   */
  int run(List<String> arguments) {
    if (arguments.contains("-h") || arguments.contains("--help")) {
      out.print(HELP);
      return Harvey.OK;
    }
    try {
      String action = arguments.isEmpty() ? "" : arguments.get(0);
      List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
      switch (action) {
        case "show" -> show(rest);
        case "check" -> check(rest);
        default -> throw new UsageException("config needs an action, one of show, check");
      }
      return Harvey.OK;
    } catch (ConfigException e) {
      err.println("harvey: " + e.getMessage());
      return Harvey.FAILED;
    } catch (UsageException e) {
      err.println("harvey: " + e.getMessage() + "; try 'harvey config --help'");
      return Harvey.USAGE;
    }
  }

  private void show(List<String> arguments) throws UsageException {
    List<String> options = new ArrayList<>(arguments);
    String formatter = formatter(options);
    ServerSettings settings = ServerSettings.of(sources, options.toArray(new String[0]));
    EffectiveConfig config = settings.config();
    if (formatter.equals("json")) {
      showJson(config);
    } else {
      showTable(config);
    }
    config.notices().warnings().forEach(warning -> err.println("harvey: " + warning));
  }

  /** Takes the option out of those for the server. */
  private static String formatter(List<String> options) throws UsageException {
    String formatter = "table";
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      if (option.startsWith("--formatter=")) {
        formatter = options.remove(i--).substring(option.indexOf('=') + 1);
      } else if (option.equals("--formatter")) {
        options.remove(i);
        formatter = i < options.size() ? options.remove(i--) : "";
      }
    }
    if (!formatter.equals("table") && !formatter.equals("json")) {
      throw new UsageException("--formatter must be table or json, got '" + formatter + "'");
    }
    return formatter;
  }

  private void showTable(EffectiveConfig config) {
    List<ConfigEntry> entries = config.all();
    int keyWidth = entries.stream().mapToInt(entry -> entry.key().length()).max().orElse(0);
    int valueWidth =
        entries.stream()
            .mapToInt(entry -> Math.min(MOST_VALUE, shown(entry).length()))
            .max()
            .orElse(0);
    String format = "%-" + keyWidth + "s  %-" + valueWidth + "s  %s";
    out.println(format.formatted("KEY", "VALUE", "FROM"));
    for (ConfigEntry entry : entries) {
      out.println(format.formatted(entry.key(), shown(entry), entry.place()));
    }
    for (ConfigEntry entry : config.withoutEffect()) {
      out.println(format.formatted(entry.key(), shown(entry), entry.place() + " (without effect)"));
    }
  }

  private static String shown(ConfigEntry entry) {
    if (entry.value().isEmpty()) {
      return "-";
    }
    return value(entry);
  }

  private static String value(ConfigEntry entry) {
    return ConfigKey.isSecret(entry.key()) && !entry.value().isEmpty() ? MASK : entry.value();
  }

  private void showJson(EffectiveConfig config) {
    List<String> objects = new ArrayList<>();
    config.all().forEach(entry -> objects.add(json(entry, true)));
    config.withoutEffect().forEach(entry -> objects.add(json(entry, false)));
    out.println("[\n" + String.join(",\n", objects) + "\n]");
  }

  private static String json(ConfigEntry entry, boolean isEffective) {
    StringBuilder json = new StringBuilder("  {\"key\":");
    Json.quote(json, entry.key()).append(",\"value\":");
    Json.quote(json, value(entry)).append(",\"source\":");
    String source =
        switch (entry.source()) {
          case DEFAULT -> "default";
          case FILE -> "file";
          case ENVIRONMENT, WEAK_ENVIRONMENT -> "environment";
          case COMMAND_LINE -> "command line";
        };
    Json.quote(json, source).append(",\"from\":");
    return Json.quote(json, entry.place()).append(",\"effective\":").append(isEffective) + "}";
  }

  /** Checks one file by itself: no environment, no conf.d. */
  private void check(List<String> arguments) throws UsageException {
    if (arguments.size() != 1 || arguments.get(0).startsWith("-")) {
      throw new UsageException("config check needs a file: harvey config check FILE");
    }
    String file = arguments.get(0);
    EffectiveConfig config = ServerSettings.of(ConfigSources.none(), "--config", file).config();
    config.notices().warnings().forEach(out::println);
    config.notices().remarks().forEach(out::println);
    out.println(file + " can be used");
  }
}
