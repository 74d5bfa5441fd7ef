package io.harveymq.broker.auth;

import java.util.Locale;

/** What a permission is about. Immutable; any thread. */
public enum AccessRight {
  /** To declare and delete. */
  CONFIGURE,
  /** To put messages in. */
  WRITE,
  /** To get messages out. */
  READ;

  /** As in reply texts and definitions files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
