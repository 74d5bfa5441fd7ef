package io.harveymq.broker.stats;

import java.util.ArrayList;
import java.util.List;

/** Counts of an object at one time, how fast they grow, and what they were. Immutable. */
public final class Figures {
  /** Of an object of which nothing is known. */
  public static final Figures NONE = new Figures(new long[Counter.COUNT], null, 0, 0);

  private static final double MILLIS = 1_000;

  private final long[] values;
  private final History history;
  private final long before;
  private final long now;

  /**
   * @param history null when there is none
   * @param before the time to compare with for rates, in milliseconds since the epoch
   * @param now the time of the values
   */
  Figures(long[] values, History history, long before, long now) {
    this.values = values;
    this.history = history;
    this.before = before;
    this.now = now;
  }

  /** A sample of a counter: a time in milliseconds since the epoch, and the value then. */
  public record Sample(long timestamp, long value) {}

  /** What there is now. */
  public long count(Counter counter) {
    return values[counter.ordinal()];
  }

  /** Whether any of these was ever counted. */
  public boolean any(Counter... counters) {
    for (Counter counter : counters) {
      if (count(counter) != 0) {
        return true;
      }
    }
    return false;
  }

  /** How much more a second, over the last five to ten seconds; 0 while nobody samples. */
  public double rate(Counter counter) {
    if (now <= before) {
      return 0;
    }
    long then = history == null ? 0 : history.at(counter, before);
    return (count(counter) - then) * MILLIS / (now - before);
  }

  /** What there was at a time of the last ten minutes. */
  public long at(Counter counter, long time) {
    return time >= now ? count(counter) : history == null ? 0 : history.at(counter, time);
  }

  /**
   * Samples, the newest first, as RabbitMQ lists them.
   *
   * @param age seconds to look back
   * @param step seconds between two samples, at least 1
   */
  public List<Sample> samples(Counter counter, long age, long step) {
    List<Sample> samples = new ArrayList<>();
    long first = now - now % (step * 1_000);
    for (long time = first; time >= first - age * 1_000; time -= step * 1_000) {
      samples.add(new Sample(time, at(counter, time)));
    }
    return samples;
  }

  /** When something was last counted, to the precision of samples; 0 for never. */
  public long lastChange() {
    return history == null ? 0 : history.lastChange();
  }

  /** The time of these figures, in milliseconds since the epoch. */
  public long time() {
    return now;
  }
}
