package io.harveymq.broker.stats;

import java.util.Arrays;

/**
 * What went from one object to another, such as from an exchange to a queue: RabbitMQ's
 * fine-grained statistics. It remembers two samples, as much as a rate needs. Owned by the loop of
 * both.
 */
public final class Flow implements Sampled {
  /** Between what, and which counters that has. */
  public enum Kind {
    /** What a channel published to an exchange. */
    PUBLISHED(Counter.PUBLISH, Counter.DROP_UNROUTABLE),
    /** What was published to an exchange and came into a queue. */
    ROUTED(Counter.PUBLISH, Counter.PUBLISH),
    /** What a queue delivered on a channel. */
    DELIVERED(Counter.DELIVER, Counter.ACK);

    private final int first;
    private final int count;

    Kind(Counter first, Counter last) {
      this.first = first.ordinal();
      this.count = last.ordinal() - first.ordinal() + 1;
    }
  }

  private final Kind kind;
  private final FlowEnd from;
  private final FlowEnd to;
  private final int first;
  private final long[] values;
  private long[] last;
  private long[] before;
  private long lastTime;
  private long beforeTime;

  Flow(Kind kind, FlowEnd from, FlowEnd to) {
    this.kind = kind;
    this.from = from;
    this.to = to;
    this.first = kind.first;
    this.values = new long[kind.count];
  }

  /** One that takes every counter and that nobody looks at. */
  Flow() {
    kind = null;
    from = null;
    to = null;
    first = 0;
    values = new long[Counter.COUNT];
  }

  /** Counts one. */
  public void add(Counter counter) {
    values[counter.ordinal() - first]++;
  }

  public Kind kind() {
    return kind;
  }

  /** Where it comes from: a channel, an exchange or a queue. */
  public Object from() {
    return from.owner();
  }

  /** Where it goes to: an exchange, a queue or a channel. */
  public Object to() {
    return to.owner();
  }

  FlowEnd other(FlowEnd end) {
    return end == from ? to : from;
  }

  /** Each is sampled where there are few at a time: an exchange may have one for each queue. */
  boolean isSampledAt(FlowEnd end) {
    return end == (kind == Kind.PUBLISHED ? from : to);
  }

  @Override
  public void sample(long time) {
    if (last != null && Arrays.equals(last, values)) {
      return;
    }
    before = last;
    beforeTime = lastTime;
    last = values.clone();
    lastTime = time;
  }

  /**
   * What there is now, and how fast it grows.
   *
   * @param sampler of the loop
   */
  public Figures figures(Sampler sampler) {
    long[] then = null;
    if (last != null && lastTime <= sampler.before()) {
      then = last;
    } else if (before != null && beforeTime <= sampler.before()) {
      then = before;
    }
    return new Figures(spread(values), spread(then), sampler.before(), sampler.now());
  }

  /** By the ordinals of all counters. */
  private long[] spread(long[] some) {
    long[] all = new long[Counter.COUNT];
    if (some != null) {
      System.arraycopy(some, 0, all, first, some.length);
    }
    return all;
  }
}
