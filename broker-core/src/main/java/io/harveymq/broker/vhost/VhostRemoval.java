package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;

/**
 * Takes a virtual host apart that nobody uses any more: queues with their messages, exchanges and
 * bindings go, from the store, too. Owned by the home loop.
 */
public final class VhostRemoval extends VhostWork {
  /** Nothing may be declared there any more. */
  public VhostRemoval(VirtualHost vhost, Runnable whenDone) {
    super(vhost, whenDone);
    vhost.endStories();
    vhost.faults().removeAll();
    vhost.recordings().removeAll();
  }

  @Override
  int deal(AmqpQueue queue) {
    int bindings = queue.incoming().size();
    vhost.deleteQueue(queue);
    return bindings;
  }

  @Override
  int deal(Exchange exchange) {
    int bindings = exchange.bindings().size();
    vhost.deleteExchange(exchange);
    return bindings;
  }

  @Override
  void end(Runnable whenDone) {
    vhost.policies().dropAll();
    whenDone.run();
  }
}
