package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Takes out of a virtual host that nobody uses what a restart of the broker does not leave: queues
 * and exchanges that are not durable, and messages that are not persistent. Owned by the home loop.
 */
public final class TransientRemoval implements Continuation {
  /** What looking after one queue or exchange costs, roughly, in units of bulk work. */
  private static final int COST = 16;

  private final VirtualHost vhost;
  private final ArrayDeque<AmqpQueue> queues;
  private final ArrayDeque<Exchange> exchanges;
  private final Runnable whenDone;

  /** No connection may use it. */
  public TransientRemoval(VirtualHost vhost, Runnable whenDone) {
    this.vhost = vhost;
    this.queues = new ArrayDeque<>(vhost.queues());
    this.exchanges = new ArrayDeque<>(vhost.exchanges());
    this.whenDone = whenDone;
    if (vhost.events() != null) {
      vhost.events().actor(EventExchange.INTERNAL);
    }
  }

  @Override
  public boolean step(int units) {
    int left = units;
    for (; left > 0 && !queues.isEmpty(); left -= COST) {
      AmqpQueue queue = queues.poll();
      if (!queue.definition().durable()) {
        vhost.deleteQueue(queue);
      } else if (queue instanceof MessageQueue whole && !whole.isQuorum() && !whole.isHeld()) {
        left -= dropTransient(whole);
      }
    }
    for (; left > 0 && queues.isEmpty() && !exchanges.isEmpty(); left -= COST) {
      Exchange exchange = exchanges.poll();
      if (!exchange.definition().durable()) {
        vhost.deleteExchange(exchange);
      }
    }
    if (queues.isEmpty() && exchanges.isEmpty()) {
      whenDone.run();
      return true;
    }
    return false;
  }

  private static int dropTransient(MessageQueue queue) {
    List<QueueEntry> taken = queue.takeOut(waiting -> !waiting.message().isPersistent());
    for (QueueEntry entry : taken) {
      queue.ack(entry);
    }
    return taken.size();
  }
}
