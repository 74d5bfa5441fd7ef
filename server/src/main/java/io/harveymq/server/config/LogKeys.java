package io.harveymq.server.config;

import io.harveymq.server.log.LogLevel;
import io.harveymq.server.log.LogSettings;
import io.harveymq.server.log.LogSettings.Sink;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@link LogSettings} from a configuration. One thread. */
public final class LogKeys {
  private static final String BROKER = "io.harveymq.broker.";

  private final EffectiveConfig config;

  public LogKeys(EffectiveConfig config) {
    this.config = config;
  }

  /**
   * The settings.
   *
   * @throws UsageException for a value that is not allowed
   */
  public LogSettings read() throws UsageException {
    Path file = file();
    List<Sink> sinks = new ArrayList<>();
    LogLevel console = level(ConfigKey.LOG_CONSOLE_LEVEL);
    boolean isJson = isJson(ConfigKey.LOG_CONSOLE_FORMATTER);
    boolean isError =
        Values.word(config.entry(ConfigKey.LOG_CONSOLE_STDIO), "stdout", "stderr").equals("stderr");
    if (Values.flag(config.entry(ConfigKey.LOG_CONSOLE))) {
      sinks.add(isError ? Sink.err(console, isJson) : Sink.out(console, isJson));
    } else if (file == null) {
      // RabbitMQ has a file by default; Harvey would be mute.
      config
          .notices()
          .remark(
              config.entry(ConfigKey.LOG_CONSOLE).label()
                  + ": the log stays on the console, since no log.file is set");
      sinks.add(Sink.out(console, isJson));
    }
    if (file != null) {
      LogLevel level = level(ConfigKey.LOG_FILE_LEVEL);
      sinks.add(Sink.file(file, level, isJson(ConfigKey.LOG_FILE_FORMATTER)));
    }
    if (Values.flag(config.entry(ConfigKey.LOG_EXCHANGE))) {
      LogLevel level = level(ConfigKey.LOG_EXCHANGE_LEVEL);
      sinks.add(Sink.exchange(level, isJson(ConfigKey.LOG_EXCHANGE_FORMATTER)));
    }
    return new LogSettings(sinks, categories());
  }

  /** The level of a sink, unless a stronger source sets the level of all. */
  private LogLevel level(ConfigKey key) throws UsageException {
    ConfigEntry own = config.entry(key);
    ConfigEntry common = config.entry(ConfigKey.LOG_LEVEL);
    LogLevel level = Values.logLevel(common);
    if (own.value().isEmpty()) {
      return level;
    }
    LogLevel ofSink = Values.logLevel(own);
    return own.source().compareTo(common.source()) >= 0 ? ofSink : level;
  }

  private boolean isJson(ConfigKey key) throws UsageException {
    return Values.word(config.entry(key), "plaintext", "json").equals("json");
  }

  private Path file() throws UsageException {
    ConfigEntry entry = config.entry(ConfigKey.LOG_FILE);
    if (entry.value().equals("false")) {
      return null;
    }
    try {
      return Path.of(config.entry(ConfigKey.LOG_DIR).value()).resolve(Values.text(entry));
    } catch (InvalidPathException notAPath) {
      throw entry.broken("must be false or the path of a file");
    }
  }

  private Map<String, LogLevel> categories() throws UsageException {
    Map<String, LogLevel> levels = new LinkedHashMap<>();
    add(levels, ConfigKey.LOG_CONNECTION_LEVEL, "connection");
    add(levels, ConfigKey.LOG_CONNECTION_LEVEL, "net");
    add(levels, ConfigKey.LOG_CHANNEL_LEVEL, "channel");
    add(levels, ConfigKey.LOG_QUEUE_LEVEL, "queue");
    return levels;
  }

  private void add(Map<String, LogLevel> levels, ConfigKey key, String part) throws UsageException {
    ConfigEntry entry = config.entry(key);
    if (!entry.value().isEmpty()) {
      levels.put(BROKER + part, Values.logLevel(entry));
    }
  }
}
