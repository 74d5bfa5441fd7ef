package io.harveymq.broker;

import java.util.Objects;

/**
 * What a broker makes when it starts for the first time, or keeps nothing: a virtual host, and an
 * administrator with all permissions for it. Later starts find what is stored. Immutable; any
 * thread.
 *
 * @param defaultUser RabbitMQ's default_user
 * @param defaultPass RabbitMQ's default_pass
 * @param defaultVhost RabbitMQ's default_vhost
 */
public record FirstStart(String defaultUser, String defaultPass, String defaultVhost) {
  /** RabbitMQ's defaults: guest with the password guest, and the virtual host {@code /}. */
  public static final FirstStart DEFAULT = new FirstStart("guest", "guest", "/");

  /** None may be null, the names not empty. */
  public FirstStart {
    Objects.requireNonNull(defaultPass, "defaultPass");
    if (defaultUser.isEmpty() || defaultVhost.isEmpty()) {
      throw new IllegalArgumentException("defaultUser and defaultVhost must not be empty");
    }
  }

  /** Does not tell the password. */
  @Override
  public String toString() {
    return "user '" + defaultUser + "', vhost '" + defaultVhost + "'";
  }
}
