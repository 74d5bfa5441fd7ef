package io.harveymq.server.config;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Where a configuration comes from besides the command line: the environment, and the files that it
 * or the command line names, or else RabbitMQ's own in {@code /etc/rabbitmq}. Immutable; one thread
 * at a time.
 */
public final class ConfigSources {
  private static final String MAIN = "rabbitmq.conf";
  private static final String CONF = ".conf";
  private static final String CONF_D = "conf.d";

  /** Plugins whose work Harvey does, or does not need. */
  private static final Set<String> KNOWN_PLUGINS =
      Set.of(
          "rabbitmq_management",
          "rabbitmq_management_agent",
          "rabbitmq_prometheus",
          "rabbitmq_web_dispatch",
          "rabbitmq_consistent_hash_exchange",
          "rabbitmq_delayed_message_exchange",
          "rabbitmq_event_exchange",
          "rabbitmq_random_exchange",
          "rabbitmq_recent_history_exchange",
          "rabbitmq_sharding",
          "rabbitmq_peer_discovery_common",
          "rabbitmq_peer_discovery_k8s",
          "rabbitmq_peer_discovery_consul",
          "rabbitmq_peer_discovery_etcd",
          "rabbitmq_peer_discovery_aws",
          "rabbitmq_top");

  private final Environment environment;
  private final Path etc;

  /**
   * @param variables the environment
   * @param etc where files are looked for that nobody names; null for nowhere
   */
  public ConfigSources(Map<String, String> variables, Path etc) {
    this.environment = new Environment(variables);
    this.etc = etc;
  }

  /** Those of this process. */
  public static ConfigSources ofThisProcess() {
    return new ConfigSources(System.getenv(), Path.of("/etc/rabbitmq"));
  }

  /** None at all: there is only the command line. */
  public static ConfigSources none() {
    return new ConfigSources(Map.of(), null);
  }

  /**
   * Reads everything.
   *
   * @param commandLine what it sets
   * @param configFile the file that it names, or null
   * @throws ConfigException for a file that can't be read or breaks the format, and for variables
   *     that must not be set
   */
  public EffectiveConfig load(List<ConfigEntry> commandLine, String configFile)
      throws ConfigException {
    EffectiveConfig config = new EffectiveConfig();
    environment.addTo(config);
    Path main = mainFile(config, configFile);
    if (main != null) {
      read(config, main);
    }
    readMore(config, main, configFile != null);
    lookBeside(config, main);
    commandLine.forEach(config::add);
    for (ConfigEntry entry : config.withoutEffect()) {
      config.notices().remark(entry.label() + " is without effect in Harvey");
    }
    return config;
  }

  /** The main file, or null when there is none. */
  private Path mainFile(EffectiveConfig config, String configFile) throws ConfigException {
    if (configFile != null) {
      Path named = existing("--config", configFile);
      if (named == null) {
        throw new ConfigException("--config: there is no file " + configFile);
      }
      return named;
    }
    String variable = environment.get(Environment.CONFIG_FILE);
    if (variable != null) {
      Path named = existing(Environment.CONFIG_FILE, variable);
      if (named == null) {
        config
            .notices()
            .warn(Environment.CONFIG_FILE + ": there is no file " + variable + "; passed over");
      }
      return named;
    }
    Path file = etc == null ? null : etc.resolve(MAIN);
    return file != null && isFile(file) ? file : null;
  }

  /** The file of this name, or with .conf behind it; null when there is neither. */
  private static Path existing(String label, String name) throws ConfigException {
    Path file = path(label, name);
    if (isFile(file)) {
      return file;
    }
    Path withEnding = path(label, name + CONF);
    return isFile(withEnding) ? withEnding : null;
  }

  private static Path path(String label, String name) throws ConfigException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ConfigException(label + " must be the path of a file, got '" + name + "'");
    }
  }

  private static boolean isFile(Path file) {
    return Files.exists(file) && !Files.isDirectory(file);
  }

  private void read(EffectiveConfig config, Path file) throws ConfigException {
    if (file.toString().endsWith(".config")) {
      config
          .notices()
          .warn(file + ": Erlang terms are not read; write the settings in the format of " + MAIN);
      return;
    }
    ConfigFile parsed = ConfigFile.read(file);
    config.addFile(file.toString());
    parsed.warnings().forEach(config.notices()::warn);
    parsed.entries().forEach(config::add);
  }

  /** The further files: those that the environment names, or else conf.d. */
  private void readMore(EffectiveConfig config, Path main, boolean onlyBeside)
      throws ConfigException {
    String pattern = onlyBeside ? null : environment.get(Environment.CONFIG_FILES);
    if (pattern != null) {
      Path path = path(Environment.CONFIG_FILES, pattern);
      if (Files.isDirectory(path)) {
        readAll(config, path, "*");
      } else if (Files.exists(path)) {
        read(config, path);
      } else {
        Path directory = path.getParent() == null ? Path.of("") : path.getParent();
        readAll(config, directory, path.getFileName().toString());
      }
      return;
    }
    Path beside = main == null ? null : main.toAbsolutePath().resolveSibling(CONF_D);
    if (beside != null && Files.isDirectory(beside)) {
      readAll(config, beside, "*" + CONF);
    } else if (etc != null && !onlyBeside && Files.isDirectory(etc.resolve(CONF_D))) {
      readAll(config, etc.resolve(CONF_D), "*" + CONF);
    }
  }

  private void readAll(EffectiveConfig config, Path directory, String glob) throws ConfigException {
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new ConfigException(
          "%s has a pattern that is not closed or not known, '%s': %s"
              .formatted(Environment.CONFIG_FILES, glob, e.getDescription()));
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(file -> isFile(file) && matcher.matches(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      config.notices().warn(directory + " cannot be read: " + e.getMessage());
      return;
    }
    for (Path file : files) {
      read(config, file);
    }
  }

  /** Looks for advanced.config and enabled_plugins. */
  private void lookBeside(EffectiveConfig config, Path main) throws ConfigException {
    Path directory = main == null ? etc : main.toAbsolutePath().getParent();
    Path advanced = other(Environment.ADVANCED_CONFIG_FILE, directory, "advanced.config");
    if (advanced != null) {
      config.notices().warn(advanced + ": Erlang terms are not read");
    }
    Path plugins = other(Environment.ENABLED_PLUGINS_FILE, directory, "enabled_plugins");
    if (plugins != null) {
      addPlugins(config, plugins);
    }
  }

  private Path other(String variable, Path directory, String name) throws ConfigException {
    String named = environment.get(variable);
    if (named == null && directory == null) {
      return null;
    }
    Path file = named == null ? directory.resolve(name) : path(variable, named);
    return isFile(file) ? file : null;
  }

  private static void addPlugins(EffectiveConfig config, Path file) throws ConfigException {
    List<String> names = EnabledPlugins.read(file);
    config.addPlugins(names);
    for (String name : names) {
      if (!KNOWN_PLUGINS.contains(name)) {
        config.notices().warn(file + ": Harvey has nothing for the plugin " + name);
      }
    }
    if (names.contains("rabbitmq_event_exchange")) {
      String key = ConfigKey.EVENT_EXCHANGE.key();
      config.add(new ConfigEntry(key, "on", Source.WEAK_ENVIRONMENT, file.toString()));
    }
  }
}
