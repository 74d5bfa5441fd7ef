package io.harveymq.broker.store;

import java.util.function.Consumer;

/**
 * A place where a broker keeps what must outlive it: an open data directory, or memory. One broker
 * uses it at a time.
 */
public interface BrokerStore extends AutoCloseable {
  DefinitionStore definitions();

  MessageStore messages();

  /**
   * Sets who is told when work in the background fails, on whatever thread it fails; the store is
   * of no use any more then.
   */
  void whenFailed(Consumer<Throwable> listener);

  /**
   * Does a bounded part of what is left for when nothing else is to be done. Store thread.
   *
   * @return whether there is more
   */
  boolean tidy();

  /** Ends the use of it; all that was committed stays. Called when the store thread has ended. */
  @Override
  void close();
}
