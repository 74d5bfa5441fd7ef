package io.harveymq.broker.vhost;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A clock for tests: it stands still until it is moved, and everything of the broker that takes
 * time (time to live, queue expiry, delays, the consumer timeout) goes by it. Heartbeats and other
 * timeouts of sockets go by the machine's clock. Safe from any thread but a broker's own.
 */
public final class ManualClock implements BrokerClock {
  private static final int ANSWER_SECONDS = 60;

  private final List<Deadlines> attached = new CopyOnWriteArrayList<>();
  private volatile long now;

  /** A clock that starts with the machine's time. */
  public ManualClock() {
    this(System.currentTimeMillis());
  }

  /**
   * A clock that starts at a given time.
   *
   * @param millis since the epoch
   */
  public ManualClock(long millis) {
    now = millis;
  }

  @Override
  public long millis() {
    return now;
  }

  @Override
  public long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(now);
  }

  @Override
  public boolean runs() {
    return false;
  }

  @Override
  public void attach(Deadlines deadlines) {
    attached.add(deadlines);
  }

  @Override
  public void detach(Deadlines deadlines) {
    attached.remove(deadlines);
  }

  /**
   * Moves the time forward. What falls due on the way happens at its time and in its order, with
   * all that follows from it; this returns after it.
   *
   * @throws IllegalArgumentException for a negative duration
   * @throws IllegalStateException if a broker does not answer
   */
  public synchronized void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time does not go backwards: " + duration);
    }
    long target = now + duration.toMillis();
    for (long next = first(); next <= target; next = first()) {
      now = Math.max(now, next);
      attached.forEach(Deadlines::runNow);
    }
    now = target;
  }

  private long first() {
    return attached.stream()
        .mapToLong(deadlines -> answer(deadlines.askFirst()))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static long answer(CompletionStage<Long> asked) {
    try {
      return asked.toCompletableFuture().orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException silent) {
      throw new IllegalStateException("a broker on this clock does not answer", silent);
    }
  }
}
