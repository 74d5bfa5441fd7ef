package io.harveymq.server.log;

/** The levels of the log, least severe first; nothing is written at the last. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR,
  NONE
}
