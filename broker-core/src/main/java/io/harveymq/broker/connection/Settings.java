package io.harveymq.broker.connection;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.LoginRules;

/**
 * What the broker offers and demands on every connection. Immutable; any thread.
 *
 * @param limits what clients are held to
 * @param consumerTimeoutMillis after which a delivery has to be acknowledged, 0 for no limit
 * @param defaultQueueType what a queue is that does not say, in virtual hosts that do not say
 *     either; null for classic
 * @param login how clients may log in
 */
public record Settings(
    Compatibility compatibility,
    ConnectionLimits limits,
    long consumerTimeoutMillis,
    String defaultQueueType,
    LoginRules login) {
  /** RabbitMQ's: half an hour. */
  public static final long DEFAULT_CONSUMER_TIMEOUT = 1_800_000;

  /** Bytes of body that RabbitMQ takes whatever is configured: 512 MiB. */
  public static final long LARGEST_MESSAGE = 512L << 20;

  /** RabbitMQ's defaults. */
  public static Settings defaults(Compatibility compatibility) {
    return new Settings(
        compatibility,
        ConnectionLimits.DEFAULT,
        DEFAULT_CONSUMER_TIMEOUT,
        null,
        LoginRules.DEFAULT);
  }

  /** The same with another consumer timeout in milliseconds; 0 for none. */
  public Settings consumerTimeout(long millis) {
    return new Settings(compatibility, limits, millis, defaultQueueType, login);
  }

  /** The same with other ways to log in. */
  public Settings login(LoginRules rules) {
    return new Settings(compatibility, limits, consumerTimeoutMillis, defaultQueueType, rules);
  }

  /** Largest frame in bytes with overhead. */
  int frameMax() {
    return limits.frameMax();
  }

  /** Most channels of a connection. */
  int channelMax() {
    return limits.channelMax();
  }

  /** What is proposed; the client has the last word. */
  int heartbeatSeconds() {
    return limits.heartbeatSeconds();
  }

  /** Largest body in bytes, at most {@link #LARGEST_MESSAGE}. */
  public long maxMessageSize() {
    return limits.maxMessageSize() == 0
        ? compatibility.maxMessageSize()
        : Math.min(limits.maxMessageSize(), LARGEST_MESSAGE);
  }
}
