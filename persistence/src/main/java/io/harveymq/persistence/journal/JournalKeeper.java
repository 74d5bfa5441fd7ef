package io.harveymq.persistence.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the series of journal files: prepares the next one, forces the base and then reuses the
 * files whose transactions are in it. Its jobs run on its executor, off the commit path; what the
 * store thread finds not done yet it does itself.
 *
 * <p>Locks: {@code forcing} (one force of the base at a time), then {@code filing} (files and their
 * order).
 */
final class JournalKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(JournalKeeper.class);
  private static final long RETRY_NANOS = 5_000_000_000L;
  private static final long SOON_FULL_NANOS = 5_000_000_000L;
  private static final long LONGEST_WAIT_NANOS = 2_000_000_000L;

  private final StoreFiles files;
  private final long epoch;
  private final JournalOptions options;
  private final BaseFile base;
  private final Executor executor;

  private final Object forcing = new Object();
  private final Object filing = new Object();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean growing = new AtomicBoolean();
  private volatile long growthFailedAt = System.nanoTime() - RETRY_NANOS;

  /** Applied to the base, which is not yet forced; oldest first. */
  private final ConcurrentLinkedQueue<JournalFile> full = new ConcurrentLinkedQueue<>();

  // guarded by filing
  private final Deque<JournalFile> done = new ArrayDeque<>();
  private JournalFile prepared;
  private long lastNumber;
  private long target;
  private long switchedAt = System.nanoTime() - SOON_FULL_NANOS;
  private int pins;
  private boolean stopped;
  private volatile boolean noRoomTold;

  private volatile Throwable failure;
  private volatile Consumer<Throwable> whenFailed = error -> {};

  JournalKeeper(
      StoreFiles files, long epoch, JournalOptions options, BaseFile base, Executor executor) {
    this.files = files;
    this.epoch = epoch;
    this.options = options;
    this.base = base;
    this.executor = executor;
    this.target = options.firstJournal();
  }

  /** Makes the first two files: with them, commits go on when later the disk is full. */
  JournalFile start() throws IOException {
    JournalFile first;
    synchronized (filing) {
      first = create(target);
      prepared = create(target);
    }
    return first;
  }

  /** The file to go on in, with room for at least so many bytes. Store thread. */
  JournalFile next(long minimum) throws IOException {
    JournalFile file;
    synchronized (filing) {
      if (stopped) {
        throw new IOException("the journals are closed");
      }
      long now = System.nanoTime();
      if (now - switchedAt < SOON_FULL_NANOS) {
        target = Math.min(options.largestJournal(), target * 2);
      }
      switchedAt = now;
      file = prepared;
      prepared = null;
      if (file == null) {
        file = recycled(minimum);
      } else if (file.capacity() < minimum) {
        file = extended(file, minimum);
      }
    }
    if (file == null) {
      file = createOrRecycle(minimum);
    }
    run(this::prepare);
    return file;
  }

  /**
   * Makes sure that the next file has room for so many bytes; false when the disk is full. Store
   * thread.
   */
  boolean reserve(long capacity) throws IOException {
    synchronized (filing) {
      prepare();
      if (prepared != null && prepared.capacity() >= capacity) {
        return true;
      }
      try {
        if (prepared == null) {
          prepared = create(Math.max(target, capacity));
        } else {
          long before = prepared.capacity();
          prepared.extend(capacity);
          bytes.addAndGet(capacity - before);
        }
        return true;
      } catch (IOException e) {
        tellNoRoom(e);
        return false;
      }
    }
  }

  /** Null, and no such file any more, when the disk has no room. */
  private JournalFile extended(JournalFile file, long capacity) throws IOException {
    long before = file.capacity();
    try {
      file.extend(capacity);
      bytes.addAndGet(file.capacity() - before);
      return file;
    } catch (IOException e) {
      LOG.warn("{} cannot grow to {} bytes: {}", file.name(), capacity, e.toString());
      drop(file);
      return null;
    }
  }

  /**
   * Takes files over that are full and all of whose transactions were applied to the base. Store
   * thread.
   */
  void filled(List<JournalFile> written) throws IOException {
    full.addAll(written);
    run(this::checkpoint);
    if (bytes.get() > options.journalLimit()) {
      awaitRoom();
    }
  }

  private void awaitRoom() throws IOException {
    LOG.warn(
        "The journals in {} hold {} bytes; commits wait until the store file is on the disk",
        files.location(),
        bytes);
    checkpoint();
    boolean interrupted = false;
    // Not longer: a backup that has pinned the journals may wait for the store thread itself.
    long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
    synchronized (filing) {
      while (pins > 0
          && bytes.get() > options.journalLimit()
          && failure == null
          && !stopped
          && System.nanoTime() < deadline) {
        try {
          filing.wait(100);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      trim();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forces the base; then the files that were full before are not needed any more. */
  private void checkpoint() throws IOException {
    synchronized (forcing) {
      if (isStopped()) {
        return;
      }
      List<JournalFile> covered = new ArrayList<>();
      for (JournalFile file = full.poll(); file != null; file = full.poll()) {
        covered.add(file);
      }
      if (covered.isEmpty()) {
        return;
      }
      base.force();
      synchronized (filing) {
        done.addAll(covered);
        trim();
      }
    }
  }

  /**
   * Deletes files that nobody needs, the oldest first; one is left to be recycled, above all when
   * the disk has no room for another.
   */
  private void trim() throws IOException {
    while (pins == 0 && !stopped && !done.isEmpty()) {
      boolean unfit = done.getFirst().capacity() < target || bytes.get() > options.journalLimit();
      if (done.size() == 1 && (prepared == null || !unfit)) {
        return;
      }
      drop(done.removeFirst());
    }
  }

  private void drop(JournalFile file) throws IOException {
    bytes.addAndGet(-file.capacity());
    file.delete(files);
  }

  private void prepare() throws IOException {
    synchronized (filing) {
      if (prepared == null && !stopped) {
        prepared = recycled(target);
        try {
          prepared = prepared == null ? create(target) : prepared;
        } catch (IOException e) {
          tellNoRoom(e);
          prepared = recycled(0);
        }
      }
    }
  }

  private void tellNoRoom(IOException reason) {
    if (!noRoomTold) {
      noRoomTold = true;
      LOG.warn(
          "No journal file could be made in {}, those that are there are used again: {}",
          files.location(),
          reason.toString());
    }
  }

  /** The oldest file, given the next number; null when there is none that is large enough. */
  private JournalFile recycled(long capacity) throws IOException {
    if (pins > 0 || done.isEmpty() || done.getFirst().capacity() < capacity) {
      return null;
    }
    JournalFile file = done.removeFirst();
    file.recycle(files, new JournalFile.Name(epoch, ++lastNumber));
    return file;
  }

  private JournalFile create(long capacity) throws IOException {
    JournalFile file =
        JournalFile.create(files, new JournalFile.Name(epoch, lastNumber + 1), capacity);
    lastNumber++;
    noRoomTold = false;
    bytes.addAndGet(capacity);
    return file;
  }

  /** Acks and updates in place must go on when the disk is full: with the files that are there. */
  private JournalFile createOrRecycle(long minimum) throws IOException {
    IOException reason;
    synchronized (filing) {
      try {
        return create(Math.max(options.firstJournal(), minimum));
      } catch (IOException e) {
        reason = e;
      }
    }
    tellNoRoom(reason);
    checkpoint();
    synchronized (filing) {
      while (pins == 0 && !done.isEmpty()) {
        JournalFile oldest = recycled(minimum);
        if (oldest != null) {
          return oldest;
        }
        drop(done.removeFirst());
      }
      try {
        return create(minimum);
      } catch (IOException e) {
        e.addSuppressed(reason);
        throw e;
      }
    }
  }

  /**
   * Grows the base in the background; false when that is under way already, or failed so recently
   * that the disk will still be full. Store thread.
   */
  boolean growBase(long length) {
    if (System.nanoTime() - growthFailedAt < RETRY_NANOS || !growing.compareAndSet(false, true)) {
      return false;
    }
    run(
        () -> {
          if (!base.grow(length)) {
            growthFailedAt = System.nanoTime();
          }
          growing.set(false);
        });
    return true;
  }

  /** No file is deleted or reused from now until {@link #unpin}. Any thread. */
  void pin() {
    synchronized (filing) {
      pins++;
    }
  }

  /** Ends one {@link #pin}. Any thread. */
  void unpin() {
    synchronized (filing) {
      if (pins == 0) {
        throw new IllegalStateException("the journals are not pinned");
      }
      pins--;
      filing.notifyAll();
    }
    run(
        () -> {
          synchronized (filing) {
            trim();
          }
        });
  }

  /** Size of all journal files. Any thread. */
  long bytes() {
    return bytes.get();
  }

  /** What broke the store, or null. Any thread. */
  Throwable failure() {
    return failure;
  }

  void whenFailed(Consumer<Throwable> listener) {
    whenFailed = listener;
    if (failure != null) {
      listener.accept(failure);
    }
  }

  /** From now on the store is broken; only the first reason counts. Any thread. */
  void fail(Throwable error) {
    synchronized (filing) {
      if (failure != null) {
        return;
      }
      failure = error;
      filing.notifyAll();
    }
    LOG.error("The store in {} failed and accepts nothing more", files.location(), error);
    whenFailed.accept(error);
  }

  /** Waits for the job that runs; none runs afterwards. */
  void stop() {
    synchronized (forcing) {
      synchronized (filing) {
        stopped = true;
        filing.notifyAll();
      }
    }
  }

  /** Closes all files but the one being written. After {@link #stop}. */
  void close() throws IOException {
    List<JournalFile> rest = new ArrayList<>(full);
    synchronized (filing) {
      rest.addAll(done);
      if (prepared != null) {
        rest.add(prepared);
      }
    }
    for (JournalFile file : rest) {
      file.close();
    }
  }

  private interface Job {
    void run() throws IOException;
  }

  private void run(Job job) {
    try {
      executor.execute(
          () -> {
            if (failure != null || isStopped()) {
              return;
            }
            try {
              job.run();
            } catch (IOException | RuntimeException | Error e) {
              fail(e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The journal keeper has stopped");
    }
  }

  private boolean isStopped() {
    synchronized (filing) {
      return stopped;
    }
  }
}
