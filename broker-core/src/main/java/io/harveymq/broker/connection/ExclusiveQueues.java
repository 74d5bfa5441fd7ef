package io.harveymq.broker.connection;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The queues that go when their connection does. Owned by the home loop. */
final class ExclusiveQueues {
  private static final int SWEEP_FROM = 16;

  private Set<AmqpQueue> queues = Set.of();
  private int sweepAt = SWEEP_FROM;

  void add(AmqpQueue queue) {
    if (queues.isEmpty()) {
      queues = new LinkedHashSet<>(2);
    } else if (queues.size() >= sweepAt) {
      queues.removeIf(AmqpQueue::isDeleted);
      sweepAt = Math.max(SWEEP_FROM, 2 * queues.size());
    }
    queues.add(queue);
  }

  /** Those that are still there, oldest first; a list that does not change. */
  List<AmqpQueue> all() {
    return queues.stream().filter(queue -> !queue.isDeleted()).toList();
  }

  /** Deletes those that are still there, oldest first: their connection is closed. */
  void delete(VirtualHost vhost, Connection owner) {
    if (vhost.events() != null) {
      vhost.events().actor(EventExchange.INTERNAL);
    }
    for (AmqpQueue queue : all()) {
      if (!queue.isDeleted()) {
        DeletedObjects.Actor actor = DeletedObjects.Actor.of(owner);
        vhost.deleted().queue(queue.name(), DeletedObjects.Cause.EXCLUSIVE, actor);
        vhost.deleteQueue(queue);
      }
    }
    queues = Set.of();
  }
}
