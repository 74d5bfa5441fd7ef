package io.harveymq.broker.stats;

import io.harveymq.broker.vhost.HomeLoop;
import java.util.Iterator;
import java.util.function.Supplier;

/**
 * Notes every few seconds what a loop's objects have counted, so that rates can be told. It starts
 * when somebody asks for figures for the first time; while nothing happens on the loop it does no
 * more than look whether something did. A pass is made in slices. Owned by the loop.
 */
public final class Sampler {
  /** As often as RabbitMQ's default. */
  public static final int INTERVAL_MILLIS = 5_000;

  static final long NOT_YET = Long.MAX_VALUE;

  private static final int OBJECTS_PER_SLICE = 512;

  private final HomeLoop home;
  private final Supplier<Iterator<? extends Sampled>> objects;
  private boolean started;
  private boolean isPassed;
  private long began;
  private long lastTick;
  private long tickBefore;
  private long turnsAtTick;

  /**
   * @param objects gives a pass over all counters, with levels and sums set; what is added or
   *     removed meanwhile must not disturb it
   */
  public Sampler(HomeLoop home, Supplier<Iterator<? extends Sampled>> objects) {
    this.home = home;
    this.objects = objects;
  }

  /** Begins to sample; nothing happens when it does already. */
  public void start() {
    if (!started) {
      started = true;
      lastTick = home.now();
      tickBefore = lastTick;
      began = lastTick;
      pass();
      home.schedule(this::tick, INTERVAL_MILLIS);
    }
  }

  private void tick() {
    tickBefore = lastTick;
    lastTick = home.now();
    boolean active = home.turns() != turnsAtTick + 1;
    turnsAtTick = home.turns();
    if (active) {
      pass();
    }
    home.schedule(this::tick, INTERVAL_MILLIS);
  }

  /** Notes what all objects have counted, as of now. */
  private void pass() {
    long time = lastTick;
    Iterator<? extends Sampled> pass = objects.get();
    home.startBulk(units -> sample(pass, time));
  }

  private boolean sample(Iterator<? extends Sampled> pass, long time) {
    for (int i = 0; i < OBJECTS_PER_SLICE && pass.hasNext(); i++) {
      pass.next().sample(time);
    }
    isPassed |= !pass.hasNext();
    return !pass.hasNext();
  }

  /** The tick to compare with for rates. */
  long before() {
    return tickBefore;
  }

  /** From when on something is known of all objects. */
  long began() {
    return isPassed ? began : NOT_YET;
  }

  long now() {
    return home.now();
  }
}
