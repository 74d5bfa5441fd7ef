package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.DeathCounts;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.vhost.PastCounts;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What all queues and exchanges of the node counted since its start, those that are gone as well.
 * Immutable.
 *
 * @param queues counts by the type of queue and what was counted
 * @param routed copies of messages that exchanges put into queues
 * @param deaths messages that queues dropped, each combination at most once
 * @param confirmedDeaths of these, those that stayed until others had taken them
 */
public record NodeCounts(
    Map<QueueType, Map<Counter, Long>> queues,
    long routed,
    List<DeathCounts.Count> deaths,
    long confirmedDeaths) {

  /** How often something was counted of queues of a type. */
  public long count(QueueType type, Counter counter) {
    return queues.get(type).getOrDefault(counter, 0L);
  }

  /** Adds up, on the home loop. */
  static NodeCounts of(Collection<VirtualHost> vhosts, PastCounts past) {
    Map<QueueType, Counters> sums = new EnumMap<>(QueueType.class);
    for (QueueType type : QueueType.values()) {
      Counters sum = new Counters();
      sum.addAll(past.queues(type));
      sums.put(type, sum);
    }
    DeathCounts deaths = new DeathCounts();
    deaths.addAll(past.deaths());
    long routed = past.ended().get(Counter.PUBLISH_OUT);
    for (VirtualHost vhost : vhosts) {
      sums.forEach((type, sum) -> sum.addAll(vhost.endedQueues(type)));
      for (AmqpQueue queue : vhost.queues()) {
        sums.get(queue.type()).addAll(queue.counters());
      }
      routed += vhost.ended().get(Counter.PUBLISH_OUT);
      for (var exchange : vhost.exchanges()) {
        routed += exchange.counters().get(Counter.PUBLISH_OUT);
      }
      deaths.addAll(vhost.deaths());
    }
    Map<QueueType, Map<Counter, Long>> queues = new EnumMap<>(QueueType.class);
    sums.forEach((type, sum) -> queues.put(type, values(sum)));
    return new NodeCounts(queues, routed, deaths.all(), deaths.confirmedCount());
  }

  private static Map<Counter, Long> values(Counters counters) {
    Map<Counter, Long> values = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      values.put(counter, counters.get(counter));
    }
    return values;
  }
}
