package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.Keeper;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.stats.FlowBook;

/**
 * The queues that a message goes to, each once. Owned by the home loop; where it leads is never
 * changed.
 */
public final class Route {
  private final Exchange exchange;
  private final AmqpQueue[] queues;
  private final long epoch;
  private final boolean byKeyOnly;
  private final Keeper[] keepers;
  private Flow[] flows;

  /**
   * @param exchange where it begins
   * @param queues not to be changed
   * @param epoch the routing epoch in which it was found; it holds for no other
   * @param byKeyOnly whether every message with the same exchange and routing key and no CC or BCC
   *     goes the same way
   * @param keepers the exchanges on the way that keep messages; not to be changed
   */
  Route(Exchange exchange, AmqpQueue[] queues, long epoch, boolean byKeyOnly, Keeper[] keepers) {
    this.exchange = exchange;
    this.queues = queues;
    this.epoch = epoch;
    this.byKeyOnly = byKeyOnly;
    this.keepers = keepers;
  }

  /** The same to some of its queues. */
  public Route to(AmqpQueue[] some) {
    return new Route(exchange, some, epoch, byKeyOnly, keepers);
  }

  public AmqpQueue[] queues() {
    return queues;
  }

  public long epoch() {
    return epoch;
  }

  public boolean byKeyOnly() {
    return byKeyOnly;
  }

  public Keeper[] keepers() {
    return keepers;
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

  /** Counts a message that somebody published and that goes this way. */
  public void countPublished(FlowBook book) {
    if (flows == null) {
      flows = new Flow[queues.length];
      for (int i = 0; i < flows.length; i++) {
        flows[i] = book.between(exchange.flows(), queues[i].flows(), Flow.Kind.ROUTED);
      }
    }
    for (Flow flow : flows) {
      flow.add(Counter.PUBLISH);
    }
  }
}
