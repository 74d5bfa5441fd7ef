package io.harveymq.broker.vhost;

/**
 * Bulk work done in slices, so that no turn of a loop gets long. Owned by the home loop that runs
 * it.
 */
public interface Continuation {
  /**
   * Does at most the given number of units of work.
   *
   * @return true when all is done
   */
  boolean step(int units);

  /** A step has failed, and there will be no other: lets go of what waits for the end. */
  default void givenUp() {}
}
