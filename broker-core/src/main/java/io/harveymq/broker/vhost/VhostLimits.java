package io.harveymq.broker.vhost;

/**
 * What a virtual host may have at a time. Immutable; any thread.
 *
 * @param maxConnections negative for no limit, {@link #UNSET} if nothing is said, 0 for none at all
 * @param maxQueues the same
 */
public record VhostLimits(int maxConnections, int maxQueues) {
  /** Nothing is said, which means no limit; -1 says that there is none, and is shown. */
  public static final int UNSET = Integer.MIN_VALUE;

  /** No limits. */
  public static final VhostLimits NONE = new VhostLimits(VhostLimits.UNSET, VhostLimits.UNSET);
}
