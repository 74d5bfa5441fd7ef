package io.harveymq.broker;

import java.util.Locale;

/**
 * What a broker can run out of so that publishers are blocked. In the order in which
 * connection.blocked names them. Immutable; any thread.
 */
public enum Resource {
  /** Free space where data is kept. */
  DISK,
  /** Memory that clients make the broker keep. */
  MEMORY;

  /** The name in logs and in connection.blocked, such as {@code memory}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
