package io.harveymq.broker.node;

import io.harveymq.broker.Resource;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The alarms as one home loop knows them, and the connections there that want to hear of a change.
 * Each hears in an event of its own, because there may be many. Owned by that home loop.
 */
public final class LoopAlarms {
  private final HomeLoop home;
  private final Set<Runnable> whenRaised = new LinkedHashSet<>();
  private final Set<Runnable> whenUnblocked = new LinkedHashSet<>();
  private Set<Resource> raised = Set.of();
  private boolean blocking;

  LoopAlarms(HomeLoop home) {
    this.home = home;
  }

  /** Whether there is an alarm. */
  public boolean isRaised() {
    return !raised.isEmpty();
  }

  /** Whether whoever publishes is to be blocked. */
  public boolean blocksPublishers() {
    return blocking;
  }

  /**
   * What connection.blocked says, such as {@code low on memory} or {@code low on disk & memory}.
   */
  public String reason() {
    return raised.stream()
        .sorted()
        .map(Resource::toString)
        .collect(Collectors.joining(" & ", "low on ", ""));
  }

  /** Calls back each time that there is an alarm and was none. */
  public void whenRaised(Runnable event) {
    whenRaised.add(event);
  }

  /** Calls back, once, when publishers are not blocked any more. */
  public void whenUnblocked(Runnable event) {
    whenUnblocked.add(event);
  }

  /** Calls back neither way any more. */
  public void forget(Runnable event) {
    whenRaised.remove(event);
    whenUnblocked.remove(event);
  }

  void update(Set<Resource> low, Set<Resource> blocks) {
    boolean wasRaised = isRaised();
    raised = low;
    blocking = !blocks.isEmpty();
    if (!wasRaised && isRaised()) {
      List.copyOf(whenRaised).forEach(home::execute);
    }
    if (!blocking) {
      List<Runnable> all = new ArrayList<>(whenUnblocked);
      whenUnblocked.clear();
      all.forEach(home::execute);
    }
  }
}
