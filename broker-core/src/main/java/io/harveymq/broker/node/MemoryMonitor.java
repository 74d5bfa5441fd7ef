package io.harveymq.broker.node;

import io.harveymq.broker.Resource;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the memory alarm. What is measured is what clients make the home loops keep, as they count
 * it: the JVM's used heap would not do, because it is full of garbage most of the time.
 *
 * <p>There are two causes. Above the high watermark, whoever publishes is blocked as in RabbitMQ,
 * acknowledgements included; there is none unless it is set. And while a loop has paused publishers
 * for its memory share, which acts within a turn and tells clients nothing, those and only those
 * are told so: who holds deliveries or sends half a message is not paused, because nobody else
 * could free that memory, and is not blocked either.
 *
 * <p>As in RabbitMQ there is a check every 2.5 s; while the alarm is on they are closer, because
 * publishers wait. Owned by the node's loop.
 */
public final class MemoryMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryMonitor.class);
  private static final long CHECK_MILLIS = 2_500;
  private static final long CHECK_MILLIS_IN_ALARM = 250;

  /**
   * What a broker counts as that keeps nothing, so that a watermark of next to nothing raises the
   * alarm, as it does in RabbitMQ.
   */
  private static final long IDLE_BYTES = 128 << 10;

  /** One check; the loops report one after another. */
  private static final class Check {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    int missing;
    long used = IDLE_BYTES;
    boolean publishersPaused;
  }

  private final Alarms alarms;
  private final HomeLoop nodeLoop;
  private final List<HomeLoop> loops;
  private volatile long highWatermark;
  private volatile long used;
  private Loop.Timer timer = () -> {};

  /**
   * @param highWatermark in bytes; Long.MAX_VALUE for none
   */
  public MemoryMonitor(Alarms alarms, List<HomeLoop> loops, long highWatermark) {
    this.alarms = alarms;
    this.nodeLoop = alarms.nodeLoop();
    this.loops = List.copyOf(loops);
    this.highWatermark = highWatermark;
  }

  /**
   * Sets the watermark and checks at once.
   *
   * @return completed, on any loop, when its effect is known everywhere
   */
  public CompletableFuture<Void> highWatermark(long bytes) {
    highWatermark = bytes;
    LOG.info("memory high watermark set to {} bytes", bytes);
    return check();
  }

  /** Bytes that were found at the last check; 0 before there was one. Any thread. */
  public long used() {
    return used;
  }

  /** The watermark in bytes; Long.MAX_VALUE for none. Any thread. */
  public long highWatermark() {
    return highWatermark;
  }

  /**
   * Asks all loops, now and from time to time from now on.
   *
   * @return completed, on any loop, when every loop knows of the result
   */
  public CompletableFuture<Void> check() {
    Check check = new Check();
    check.missing = loops.size();
    for (HomeLoop loop : loops) {
      loop.execute(
          () -> {
            long used = loop.memory().used();
            boolean paused = loop.hasPausedPublishers();
            nodeLoop.execute(() -> reported(check, used, paused));
          });
    }
    return check.done;
  }

  private void reported(Check check, long used, boolean publishersPaused) {
    check.used += used;
    check.publishersPaused |= publishersPaused;
    check.missing--;
    if (check.missing == 0) {
      evaluate(check);
    }
  }

  private void evaluate(Check check) {
    used = check.used;
    boolean over = check.used > highWatermark;
    boolean low = over || check.publishersPaused;
    if (low != alarms.raised().contains(Resource.MEMORY)) {
      if (low) {
        LOG.warn(
            "memory resource limit alarm set: messages take {} bytes, more than {};"
                + " publishers will be blocked until consumers have caught up",
            check.used,
            over ? "the high watermark of " + highWatermark : "their share of the heap");
      } else {
        LOG.warn("memory resource limit alarm cleared: messages take {} bytes", check.used);
      }
    }
    alarms.set(Resource.MEMORY, low, over).thenRun(() -> check.done.complete(null));
    timer.cancel();
    timer = nodeLoop.schedule(this::check, low ? CHECK_MILLIS_IN_ALARM : CHECK_MILLIS);
  }
}
