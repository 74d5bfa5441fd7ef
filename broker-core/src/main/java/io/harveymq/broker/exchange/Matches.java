package io.harveymq.broker.exchange;

/**
 * Takes the destinations that an exchange found for one message. The same destination may be added
 * more than once. Owned by the vhost's home loop.
 */
@FunctionalInterface
public interface Matches {
  /**
   * Must only collect: calling the exchange that is matching again, or changing its bindings, is
   * not allowed from here.
   */
  void add(Destination destination);

  /** The exchange wants the message for itself as well. */
  default void keep(Keeper keeper) {}
}
