package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;

/**
 * Sees to messages that reach no queue: counts them, for who published and for the exchange that
 * let them go, tells their stories, and keeps what is dropped. Owned by the home loop.
 */
public final class UnroutableMessages {
  private final VirtualHost vhost;
  private final RoutingLog log;
  private final DroppedMessages dropped;

  UnroutableMessages(VirtualHost vhost, BrokerClock clock) {
    this.vhost = vhost;
    this.log = new RoutingLog(vhost.name(), clock);
    this.dropped = new DroppedMessages(clock);
  }

  /**
   * A message that was not mandatory is lost.
   *
   * @param exchange that let it go, which need not be the one that it was published to; null when
   *     it is gone and was that one
   * @param by counters of who let it go
   */
  public void dropped(
      Message message, Exchange exchange, Counters by, DroppedMessages.Publisher publisher) {
    count(Counter.DROP_UNROUTABLE, exchange, by);
    StoryTaps.happened(vhost, message, StoryEvent.UNROUTABLE, null);
    String name = exchange == null ? message.exchange() : exchange.name();
    dropped.add(name, message, publisher);
    log.dropped(name, message.routingKey());
  }

  /**
   * A message that was mandatory goes back.
   *
   * @param exchange that it was published to; null when it is gone
   * @param by counters of who published it
   */
  public void returned(Message message, Exchange exchange, Counters by) {
    count(Counter.RETURN_UNROUTABLE, exchange, by);
    StoryTaps.happened(vhost, message, StoryEvent.RETURNED, null);
  }

  private static void count(Counter counter, Exchange exchange, Counters by) {
    by.add(counter);
    if (exchange != null) {
      exchange.counters().add(counter);
    }
  }

  /** The last ones that were dropped. */
  DroppedMessages kept() {
    return dropped;
  }
}
