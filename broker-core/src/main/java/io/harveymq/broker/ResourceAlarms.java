package io.harveymq.broker;

import io.harveymq.broker.node.Alarms;
import io.harveymq.broker.node.DiskMonitor;
import io.harveymq.broker.node.MemoryMonitor;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The memory and disk alarms of a running broker. While one is raised, a connection is blocked from
 * the next message on that it publishes, and told by connection.blocked; a test of how a client
 * takes that needs no more than {@code broker.alarms().memoryHighWatermark(ResourceLimit.absolute(
 * 0))}.
 *
 * <p>Safe from any thread but those of the broker, for which a change would have to wait.
 */
public final class ResourceAlarms {
  private static final long TIMEOUT_SECONDS = 10;

  private final HomeLoop nodeLoop;
  private final Alarms alarms;
  private final MemoryMonitor memory;
  private final DiskMonitor disk;
  private final ExecutorService diskThread;
  private final BrokerConfig config;
  private volatile boolean closed;

  ResourceAlarms(Alarms alarms, List<HomeLoop> loops, BrokerConfig config) {
    this.nodeLoop = loops.get(0);
    this.alarms = alarms;
    this.config = config;
    ResourceLimit watermark = config.memoryHighWatermark();
    this.memory =
        new MemoryMonitor(alarms, loops, watermark == null ? Long.MAX_VALUE : watermark.bytes());
    LongSupplier freeSpace = config.freeDiskSpace();
    if (freeSpace == null) {
      diskThread = null;
      disk = null;
    } else {
      diskThread = Executors.newSingleThreadExecutor(ResourceAlarms::newDiskThread);
      disk = new DiskMonitor(alarms, freeSpace, diskThread, config.diskFreeLimit().bytes());
    }
  }

  private static Thread newDiskThread(Runnable task) {
    Thread thread = new Thread(task, "harvey-disk-space");
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    nodeLoop.execute(memory::check);
    if (disk != null) {
      nodeLoop.execute(disk::check);
    }
  }

  void close() {
    closed = true;
    if (diskThread != null) {
      diskThread.shutdownNow();
    }
  }

  /** What the broker is low on now; immutable. */
  public Set<Resource> raised() {
    return alarms.raised();
  }

  /**
   * Bytes that messages may take: up to the high watermark or, when there is none, to the share of
   * the heap from which on publishers are paused.
   */
  public long memoryLimit() {
    return Math.min(memory.highWatermark(), config.memoryShareBytes());
  }

  /** Bytes that messages and what else clients make take, as of the last few seconds. */
  public long memoryUsed() {
    return memory.used();
  }

  /** Free space, in bytes, below which the disk alarm is raised. */
  public long diskLimit() {
    return disk == null ? config.diskFreeLimit().bytes() : disk.limit();
  }

  /** The free space that was last found, in bytes; -1 while it is unknown. */
  public long diskFree() {
    return disk == null ? -1 : disk.free();
  }

  /**
   * Sets how much messages may take before the memory alarm is raised, as {@code rabbitmqctl
   * set_vm_memory_high_watermark} does; 0 raises it at once. Returns when all connections know.
   *
   * @throws IllegalStateException when the broker is closed
   */
  public void memoryHighWatermark(ResourceLimit limit) {
    await(() -> memory.highWatermark(limit.bytes()));
  }

  /**
   * Sets how much space must be free on the disk, as {@code rabbitmqctl set_disk_free_limit} does.
   * Returns when all connections know.
   *
   * @throws IllegalStateException when the broker is closed, or was given no way to tell the free
   *     space
   */
  public void diskFreeLimit(ResourceLimit limit) {
    if (disk == null) {
      throw new IllegalStateException(
          "the broker does not know the free space; see BrokerConfig's freeDiskSpace");
    }
    await(() -> disk.limit(limit.bytes()));
  }

  private void await(Supplier<CompletableFuture<Void>> change) {
    if (closed) {
      throw new IllegalStateException("the broker is closed");
    }
    try {
      CompletableFuture.supplyAsync(change, nodeLoop::execute)
          .thenCompose(known -> known)
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException failure) {
      throw new IllegalStateException("the limit could not be set", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a limit was set", interrupted);
    }
  }
}
