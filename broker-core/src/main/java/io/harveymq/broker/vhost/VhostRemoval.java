package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import java.util.ArrayDeque;

/**
 * Takes a virtual host apart that nobody uses any more: queues with their messages, exchanges and
 * bindings go, from the store, too. Owned by the home loop.
 */
public final class VhostRemoval implements Continuation {
  /** What deleting one queue or exchange costs, roughly, in units of bulk work. */
  private static final int COST = 16;

  private final VirtualHost vhost;
  private final ArrayDeque<AmqpQueue> queues;
  private final ArrayDeque<Exchange> exchanges;
  private final Runnable whenDone;

  /** Nothing may be declared there any more. */
  public VhostRemoval(VirtualHost vhost, Runnable whenDone) {
    this.vhost = vhost;
    vhost.endStories();
    vhost.faults().removeAll();
    vhost.recordings().removeAll();
    this.queues = new ArrayDeque<>(vhost.queues());
    this.exchanges = new ArrayDeque<>(vhost.exchanges());
    this.whenDone = whenDone;
    if (vhost.events() != null) {
      vhost.events().actor(EventExchange.INTERNAL);
    }
  }

  @Override
  public boolean step(int units) {
    for (int left = units; left > 0 && !queues.isEmpty(); left -= COST) {
      AmqpQueue queue = queues.poll();
      left -= queue.incoming().size();
      vhost.deleteQueue(queue);
    }
    for (int left = units; left > 0 && queues.isEmpty() && !exchanges.isEmpty(); left -= COST) {
      Exchange exchange = exchanges.poll();
      left -= exchange.bindings().size();
      vhost.deleteExchange(exchange);
    }
    if (queues.isEmpty() && exchanges.isEmpty()) {
      vhost.policies().dropAll();
      whenDone.run();
      return true;
    }
    return false;
  }
}
