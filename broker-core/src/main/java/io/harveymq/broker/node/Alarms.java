package io.harveymq.broker.node;

import io.harveymq.broker.Resource;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.FieldTable;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What the node is low on, and for what of that a connection is blocked from the next message on
 * that it publishes. Changed on the first loop; every home loop hears of a change by an event with
 * immutable copies.
 */
public final class Alarms {
  private final HomeLoop nodeLoop;
  private final EventExchange events;
  private final Map<HomeLoop, LoopAlarms> byLoop = new IdentityHashMap<>();
  private volatile Set<Resource> raised = Set.of();
  private Set<Resource> blocking = Set.of();
  private CompletableFuture<Void> lastChange = CompletableFuture.completedFuture(null);

  /**
   * @param loops all home loops; the first is the node's
   * @param events gets told of each alarm; null for nobody
   */
  public Alarms(List<HomeLoop> loops, EventExchange events) {
    this.events = events;
    nodeLoop = loops.get(0);
    for (HomeLoop loop : loops) {
      byLoop.put(loop, new LoopAlarms(loop));
    }
  }

  /** The alarms as that loop knows them. Any thread; what is returned belongs to the loop. */
  public LoopAlarms on(HomeLoop loop) {
    return byLoop.get(loop);
  }

  /** What the node is low on; immutable. Any thread. */
  public Set<Resource> raised() {
    return raised;
  }

  HomeLoop nodeLoop() {
    return nodeLoop;
  }

  /**
   * Raises or clears the alarm for a resource; without effect if it is so already.
   *
   * @param blocks whether whoever publishes is blocked; an alarm that does not is only told to
   *     those who are paused already
   * @return completed, on any loop, when every loop knows
   */
  CompletableFuture<Void> set(Resource resource, boolean low, boolean blocks) {
    assert nodeLoop.loop().inLoop();
    if (raised.contains(resource) != low) {
      tell(resource, low ? "alarm.set" : "alarm.cleared");
    }
    if (raised.contains(resource) != low || blocking.contains(resource) != blocks) {
      raised = changed(raised, resource, low);
      blocking = changed(blocking, resource, blocks);
      lastChange = tellAll(raised, blocking);
    }
    return lastChange;
  }

  private void tell(Resource resource, String event) {
    if (events != null) {
      String source = resource.name().toLowerCase(Locale.ROOT);
      events.emit(event, FieldTable.builder().put("node", events.node()).put("source", source));
    }
  }

  private static Set<Resource> changed(Set<Resource> before, Resource resource, boolean in) {
    EnumSet<Resource> changed = EnumSet.noneOf(Resource.class);
    changed.addAll(before);
    if (in) {
      changed.add(resource);
    } else {
      changed.remove(resource);
    }
    return Set.copyOf(changed);
  }

  private CompletableFuture<Void> tellAll(Set<Resource> low, Set<Resource> blocks) {
    return CompletableFuture.allOf(
        byLoop.entrySet().stream()
            .map(
                entry ->
                    CompletableFuture.runAsync(
                        () -> entry.getValue().update(low, blocks), entry.getKey()::execute))
            .toArray(CompletableFuture<?>[]::new));
  }
}
