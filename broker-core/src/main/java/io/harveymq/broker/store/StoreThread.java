package io.harveymq.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that touches the store. What home loops handed over by the time it looks goes into
 * one commit (group commit); there is no timer. It runs on an executor that runs one task at a
 * time.
 */
public final class StoreThread {
  private static final class Handed {
    final StoreBatch batch;
    final HomeStore from;
    boolean complete;

    Handed(StoreBatch batch, HomeStore from) {
      this.batch = batch;
      this.from = from;
    }

    void tell() {
      if (complete) {
        from.committed(batch);
      } else {
        from.refused(batch);
      }
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);

  private final BrokerStore store;
  private final Executor executor;
  private final Consumer<Throwable> whenFailed;
  private final ConcurrentLinkedQueue<Handed> handed = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastLog;
  private boolean diskFull;
  private boolean failed;
  private boolean tidying;

  /**
   * @param executor runs one task at a time, in order
   * @param lastLog the highest number of a log that is in use
   * @param whenFailed told once, on the executor, when a commit failed: nothing is confirmed from
   *     then on
   */
  public StoreThread(
      BrokerStore store, Executor executor, long lastLog, Consumer<Throwable> whenFailed) {
    this.store = store;
    this.executor = executor;
    this.lastLog = new AtomicLong(lastLog);
    this.whenFailed = whenFailed;
  }

  /** The first of so many numbers in a row that no log has or had since the start. Any thread. */
  long nextLogs(long count) {
    return lastLog.getAndAdd(count) + 1;
  }

  /** Takes over a batch. Any thread; the answer goes to {@code from}. */
  void commit(StoreBatch batch, HomeStore from) {
    handed.add(new Handed(batch, from));
    executor.execute(this::commitWhatIsHanded);
  }

  private void commitWhatIsHanded() {
    List<Handed> group = new ArrayList<>(2);
    long bytes = 0;
    for (Handed next = handed.poll(); next != null; next = handed.poll()) {
      group.add(next);
      bytes += next.batch.bytes();
    }
    long total = bytes;
    if (group.isEmpty()) {
      return;
    }
    work(() -> commit(group, total));
    group.forEach(this::goOnWith);
    tidyLater();
  }

  /** A home loop whose batch was refused has to put it in order first. */
  private void goOnWith(Handed done) {
    if (failed || !done.complete) {
      return;
    }
    try {
      StoreBatch next = done.from.next();
      if (next != null) {
        commit(next, done.from);
      }
    } catch (RejectedExecutionException ending) {
      LOG.debug("what has gathered is not stored, and nobody is told that it were", ending);
    }
  }

  private void tidyLater() {
    if (!tidying) {
      try {
        executor.execute(this::tidy);
        tidying = true;
      } catch (RejectedExecutionException ending) {
        // The next start goes on with it.
      }
    }
  }

  /** Goes on as long as nobody has anything to commit; that comes first. */
  private void tidy() {
    tidying = false;
    if (handed.isEmpty()) {
      work(
          () -> {
            if (store.tidy()) {
              tidyLater();
            }
          });
    }
  }

  private void work(Runnable work) {
    if (failed) {
      return;
    }
    try {
      work.run();
    } catch (Throwable failure) { // Kotlin, which MapDB is written in, declares no exceptions
      failed = true;
      LOG.error("the store failed; nothing more is stored or confirmed", failure);
      whenFailed.accept(failure);
    }
  }

  private void commit(List<Handed> group, long bytes) {
    boolean growing = group.stream().anyMatch(one -> one.batch.needsSpace());
    boolean room = !growing || store.messages().reserve(bytes);
    if (growing) {
      noteRoom(room);
    }
    for (Handed one : group) {
      one.complete = room || !one.batch.needsSpace();
      one.batch.replay(store.messages(), store.definitions(), one.complete);
    }
    // A batch without reads is its home loop's again as soon as that is told of the commit.
    List<Handed> reading = group.stream().filter(one -> !one.batch.reads().isEmpty()).toList();
    store.messages().commit(() -> group.forEach(Handed::tell));
    for (Handed one : reading) {
      one.batch.reads().forEach(read -> read.serve(store.messages()));
      one.from.served(one.batch);
    }
  }

  private void noteRoom(boolean room) {
    if (room == diskFull) {
      diskFull = !room;
      if (diskFull) {
        LOG.error("the disk is full: messages are not stored nor confirmed until there is space");
      } else {
        LOG.info("there is space on the disk again");
      }
    }
  }
}
