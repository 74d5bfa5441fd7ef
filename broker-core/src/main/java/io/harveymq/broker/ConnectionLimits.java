package io.harveymq.broker;

/**
 * What every connection is offered and held to. Immutable; any thread.
 *
 * @param frameMax largest frame in bytes with overhead, proposed to clients; at least 4,096
 * @param channelMax most channels of a connection, 1 to 65,535
 * @param heartbeatSeconds what is proposed, 0 to 65,535, 0 for none; the client has the last word
 * @param maxMessageSize largest body in bytes; 0 for that of the RabbitMQ version
 * @param maxConnections most connections of the broker; negative for no limit
 * @param maxConsumers most consumers of a channel; negative for no limit
 * @param handshakeMillis within which a client has to have logged in and chosen a virtual host
 * @param sendTimeoutMillis after which a client is cut off that takes nothing of what is sent; 0
 *     for never
 * @param node what all connections together may have
 */
public record ConnectionLimits(
    int frameMax,
    int channelMax,
    int heartbeatSeconds,
    long maxMessageSize,
    int maxConnections,
    int maxConsumers,
    long handshakeMillis,
    long sendTimeoutMillis,
    NodeLimits node) {
  /** RabbitMQ's defaults: 128 KiB, 2,047 channels, 60 s, and else no limit. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(131_072, 2_047, 60, 0, -1, -1);

  /** RabbitMQ's handshake_timeout. */
  private static final long DEFAULT_HANDSHAKE_MILLIS = 10_000;

  private static final int LEAST_FRAME_MAX = 4_096;
  private static final int MOST = 65_535;

  /** Checks the ranges. */
  public ConnectionLimits {
    if (frameMax < LEAST_FRAME_MAX
        || channelMax < 1
        || channelMax > MOST
        || heartbeatSeconds < 0
        || heartbeatSeconds > MOST
        || maxMessageSize < 0
        || handshakeMillis < 1
        || sendTimeoutMillis < 0) {
      throw new IllegalArgumentException("a limit is out of its range");
    }
  }

  /** With 10 s for the handshake and no further limits. */
  public ConnectionLimits(
      int frameMax,
      int channelMax,
      int heartbeatSeconds,
      long maxMessageSize,
      int maxConnections,
      int maxConsumers) {
    this(
        frameMax,
        channelMax,
        heartbeatSeconds,
        maxMessageSize,
        maxConnections,
        maxConsumers,
        DEFAULT_HANDSHAKE_MILLIS,
        0,
        NodeLimits.NONE);
  }

  /** The same with other timeouts in milliseconds: of the handshake, and 0 or that of sending. */
  public ConnectionLimits withTimeouts(long handshake, long send) {
    return new ConnectionLimits(
        frameMax,
        channelMax,
        heartbeatSeconds,
        maxMessageSize,
        maxConnections,
        maxConsumers,
        handshake,
        send,
        node);
  }

  /** The same with limits of the whole broker. */
  public ConnectionLimits withNode(NodeLimits limits) {
    return new ConnectionLimits(
        frameMax,
        channelMax,
        heartbeatSeconds,
        maxMessageSize,
        maxConnections,
        maxConsumers,
        handshakeMillis,
        sendTimeoutMillis,
        limits);
  }
}
