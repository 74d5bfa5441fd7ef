package io.harveymq.broker.auth;

import java.util.Objects;

/**
 * Which routing keys a user may use with a topic exchange; without one, all. In the regular
 * expressions {@code {username}} and {@code {vhost}} stand for the user's and the virtual host's
 * name. Immutable; any thread.
 *
 * @param exchange its name; of an exchange of another type it means nothing
 * @param write for publishing
 * @param read for binding
 */
public record TopicPermission(
    String user, String vhost, String exchange, String write, String read) {
  /** None may be null. */
  public TopicPermission {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(vhost, "vhost");
    Objects.requireNonNull(exchange, "exchange");
    Objects.requireNonNull(write, "write");
    Objects.requireNonNull(read, "read");
  }
}
