package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import java.util.ArrayDeque;

/**
 * Goes through the queues, then the exchanges, of a virtual host that nobody uses, a slice at a
 * time. Owned by the home loop.
 */
abstract class VhostWork implements Continuation {
  /** What one queue or exchange costs, roughly, in units of bulk work. */
  private static final int COST = 16;

  final VirtualHost vhost;
  private final ArrayDeque<AmqpQueue> queues;
  private final ArrayDeque<Exchange> exchanges;
  private final Runnable whenDone;

  /** Of what is there now; nothing may be declared meanwhile. */
  VhostWork(VirtualHost vhost, Runnable whenDone) {
    this.vhost = vhost;
    this.queues = new ArrayDeque<>(vhost.queues());
    this.exchanges = new ArrayDeque<>(vhost.exchanges());
    this.whenDone = whenDone;
    if (vhost.events() != null) {
      vhost.events().actor(EventExchange.INTERNAL);
    }
  }

  /** Deals with a queue; gives the units that it cost besides. */
  abstract int deal(AmqpQueue queue);

  /** The same with an exchange. */
  abstract int deal(Exchange exchange);

  /** Ends it, and runs the action then. */
  void end(Runnable whenDone) {
    whenDone.run();
  }

  @Override
  public final boolean step(int units) {
    int left = units;
    for (; left > 0 && !queues.isEmpty(); left -= COST) {
      left -= deal(queues.poll());
    }
    for (; left > 0 && queues.isEmpty() && !exchanges.isEmpty(); left -= COST) {
      left -= deal(exchanges.poll());
    }
    if (queues.isEmpty() && exchanges.isEmpty()) {
      end(whenDone);
      return true;
    }
    return false;
  }
}
