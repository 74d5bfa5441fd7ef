package io.harveymq.broker.node;

import io.harveymq.broker.Resource;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the disk alarm while there is less free space than the limit. The space is asked for on a
 * thread of its own, because that may take long; the closer the limit, the more often, by
 * RabbitMQ's formula. Owned by the node's loop.
 */
public final class DiskMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(DiskMonitor.class);
  private static final long LEAST_MILLIS = 100;
  private static final long MOST_MILLIS = 10_000;
  private static final long IN_ALARM_MILLIS = 1_000;

  /** A fast writer: 250 MB a second; half of the time it needs to the limit is waited. */
  private static final long BYTES_PER_MILLI = 250_000;

  private final Alarms alarms;
  private final HomeLoop nodeLoop;
  private final LongSupplier freeSpace;
  private final Executor executor;
  private volatile long limit;
  private volatile long free = -1;
  private boolean failedBefore;
  private Loop.Timer timer = () -> {};

  /**
   * @param freeSpace tells the free space in bytes; what it throws leaves the alarm as it is
   * @param executor where it is asked
   * @param limit in bytes
   */
  public DiskMonitor(Alarms alarms, LongSupplier freeSpace, Executor executor, long limit) {
    this.alarms = alarms;
    this.nodeLoop = alarms.nodeLoop();
    this.freeSpace = freeSpace;
    this.executor = executor;
    this.limit = limit;
  }

  /**
   * Sets the limit and checks at once.
   *
   * @return completed, on any loop, when its effect is known everywhere
   */
  public CompletableFuture<Void> limit(long bytes) {
    limit = bytes;
    LOG.info("disk free limit set to {} bytes", bytes);
    return check();
  }

  /** The limit in bytes. Any thread. */
  public long limit() {
    return limit;
  }

  /** The free space that was last found, in bytes; -1 while it is unknown. Any thread. */
  public long free() {
    return free;
  }

  /**
   * Looks now, and from time to time from now on.
   *
   * @return completed, on any loop, when every loop knows of the result
   */
  public CompletableFuture<Void> check() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    timer.cancel();
    executor.execute(() -> look(done));
    return done;
  }

  /** On the executor's thread. */
  private void look(CompletableFuture<Void> done) {
    try {
      long free = freeSpace.getAsLong();
      nodeLoop.execute(() -> measured(free, done));
    } catch (RuntimeException failure) {
      nodeLoop.execute(() -> failed(failure, done));
    }
  }

  private void measured(long free, CompletableFuture<Void> done) {
    this.free = free;
    failedBefore = false;
    boolean low = free < limit;
    if (low != alarms.raised().contains(Resource.DISK)) {
      if (low) {
        LOG.warn(
            "disk resource limit alarm set: {} bytes are free, the limit is {};"
                + " publishers will be blocked until there is more",
            free,
            limit);
      } else {
        LOG.warn("disk resource limit alarm cleared: {} bytes are free", free);
      }
    }
    alarms.set(Resource.DISK, low, low).thenRun(() -> done.complete(null));
    checkAfter(low ? IN_ALARM_MILLIS : interval(free));
  }

  private long interval(long free) {
    return Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, 2 * ((free - limit) / BYTES_PER_MILLI)));
  }

  private void failed(RuntimeException failure, CompletableFuture<Void> done) {
    if (!failedBefore) {
      failedBefore = true;
      LOG.warn("the free disk space is unknown and not watched: {}", failure.toString());
    }
    done.complete(null);
    checkAfter(MOST_MILLIS);
  }

  private void checkAfter(long millis) {
    timer.cancel();
    timer = nodeLoop.schedule(this::check, millis);
  }
}
