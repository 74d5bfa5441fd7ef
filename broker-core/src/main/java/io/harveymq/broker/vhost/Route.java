package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Keeper;
import io.harveymq.broker.queue.AmqpQueue;

/**
 * The queues that a message goes to, each once. Owned by the home loop; never changed.
 *
 * @param queues not to be changed
 * @param epoch the routing epoch in which it was found; it holds for no other
 * @param byKeyOnly whether every message with the same exchange and routing key and no CC or BCC
 *     goes the same way
 * @param keepers the exchanges on the way that keep messages; not to be changed
 */
public record Route(AmqpQueue[] queues, long epoch, boolean byKeyOnly, Keeper[] keepers) {
  private static final Keeper[] NONE = {};

  /** A route on which no exchange keeps the message. */
  public Route(AmqpQueue[] queues, long epoch, boolean byKeyOnly) {
    this(queues, epoch, byKeyOnly, NONE);
  }

  /** Whether the message reaches no queue, and no exchange keeps it for later. */
  public boolean isEmpty() {
    if (queues.length > 0) {
      return false;
    }
    for (Keeper keeper : keepers) {
      if (keeper.holds()) {
        return false;
      }
    }
    return true;
  }
}
