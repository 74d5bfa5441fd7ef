package io.harveymq.broker.connection;

import io.harveymq.broker.Compatibility;

/**
 * What the broker offers and demands on every connection. Immutable; any thread.
 *
 * @param frameMax largest frame in bytes with overhead
 * @param channelMax most channels of a connection
 * @param heartbeatSeconds what is proposed; the client has the last word
 * @param consumerTimeoutMillis after which a delivery has to be acknowledged, 0 for no limit
 */
public record Settings(
    Compatibility compatibility,
    int frameMax,
    int channelMax,
    int heartbeatSeconds,
    long consumerTimeoutMillis) {
  /** RabbitMQ's: half an hour. */
  public static final long DEFAULT_CONSUMER_TIMEOUT = 1_800_000;

  /** RabbitMQ's defaults: 128 KiB, 2047 channels, 60 s, half an hour. */
  public static Settings defaults(Compatibility compatibility) {
    return new Settings(compatibility, 131_072, 2_047, 60, DEFAULT_CONSUMER_TIMEOUT);
  }

  /** The same with another consumer timeout in milliseconds; 0 for none. */
  public Settings consumerTimeout(long millis) {
    return new Settings(compatibility, frameMax, channelMax, heartbeatSeconds, millis);
  }

  /** Largest body in bytes. */
  public long maxMessageSize() {
    return compatibility.maxMessageSize();
  }
}
