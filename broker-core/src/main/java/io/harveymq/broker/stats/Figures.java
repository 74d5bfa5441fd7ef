package io.harveymq.broker.stats;

/** Counts of an object at one time, how fast they grow, and what they were. Immutable. */
public final class Figures {
  /** Of an object of which nothing is known. */
  public static final Figures NONE = new Figures(new long[Counter.COUNT], null, 0, 0, 0, 0);

  private static final double MILLIS = 1_000;

  private final long[] values;
  private final History history;
  private final long[] then;
  private final long began;
  private final long known;
  private final long before;
  private final long now;

  /**
   * @param history null when there is none
   * @param began when samples began, in milliseconds since the epoch
   * @param known from when on the past of this object is known, in the same way
   * @param before the time to compare with for rates, in milliseconds since the epoch
   * @param now the time of the values
   */
  Figures(long[] values, History history, long began, long known, long before, long now) {
    this.values = values;
    this.history = history;
    this.then = null;
    this.began = began;
    this.known = known;
    this.before = before;
    this.now = now;
  }

  /**
   * @param then the values at the time to compare with
   */
  Figures(long[] values, long[] then, long before, long now) {
    this.values = values;
    this.history = null;
    this.then = then;
    this.began = 0;
    this.known = Sampler.NOT_YET;
    this.before = before;
    this.now = now;
  }

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
    return (count(counter) - countBefore(counter)) * MILLIS / (now - before);
  }

  private long countBefore(Counter counter) {
    if (then != null) {
      return then[counter.ordinal()];
    }
    return history == null ? 0 : history.at(counter, before);
  }

  /** What there was at a time before now, as well as it is known. */
  public long at(Counter counter, long time) {
    return time >= now ? count(counter) : history == null ? 0 : history.at(counter, time);
  }

  /**
   * How many more there are than at a time of the last ten minutes; what was counted before samples
   * began is never among them.
   */
  public long since(Counter counter, long time) {
    if (began == Sampler.NOT_YET) {
      return 0;
    }
    long then = history == null ? 0 : history.at(counter, Math.max(time, began));
    return count(counter) - then;
  }

  /**
   * From when on it is known what there was, in milliseconds since the epoch: since the broker
   * began to sample or the object was first seen, or as far back as samples are kept.
   */
  public long knownFrom() {
    return Math.min(known, now);
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
