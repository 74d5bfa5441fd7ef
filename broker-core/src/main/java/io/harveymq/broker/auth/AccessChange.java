package io.harveymq.broker.auth;

/**
 * A change of users, virtual hosts or permissions, of several together if need be: all of it takes
 * effect or, when an exception is thrown, nothing.
 */
@FunctionalInterface
public interface AccessChange {
  /**
   * Makes the change. Called on the node's loop, where it must not wait for anything.
   *
   * @throws AccessException when it can't be made
   */
  void applyTo(AccessEditor editor);
}
