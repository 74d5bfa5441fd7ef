package io.harveymq.broker.auth;

import java.util.Objects;

/**
 * What somebody who wants to log in shows. Immutable; any thread. Its text leaves the password out.
 *
 * @param user the name that the client gave
 * @param password the password, or a token in its place; null for a user who proved the name by
 *     other means, such as a certificate
 * @param address where the client is, as text without the port; empty if that is not known
 * @param isFromLoopback whether the client runs on this machine
 */
public record Credentials(String user, String password, String address, boolean isFromLoopback) {
  /** Only the password may be null. */
  public Credentials {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(address, "address");
  }

  /** The same under another name. */
  Credentials named(String name) {
    return new Credentials(name, password, address, isFromLoopback);
  }

  /** The same of a user who has proved the name. */
  Credentials proven() {
    return new Credentials(user, null, address, isFromLoopback);
  }

  @Override
  public String toString() {
    return "credentials of " + user;
  }
}
