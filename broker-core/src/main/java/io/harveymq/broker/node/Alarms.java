package io.harveymq.broker.node;

import io.harveymq.broker.Resource;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What the node is low on. While that is anything, a connection is blocked from the next message on
 * that it publishes. Changed on the first loop; every home loop hears of a change by an event with
 * an immutable copy.
 */
public final class Alarms {
  private final HomeLoop nodeLoop;
  private final Map<HomeLoop, LoopAlarms> byLoop = new IdentityHashMap<>();
  private volatile Set<Resource> raised = Set.of();
  private CompletableFuture<Void> lastChange = CompletableFuture.completedFuture(null);

  /**
   * @param loops all home loops; the first is the node's
   */
  public Alarms(List<HomeLoop> loops) {
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
   * @return completed, on any loop, when every loop knows
   */
  CompletableFuture<Void> set(Resource resource, boolean low) {
    assert nodeLoop.loop().inLoop();
    if (raised.contains(resource) == low) {
      return lastChange;
    }
    EnumSet<Resource> changed = EnumSet.noneOf(Resource.class);
    changed.addAll(raised);
    if (low) {
      changed.add(resource);
    } else {
      changed.remove(resource);
    }
    raised = Set.copyOf(changed);
    lastChange = tellAll(raised);
    return lastChange;
  }

  private CompletableFuture<Void> tellAll(Set<Resource> now) {
    return CompletableFuture.allOf(
        byLoop.entrySet().stream()
            .map(
                entry ->
                    CompletableFuture.runAsync(
                        () -> entry.getValue().update(now), entry.getKey()::execute))
            .toArray(CompletableFuture<?>[]::new));
  }
}
