package io.harveymq.broker;

import io.harveymq.broker.auth.User;
import java.util.List;
import java.util.Objects;

/**
 * What a broker makes when it starts for the first time, or keeps nothing: a virtual host, and a
 * user with permissions for it. Later starts find what is stored. Immutable; any thread.
 *
 * @param defaultUser RabbitMQ's default_user
 * @param defaultPass RabbitMQ's default_pass
 * @param defaultVhost RabbitMQ's default_vhost
 * @param tags RabbitMQ's default_user_tags
 * @param permissions RabbitMQ's default_permissions
 */
public record FirstStart(
    String defaultUser,
    String defaultPass,
    String defaultVhost,
    List<String> tags,
    Patterns permissions) {

  /** What names have to match that the user may configure, write to and read from. */
  public record Patterns(String configure, String write, String read) {
    /** Everything. */
    public static final Patterns ALL = new Patterns(".*", ".*", ".*");
  }

  /** RabbitMQ's defaults: guest with the password guest, and the virtual host {@code /}. */
  public static final FirstStart DEFAULT = new FirstStart("guest", "guest", "/");

  /** An administrator with all permissions. */
  public FirstStart(String defaultUser, String defaultPass, String defaultVhost) {
    this(defaultUser, defaultPass, defaultVhost, List.of(User.ADMINISTRATOR), Patterns.ALL);
  }

  /** None may be null, the names not empty. */
  public FirstStart {
    Objects.requireNonNull(defaultPass, "defaultPass");
    Objects.requireNonNull(permissions, "permissions");
    tags = List.copyOf(tags);
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
