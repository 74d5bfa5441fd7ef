package io.harveymq.server;

/** The levels that {@code --log-level} takes, least severe first. */
enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
