package io.harveymq.broker.connection;

import io.harveymq.broker.Compatibility;

/**
 * What the broker offers and demands on every connection. Immutable; any thread.
 *
 * @param frameMax largest frame in bytes with overhead
 * @param channelMax most channels of a connection
 * @param heartbeatSeconds what is proposed; the client has the last word
 */
public record Settings(
    Compatibility compatibility, int frameMax, int channelMax, int heartbeatSeconds) {
  /** RabbitMQ's defaults: 128 KiB, 2047 channels, 60 s. */
  public static Settings defaults(Compatibility compatibility) {
    return new Settings(compatibility, 131_072, 2_047, 60);
  }

  /** Largest body in bytes. */
  public long maxMessageSize() {
    return compatibility.maxMessageSize();
  }
}
