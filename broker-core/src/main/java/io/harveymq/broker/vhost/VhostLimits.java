package io.harveymq.broker.vhost;

/**
 * What a virtual host may have at a time. Immutable; any thread.
 *
 * @param maxConnections negative for no limit, 0 for none at all
 * @param maxQueues negative for no limit, 0 for none at all
 */
public record VhostLimits(int maxConnections, int maxQueues) {
  /** No limits. */
  public static final VhostLimits NONE = new VhostLimits(-1, -1);

  /** No limit has one spelling. */
  public VhostLimits {
    maxConnections = Math.max(-1, maxConnections);
    maxQueues = Math.max(-1, maxQueues);
  }
}
