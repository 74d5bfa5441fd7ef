package io.harveymq.server.config;

/**
 * Kinds of places that a setting comes from, weakest first. RabbitMQ lets the configuration file
 * win over some environment variables (those it only fills its defaults from, such as
 * RABBITMQ_NODE_PORT), and lose to others.
 */
public enum Source {
  DEFAULT,
  WEAK_ENVIRONMENT,
  FILE,
  ENVIRONMENT,
  COMMAND_LINE
}
