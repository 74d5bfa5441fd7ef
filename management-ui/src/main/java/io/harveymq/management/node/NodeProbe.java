package io.harveymq.management.node;

import java.util.function.ToLongFunction;

/**
 * Reads {@link NodeFacts} and remembers those of a few seconds ago, so that rates can be told. Safe
 * from any thread that may wait.
 */
public final class NodeProbe {
  private static final long INTERVAL_MILLIS = 5_000;
  private static final double MILLIS = 1_000;

  private final long started = System.currentTimeMillis();
  private NodeFacts before;
  private NodeFacts last;

  /**
   * Facts of now and of some time before.
   *
   * @param before the same as now when there are none
   */
  public record Reading(NodeFacts now, NodeFacts before) {
    /** How much more of something there is each second. */
    public double rate(ToLongFunction<NodeFacts> fact) {
      long millis = now.time() - before.time();
      return millis <= 0 ? 0 : (fact.applyAsLong(now) - fact.applyAsLong(before)) * MILLIS / millis;
    }
  }

  /** Looks now. */
  public synchronized Reading read() {
    NodeFacts now = NodeFacts.read();
    if (last == null) {
      last = now;
      before = now;
    }
    if (now.time() - last.time() >= INTERVAL_MILLIS) {
      before = last;
      last = now;
    }
    return new Reading(now, before);
  }

  /** Milliseconds since the management was started, which is when the broker was. */
  public long uptime() {
    return System.currentTimeMillis() - started;
  }
}
