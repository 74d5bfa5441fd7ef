package io.harveymq.server;

/**
 * Sets up slf4j-simple: lines on standard output, as RabbitMQ's own container image does, with time
 * and level and no class names. Main thread, before the first logger is made.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private Logging() {}

  /**
   * Chooses what is written. System properties given to the JVM win, so that one logger can be
   * opened up, such as {@code -Dorg.slf4j.simpleLogger.log.io.netty=debug}.
   */
  static void configure(LogLevel level) {
    set("logFile", "System.out");
    set("defaultLogLevel", level.name());
    set("showDateTime", "true");
    set("dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSSXXX");
    set("levelInBrackets", "true");
    set("showThreadName", "false");
    set("showLogName", "false");
    if (level == LogLevel.DEBUG) {
      // Netty explains each of its platform checks at this level, which hides the broker's lines.
      set("log.io.netty", LogLevel.INFO.name());
    }
  }

  /** For commands whose results go to standard output: warnings and progress go to the other. */
  static void configureForCommands() {
    set("logFile", "System.err");
    set("levelInBrackets", "true");
    set("showThreadName", "false");
    set("showLogName", "false");
  }

  private static void set(String name, String value) {
    if (System.getProperty(PREFIX + name) == null) {
      System.setProperty(PREFIX + name, value);
    }
  }
}
