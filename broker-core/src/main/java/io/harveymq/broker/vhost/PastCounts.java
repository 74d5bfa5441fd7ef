package io.harveymq.broker.vhost;

import io.harveymq.broker.queue.DeathCounts;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counters;
import java.util.EnumMap;
import java.util.Map;

/**
 * What virtual hosts counted that are deleted, so that counts of the node never get smaller. Owned
 * by the node loop.
 */
public final class PastCounts {
  private final Counters ended = new Counters();
  private final Map<QueueType, Counters> queues = new EnumMap<>(QueueType.class);
  private final DeathCounts deaths = new DeathCounts();

  /** Adds a virtual host from which everything is gone. */
  public void add(VirtualHost vhost) {
    ended.addAll(vhost.ended());
    for (QueueType type : QueueType.values()) {
      queues.computeIfAbsent(type, none -> new Counters()).addAll(vhost.endedQueues(type));
    }
    deaths.addAll(vhost.deaths());
  }

  /** What channels and connections counted. */
  public Counters ended() {
    return ended;
  }

  /** What queues of a type counted. */
  public Counters queues(QueueType type) {
    return queues.computeIfAbsent(type, none -> new Counters());
  }

  /** Messages that queues dropped. */
  public DeathCounts deaths() {
    return deaths;
  }
}
