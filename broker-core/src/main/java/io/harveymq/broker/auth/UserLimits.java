package io.harveymq.broker.auth;

/**
 * What a user may have at a time on the whole node. Immutable; any thread.
 *
 * @param maxConnections connections; negative for no limit, 0 for none at all
 * @param maxChannels channels of all connections together; negative for no limit, 0 for none
 */
public record UserLimits(int maxConnections, int maxChannels) {
  /** No limits. */
  public static final UserLimits NONE = new UserLimits(-1, -1);

  /** No limit has one spelling. */
  public UserLimits {
    maxConnections = Math.max(-1, maxConnections);
    maxChannels = Math.max(-1, maxChannels);
  }
}
