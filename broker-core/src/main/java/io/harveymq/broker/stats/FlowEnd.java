package io.harveymq.broker.stats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a channel, an exchange or a queue has to do with others, by {@link Flow}s. Owned by the
 * object's loop.
 */
public final class FlowEnd implements Sampled {
  private final Object owner;
  private FlowBook book;
  private Map<FlowEnd, Flow> flows = Map.of();
  private boolean ended;

  /**
   * @param owner whose end it is
   */
  public FlowEnd(Object owner) {
    this.owner = owner;
  }

  Object owner() {
    return owner;
  }

  Flow with(FlowEnd other) {
    return flows.get(other);
  }

  void add(FlowBook ofBoth, FlowEnd other, Flow flow) {
    if (book == null) {
      book = ofBoth;
      flows = new HashMap<>();
    }
    flows.put(other, flow);
  }

  /** All of them. */
  public List<Flow> all() {
    return new ArrayList<>(flows.values());
  }

  /** Those of one kind that this is the source or the target of. */
  public List<Flow> all(Flow.Kind kind) {
    List<Flow> some = new ArrayList<>();
    for (Flow flow : flows.values()) {
      if (flow.kind() == kind) {
        some.add(flow);
      }
    }
    return some;
  }

  @Override
  public void sample(long time) {
    for (Flow flow : flows.values()) {
      if (flow.isSampledAt(this)) {
        flow.sample(time);
      }
    }
  }

  /** Whether the object is gone. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * The object is gone, and what it had to do with others is forgotten. What is still counted for
   * it, such as late acknowledgements, is not told.
   */
  public void end() {
    ended = true;
    if (book != null) {
      flows.forEach((other, flow) -> other.flows.remove(this));
      book.removed(flows.size());
      flows.clear();
    }
  }
}
