package io.harveymq.broker.stats;

/**
 * The counts of one object, and their past if somebody samples it. Counting costs an addition; the
 * rest is done by the {@link Sampler}. Owned by the object's loop.
 */
public final class Counters implements Sampled {
  private final long[] values = new long[Counter.COUNT];
  private final Retention retention;
  private History history;
  private long sampledFrom = Sampler.NOT_YET;

  /** Of an object whose past is kept for as long as most are. */
  public Counters() {
    this(Retention.BASIC);
  }

  public Counters(Retention retention) {
    this.retention = retention;
  }

  /** Counts one. */
  public void add(Counter counter) {
    values[counter.ordinal()]++;
  }

  /** Counts several. */
  public void add(Counter counter, long more) {
    values[counter.ordinal()] += more;
  }

  /** Adds all counts of another object that ends. */
  public void addAll(Counters other) {
    for (int i = 0; i < values.length; i++) {
      values[i] += other.values[i];
    }
  }

  /** Sets a level, or a count that is kept elsewhere. */
  public void set(Counter counter, long value) {
    values[counter.ordinal()] = value;
  }

  /** Sets everything to the same as in another object. */
  public void setAll(Counters other) {
    System.arraycopy(other.values, 0, values, 0, values.length);
  }

  public long get(Counter counter) {
    return values[counter.ordinal()];
  }

  @Override
  public void sample(long time) {
    sampledFrom = Math.min(sampledFrom, time);
    if (history == null) {
      for (long value : values) {
        if (value != 0) {
          history = new History(retention);
          break;
        }
      }
    }
    if (history != null) {
      history.note(time, values);
    }
  }

  /**
   * What there is now, and how it came to that.
   *
   * @param sampler of the loop
   */
  public Figures figures(Sampler sampler) {
    return new Figures(
        values.clone(),
        history == null ? null : history.copy(),
        sampler.began(),
        history != null && history.isCut() ? history.first() : sampledFrom,
        sampler.before(),
        sampler.now());
  }
}
