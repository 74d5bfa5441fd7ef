package io.harveymq.server.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.OffsetDateTime;

/**
 * One event as it is written. Immutable; any thread.
 *
 * @param failure may be null
 */
record LogRecord(
    OffsetDateTime time,
    LogLevel level,
    String logger,
    String thread,
    String message,
    Throwable failure) {
  private static final int TEN = 10;
  private static final int MILLI_DIGITS = 3;
  private static final int MICRO_DIGITS = 6;
  private static final int NANO_DIGITS = 9;

  /** The line, or lines, without a line end after the last. */
  String text(LogSettings.Layout layout) {
    StringBuilder text = new StringBuilder(160);
    switch (layout) {
      case JSON -> {
        return json(text).toString();
      }
      case PLAIN -> time(text, MILLI_DIGITS).append(' ');
      case SHORT -> {}
    }
    text.append('[').append(level).append("] ");
    oneLine(text, message);
    if (failure != null) {
      text.append(System.lineSeparator()).append(stackTrace());
    }
    return text.toString();
  }

  /** Whatever a message quotes must not look like a line of its own, or hide one. */
  private static void oneLine(StringBuilder text, String message) {
    for (int i = 0; i < message.length(); i++) {
      char one = message.charAt(i);
      switch (Character.getType(one)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            text.append(String.format("\\u%04x", (int) one));
        default -> text.append(one);
      }
    }
  }

  /** The fields of RabbitMQ's JSON formatter, in its order; a thread is what has a pid there. */
  private StringBuilder json(StringBuilder text) {
    text.append("{\"time\":\"");
    time(text, MICRO_DIGITS).append("\",\"level\":\"").append(rabbitLevel()).append("\",\"msg\":");
    Json.quote(text, failure == null ? message : message + "\n" + stackTrace());
    text.append(",\"domain\":\"").append(domain()).append("\",\"logger\":");
    Json.quote(text, logger);
    text.append(",\"pid\":");
    Json.quote(text, "<" + thread + ">");
    return text.append('}');
  }

  /** The level by its name in RabbitMQ. */
  String rabbitLevel() {
    return level == LogLevel.WARN ? "warning" : level.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** RabbitMQ's categories. */
  private String domain() {
    if (logger.startsWith("io.harveymq.broker.connection.")
        || logger.startsWith("io.harveymq.broker.net.")) {
      return "rabbitmq.connection";
    }
    if (logger.startsWith("io.harveymq.broker.channel.")) {
      return "rabbitmq.channel";
    }
    return logger.startsWith("io.harveymq.broker.queue.") ? "rabbitmq.queue" : "rabbitmq";
  }

  /** Such as {@code 2026-11-21 14:26:43.691+00:00}; formatters of the JDK are slow to load. */
  private StringBuilder time(StringBuilder text, int fractionDigits) {
    number(text, time.getYear(), 4).append('-');
    number(text, time.getMonthValue(), 2).append('-');
    number(text, time.getDayOfMonth(), 2).append(' ');
    number(text, time.getHour(), 2).append(':');
    number(text, time.getMinute(), 2).append(':');
    number(text, time.getSecond(), 2).append('.');
    int fraction = time.getNano();
    for (int digit = NANO_DIGITS; digit > fractionDigits; digit--) {
      fraction /= TEN;
    }
    number(text, fraction, fractionDigits);
    String offset = time.getOffset().getId();
    return text.append(offset.equals("Z") ? "+00:00" : offset);
  }

  private static StringBuilder number(StringBuilder text, int number, int digits) {
    String written = Integer.toString(number);
    for (int missing = digits - written.length(); missing > 0; missing--) {
      text.append('0');
    }
    return text.append(written);
  }

  private String stackTrace() {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    return trace.toString().stripTrailing();
  }
}
