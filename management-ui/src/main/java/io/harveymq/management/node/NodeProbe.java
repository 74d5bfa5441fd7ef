package io.harveymq.management.node;

import io.harveymq.broker.stats.Retention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Reads {@link NodeFacts} and remembers those of the last day, first five seconds apart, so that
 * rates and samples can be told. Of a process that hardly runs nothing is read. Safe from any
 * thread that may wait.
 */
public final class NodeProbe {
  /** How often {@link #tick} is to be called: as often as RabbitMQ's default. */
  public static final int INTERVAL_MILLIS = 5_000;

  private static final double MILLIS = 1_000;

  /** Between two samples, at least: timers are not exact, and who asks makes samples, too. */
  private static final int APART_MILLIS = 4_000;

  private static final Retention RETENTION = Retention.GLOBAL;

  /** Hundredths of a second in {@link #INTERVAL_MILLIS} up to which a process is idle. */
  private static final int IDLE = 5;

  private final long started = System.currentTimeMillis();
  private final LongSupplier diskFree;
  private final List<NodeFacts> samples = new ArrayList<>();
  private long processorTime;

  /**
   * @param diskFree tells the free bytes of the disk; -1 when nobody watches that
   */
  public NodeProbe(LongSupplier diskFree) {
    this.diskFree = diskFree;
  }

  /**
   * Facts of now and of some time before. Immutable.
   *
   * @param samples in their order, the last one at most a few seconds old or still true; not empty
   */
  public record Reading(NodeFacts now, List<NodeFacts> samples) {
    /**
     * How much more of something there is each second, since some five seconds ago; of a process
     * that idled, since before it did.
     */
    public double rate(ToLongFunction<NodeFacts> fact) {
      NodeFacts before = before();
      long millis = now.time() - before.time();
      return millis <= 0 ? 0 : (fact.applyAsLong(now) - fact.applyAsLong(before)) * MILLIS / millis;
    }

    private NodeFacts before() {
      NodeFacts last = samples.get(samples.size() - 1);
      boolean isRecent = now.time() - last.time() < APART_MILLIS && samples.size() > 1;
      return isRecent ? samples.get(samples.size() - 2) : last;
    }

    /** From when on there are samples, in milliseconds since the epoch. */
    public long since() {
      return samples.get(0).time();
    }

    /**
     * What there was at a time, in milliseconds since the epoch; 0 before the first sample. Between
     * two it rises or falls evenly.
     */
    public long at(ToLongFunction<NodeFacts> fact, long time) {
      NodeFacts after = now;
      for (int i = samples.size() - 1; i >= 0 && time < after.time(); i--) {
        NodeFacts sample = samples.get(i);
        if (sample.time() <= time) {
          long value = fact.applyAsLong(sample);
          double part = (time - sample.time()) * 1.0 / (after.time() - sample.time());
          return value + Math.round((fact.applyAsLong(after) - value) * part);
        }
        after = sample;
      }
      return time < after.time() ? 0 : fact.applyAsLong(after);
    }
  }

  /** Looks now. */
  public synchronized Reading read() {
    NodeFacts now = look();
    return new Reading(now, List.copyOf(samples));
  }

  private NodeFacts look() {
    NodeFacts now = NodeFacts.read(diskFree.getAsLong());
    int last = samples.size() - 1;
    if (last < 0 || now.time() - samples.get(last).time() >= APART_MILLIS) {
      if (samples.size() >= RETENTION.most()) {
        thin();
      }
      samples.add(now);
    }
    return now;
  }

  private void thin() {
    long[] times = samples.stream().mapToLong(NodeFacts::time).toArray();
    List<NodeFacts> kept =
        Arrays.stream(RETENTION.thin(times, times.length)).mapToObj(samples::get).toList();
    samples.clear();
    samples.addAll(kept);
  }

  /** Sees to it that there is a sample, if the process did something since the last time. */
  public synchronized void tick() {
    long used = NodeFacts.processorTime();
    boolean isIdle = used >= 0 && used - processorTime <= IDLE;
    processorTime = used;
    if (!isIdle) {
      look();
    }
  }

  /** When the management was started, in milliseconds since the epoch. */
  public long started() {
    return started;
  }

  /** Milliseconds since the management was started, which is when the broker was. */
  public long uptime() {
    return System.currentTimeMillis() - started;
  }
}
