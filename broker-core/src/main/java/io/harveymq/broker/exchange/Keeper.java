package io.harveymq.broker.exchange;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.VirtualHost;

/** An exchange that keeps messages beyond their routing. Owned by the vhost's home loop. */
public sealed interface Keeper permits RecentHistoryExchange {
  /** Takes a message that was published to this exchange, or came to it from another one. */
  void keep(Message message, VirtualHost vhost);

  /** A binding from this exchange is new. */
  void bound(Binding binding, VirtualHost vhost);

  /** Drops all that is kept, because the exchange is deleted. */
  void dropKept(VirtualHost vhost);

  /** Whether a message that is kept counts as routed. */
  boolean holds();
}
