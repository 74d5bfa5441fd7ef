package io.harveymq.broker.auth;

import java.util.List;
import java.util.Objects;

/**
 * Someone who may log in. Immutable; any thread.
 *
 * @param tags what the user may do beyond messaging: {@code administrator}, {@code monitoring},
 *     {@code policymaker} and {@code management} in the management interface, {@code impersonator}
 *     when publishing; others are kept and mean nothing to the broker
 */
public record User(String name, PasswordHash password, List<String> tags, UserLimits limits) {
  /** The tag of who may publish with another user's name in the user-id property. */
  public static final String IMPERSONATOR = "impersonator";

  /** The tag of who may do everything in the management interface. */
  public static final String ADMINISTRATOR = "administrator";

  /** None may be null. */
  public User {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(limits, "limits");
    tags = List.copyOf(tags);
  }

  /** A user without limits. */
  public static User of(String name, String password, String... tags) {
    return new User(name, PasswordHash.of(password), List.of(tags), UserLimits.NONE);
  }

  public boolean hasTag(String tag) {
    return tags.contains(tag);
  }

  public User withPassword(PasswordHash newPassword) {
    return new User(name, newPassword, tags, limits);
  }

  public User withTags(List<String> newTags) {
    return new User(name, password, newTags, limits);
  }

  public User withLimits(UserLimits newLimits) {
    return new User(name, password, tags, newLimits);
  }
}
