package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.StoredStretch;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.broker.store.StoredMessage;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Takes out of a virtual host that nobody uses what a restart of the broker does not leave: queues
 * and exchanges that are not durable, and messages that are not persistent, on the disk, too. Owned
 * by the home loop.
 */
public final class TransientRemoval extends VhostWork {
  /** Of messages that are read from the store at a time. */
  private static final int READ_BYTES = 256 << 10;

  /** Messages that come to memory while others are read are found the next time. */
  private static final int MOST_TIMES = 10;

  private Runnable whenDone;
  private int underWay;

  /** No connection may use it. */
  public TransientRemoval(VirtualHost vhost, Runnable whenDone) {
    super(vhost, whenDone);
  }

  @Override
  int deal(AmqpQueue queue) {
    if (!queue.definition().durable()) {
      int bindings = queue.incoming().size();
      vhost.deleteQueue(queue);
      return bindings;
    }
    if (queue instanceof MessageQueue whole && !whole.isQuorum()) {
      underWay++;
      look(whole, MOST_TIMES);
    }
    return 0;
  }

  @Override
  int deal(Exchange exchange) {
    int bindings = exchange.bindings().size();
    if (!exchange.definition().durable()) {
      vhost.deleteExchange(exchange);
    }
    return bindings;
  }

  @Override
  void end(Runnable then) {
    whenDone = then;
    endIfDone();
  }

  private void endIfDone() {
    if (underWay == 0 && whenDone != null) {
      whenDone.run();
    }
  }

  private void look(MessageQueue queue, int times) {
    if (times == 0
        || queue.isDeleted()
        || queue.readyCount() == queue.lanes().persistent().count()) {
      underWay--;
      endIfDone();
    } else if (queue.isHeld()) {
      queue.waiters().whenReleased(() -> look(queue, times));
    } else {
      queue.takeOut(waiting -> !waiting.message().isPersistent()).forEach(queue::ack);
      look(queue, new ArrayDeque<>(StoredStretch.of(queue)), times);
    }
  }

  private void look(MessageQueue queue, ArrayDeque<StoredStretch> left, int times) {
    StoredStretch stretch = left.poll();
    if (stretch == null) {
      vhost.home().execute(() -> look(queue, times - 1));
    } else {
      stretch.mayTake();
      read(queue, stretch, stretch.from(), () -> look(queue, left, times));
    }
  }

  private static void read(MessageQueue queue, StoredStretch stretch, long from, Runnable then) {
    stretch.read(
        from,
        0,
        READ_BYTES,
        found -> {
          List<StoredMessage> some =
              found.stream().filter(one -> one.position() < stretch.to()).toList();
          for (StoredMessage one : some) {
            Waiting seen = stretch.seen(one);
            if (!one.message().isPersistent() && stretch.has(seen)) {
              queue.ack(stretch.take(seen));
            }
          }
          if (some.isEmpty()) {
            stretch.readEnds();
            then.run();
          } else {
            read(queue, stretch, some.get(some.size() - 1).position() + 1, then);
          }
        });
  }
}
