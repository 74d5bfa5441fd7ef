package io.harveymq.broker.vhost;

/**
 * What a virtual host may have at a time. Immutable; any thread.
 *
 * @param maxConnections negative for no limit, {@link #UNSET} if nothing is said, 0 for none at all
 * @param maxQueues the same
 * @param stated whether limits were set, be it to nothing, which RabbitMQ tells from never
 */
public record VhostLimits(int maxConnections, int maxQueues, boolean stated) {
  /** Nothing is said, which means no limit; -1 says that there is none, and is shown. */
  public static final int UNSET = Integer.MIN_VALUE;

  /** No limits. */
  public static final VhostLimits NONE = new VhostLimits(UNSET, UNSET, false);

  /** A limit is always stated. */
  public VhostLimits {
    stated |= maxConnections != UNSET || maxQueues != UNSET;
  }

  /** Limits that were set. */
  public VhostLimits(int maxConnections, int maxQueues) {
    this(maxConnections, maxQueues, true);
  }

  /** Whether nothing is limited, nor said to be unlimited. */
  public boolean isEmpty() {
    return maxConnections == UNSET && maxQueues == UNSET;
  }
}
