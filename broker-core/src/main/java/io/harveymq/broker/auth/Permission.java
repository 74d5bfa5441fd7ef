package io.harveymq.broker.auth;

import java.util.Objects;

/**
 * What a user may do in a virtual host: names of queues and exchanges have to match a regular
 * expression somewhere; an empty one matches the empty name only. Immutable; any thread.
 *
 * @param configure for declaring and deleting
 * @param write for publishing and binding to
 * @param read for consuming, purging and binding from
 */
public record Permission(String user, String vhost, String configure, String write, String read) {
  /** None may be null. */
  public Permission {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(vhost, "vhost");
    Objects.requireNonNull(configure, "configure");
    Objects.requireNonNull(write, "write");
    Objects.requireNonNull(read, "read");
  }

  /** The permission to do everything. */
  public static Permission all(String user, String vhost) {
    return new Permission(user, vhost, ".*", ".*", ".*");
  }
}
