package io.harveymq.broker.exchange;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.vhost.VirtualHost;

/** An exchange that keeps messages beyond their routing. Owned by the vhost's home loop. */
public sealed interface Keeper permits RecentHistoryExchange, DelayedExchange {
  /** The exchange is new in this virtual host. */
  default void created(VirtualHost vhost) {}

  /**
   * The exchange was found in the store; {@link #start} follows on the home loop.
   *
   * @param log the number that {@link #log} had
   * @param found what the store has of that log; null when there is nothing
   */
  default void recovered(VirtualHost vhost, long log, MessageStore.Log found) {}

  /** Goes on with what was found in the store. */
  default void start() {}

  /** The number of its log in the store; 0 when nothing is stored. */
  default long log() {
    return 0;
  }

  /** Takes a message that was published to this exchange, or came to it from another one. */
  void keep(Message message, VirtualHost vhost);

  /** A binding from this exchange is new. */
  void bound(Binding binding, VirtualHost vhost);

  /** Drops all that is kept, because the exchange is deleted. */
  void dropKept(VirtualHost vhost);

  /** Whether a message that is kept counts as routed. */
  boolean holds();
}
