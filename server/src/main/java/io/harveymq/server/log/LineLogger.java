package io.harveymq.server.log;

import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One logger. Safe from any thread. */
final class LineLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  private volatile LogLevel threshold;

  LineLogger(String name) {
    this.name = name;
    levelChanged();
  }

  void levelChanged() {
    LogLevel least = Log.threshold(name);
    // Netty explains each of its platform checks at DEBUG, which hides the broker's lines.
    threshold = least == LogLevel.DEBUG && name.startsWith("io.netty.") ? LogLevel.INFO : least;
  }

  private boolean isEnabled(LogLevel level) {
    return threshold.compareTo(level) <= 0;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(LogLevel.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(LogLevel.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(LogLevel.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(LogLevel.ERROR);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String pattern, Object[] arguments, Throwable failure) {
    String message = MessageFormatter.basicArrayFormat(pattern, arguments);
    Log.write(level(level), name, message, failure);
  }

  private static LogLevel level(Level level) {
    return switch (level) {
      case ERROR -> LogLevel.ERROR;
      case WARN -> LogLevel.WARN;
      case INFO -> LogLevel.INFO;
      case DEBUG, TRACE -> LogLevel.DEBUG;
    };
  }
}
