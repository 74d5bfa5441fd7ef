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
 */
public record ConnectionLimits(
    int frameMax,
    int channelMax,
    int heartbeatSeconds,
    long maxMessageSize,
    int maxConnections,
    int maxConsumers) {
  /** RabbitMQ's defaults: 128 KiB, 2,047 channels, 60 s, and else no limit. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(131_072, 2_047, 60, 0, -1, -1);

  private static final int LEAST_FRAME_MAX = 4_096;
  private static final int MOST = 65_535;

  /** Checks the ranges. */
  public ConnectionLimits {
    if (frameMax < LEAST_FRAME_MAX
        || channelMax < 1
        || channelMax > MOST
        || heartbeatSeconds < 0
        || heartbeatSeconds > MOST
        || maxMessageSize < 0) {
      throw new IllegalArgumentException("a limit is out of its range");
    }
  }
}
