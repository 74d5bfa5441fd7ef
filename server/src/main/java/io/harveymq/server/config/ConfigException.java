package io.harveymq.server.config;

/**
 * A configuration file or an environment variable breaks a rule; the message says where, what is
 * wrong and what is allowed.
 */
public final class ConfigException extends UsageException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
