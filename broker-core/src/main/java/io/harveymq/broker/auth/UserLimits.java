package io.harveymq.broker.auth;

/**
 * What a user may have at a time on the whole node. Immutable; any thread.
 *
 * @param maxConnections connections; negative for no limit, {@link #UNSET} if nothing is said, 0
 *     for none at all
 * @param maxChannels channels of all connections together; the same
 */
public record UserLimits(int maxConnections, int maxChannels) {
  /** Nothing is said, which means no limit; -1 says that there is none, and is shown. */
  public static final int UNSET = Integer.MIN_VALUE;

  /** No limits. */
  public static final UserLimits NONE = new UserLimits(UserLimits.UNSET, UserLimits.UNSET);
}
