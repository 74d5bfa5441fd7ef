package io.harveymq.server.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is logged, and where to. Immutable; any thread.
 *
 * @param sinks where lines go to
 * @param categories by the beginning of a logger's name, a level that is not below that of a sink
 */
public record LogSettings(List<Sink> sinks, Map<String, LogLevel> categories) {
  /** Nothing may be changed later. */
  public LogSettings {
    sinks = List.copyOf(sinks);
    categories = Map.copyOf(categories);
  }

  /** For commands whose results go to standard output: what happens goes to the other. */
  public static LogSettings forCommands() {
    return new LogSettings(
        List.of(new Sink(Target.STDERR, null, LogLevel.INFO, Layout.SHORT)), Map.of());
  }

  /** Kinds of places. */
  public enum Target {
    STDOUT,
    STDERR,
    FILE,
    EXCHANGE
  }

  /** How a line looks: with time and level, as a JSON object, or with the level alone. */
  public enum Layout {
    PLAIN,
    JSON,
    SHORT
  }

  /**
   * One place.
   *
   * @param file null for what is no file
   * @param level the least severe that is written there
   */
  public record Sink(Target target, Path file, LogLevel level, Layout layout) {
    /** Standard output. */
    public static Sink out(LogLevel level, boolean isJson) {
      return new Sink(Target.STDOUT, null, level, layout(isJson));
    }

    /** Standard error. */
    public static Sink err(LogLevel level, boolean isJson) {
      return new Sink(Target.STDERR, null, level, layout(isJson));
    }

    /** A file, which is appended to. */
    public static Sink file(Path file, LogLevel level, boolean isJson) {
      return new Sink(Target.FILE, file, level, layout(isJson));
    }

    /** The exchange amq.rabbitmq.log, once there is a broker that has it. */
    public static Sink exchange(LogLevel level, boolean isJson) {
      return new Sink(Target.EXCHANGE, null, level, layout(isJson));
    }

    private static Layout layout(boolean isJson) {
      return isJson ? Layout.JSON : Layout.PLAIN;
    }
  }
}
