package io.harveymq.broker.stats;

/**
 * The {@link Flow}s of a virtual host. There are only so many, as there could be one of each
 * exchange with each queue; what would be more is not told. Owned by the home loop.
 */
public final class FlowBook {
  /** Some 15 MiB. */
  static final int MOST = 1 << 15;

  /** Bytes of the routing keys that queues remember. */
  static final int MOST_OF_KEYS = 4 << 20;

  private final Flow untold = new Flow();
  private int count;
  private boolean isPartial;
  private int keys;

  /** The flow from one object to another, a new one if there is none yet. */
  public Flow between(FlowEnd from, FlowEnd to, Flow.Kind kind) {
    Flow known = from.with(to);
    if (known != null) {
      return known;
    }
    if (from.hasEnded() || to.hasEnded()) {
      return untold;
    }
    if (count >= MOST) {
      isPartial = true;
      return untold;
    }
    Flow flow = new Flow(kind, from, to);
    from.add(this, to, flow);
    to.add(this, from, flow);
    count++;
    return flow;
  }

  /**
   * A queue remembers a routing key.
   *
   * @return false when all queues remember too much already
   */
  public boolean rememberKey(int bytes) {
    if (keys + bytes > MOST_OF_KEYS) {
      return false;
    }
    keys += bytes;
    return true;
  }

  /** A queue remembers a routing key no more. */
  public void forgetKey(int bytes) {
    keys -= bytes;
  }

  /** Whether flows were ever left out, so that counts since the start may miss some. */
  public boolean isPartial() {
    return isPartial;
  }

  void removed(int flows) {
    count -= flows;
  }

  /** How many there are. */
  int count() {
    return count;
  }
}
