package io.harveymq.server.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where all loggers of this JVM write to: standard error, from INFO on, until it is told otherwise.
 * Safe from any thread; a line is written as a whole.
 */
public final class Log {
  private static volatile Log current =
      new Log(
          new LogSettings(List.of(LogSettings.Sink.err(LogLevel.INFO, false)), Map.of()),
          List.of());

  private static final Exchange NOWHERE = (level, time, text) -> {};

  private static volatile Exchange exchange = NOWHERE;

  private final LogSettings settings;
  private final List<Writer> files;

  private Log(LogSettings settings, List<Writer> files) {
    this.settings = settings;
    this.files = files;
  }

  /** Publishes lines. */
  public interface Exchange {
    /**
     * Publishes one, and does not wait. Called by any thread, one at a time.
     *
     * @param level by RabbitMQ's name
     * @param text the line with its end
     */
    void publish(String level, OffsetDateTime time, String text);
  }

  /** From now on lines for the exchange go there. */
  public static synchronized void publishTo(Exchange lines) {
    exchange = lines;
  }

  /** From now on lines do not go there any more; without effect if they go to another one. */
  public static synchronized void publishNoMoreTo(Exchange lines) {
    if (exchange == lines) {
      exchange = NOWHERE;
    }
  }

  /**
   * From now on logs as the settings say; files that were open are closed.
   *
   * @throws IOException when a file can't be written; the log stays as it was then
   */
  public static synchronized void configure(LogSettings settings) throws IOException {
    List<Writer> files = new ArrayList<>();
    for (LogSettings.Sink sink : settings.sinks()) {
      files.add(sink.file() == null ? null : open(sink.file()));
    }
    Log before = current;
    current = new Log(settings, files);
    LogProvider.levelsChanged();
    before.close();
  }

  private static Writer open(Path file) throws IOException {
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    return new BufferedWriter(
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** The least severe level of what is written anywhere for this logger. */
  static LogLevel threshold(String logger) {
    return current.thresholdOf(logger);
  }

  static void write(LogLevel level, String logger, String message, Throwable failure) {
    String thread = Thread.currentThread().getName();
    OffsetDateTime now = OffsetDateTime.now();
    current.write(new LogRecord(now, level, logger, thread, message, failure));
  }

  private LogLevel thresholdOf(String logger) {
    LogLevel least = LogLevel.NONE;
    for (LogSettings.Sink sink : settings.sinks()) {
      least = sink.level().compareTo(least) < 0 ? sink.level() : least;
    }
    for (Map.Entry<String, LogLevel> category : settings.categories().entrySet()) {
      if (logger.startsWith(category.getKey()) && category.getValue().compareTo(least) > 0) {
        least = category.getValue();
      }
    }
    return least;
  }

  private synchronized void write(LogRecord event) {
    for (int i = 0; i < settings.sinks().size(); i++) {
      LogSettings.Sink sink = settings.sinks().get(i);
      if (sink.level().compareTo(event.level()) <= 0) {
        String text = event.text(sink.layout());
        switch (sink.target()) {
          case STDOUT -> print(System.out, text);
          case STDERR -> print(System.err, text);
          case FILE -> append(files.get(i), text);
          case EXCHANGE -> exchange.publish(event.rabbitLevel(), event.time(), text + "\n");
        }
      }
    }
  }

  private static void print(PrintStream stream, String text) {
    stream.println(text);
    stream.flush();
  }

  private static void append(Writer file, String text) {
    try {
      file.write(text);
      file.write(System.lineSeparator());
      file.flush();
    } catch (IOException e) {
      print(System.err, "the log file cannot be written: " + e.getMessage() + "; " + text);
    }
  }

  private synchronized void close() {
    for (Writer file : files) {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
