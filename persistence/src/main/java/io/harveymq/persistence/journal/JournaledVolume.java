package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.mapdb.volume.VolumeFactory;

/**
 * A file with atomic, durable commits: all that was put and all ranges since the last commit, or
 * nothing of it, is there after a crash. Owned by one thread, the store thread; what other threads
 * may call says so.
 *
 * <p>There are two ways in. MapDB's, the {@code put} methods, goes through an overlay that reads
 * see at once. The fast one, {@link #range}, goes straight into the journal's buffer and is not
 * seen by reads before the commit. Where both wrote to the same place in one commit, the range
 * wins.
 *
 * <p>A failed write or force is fatal: every method then throws {@link StoreFailedException}, since
 * nobody knows what is on the disk. Opening the directory again recovers what was committed.
 */
public final class JournaledVolume extends BytesVolume {
  /** The format in which stores are written. */
  public static final int FORMAT = StoreState.FORMAT;

  private static final Runnable NOTHING = () -> {};
  private static final int GROWTH_PARTS = 32;

  private final StoreFiles files;
  private final JournalOptions options;
  private final AutoCloseable lock;
  private final BaseFile base;
  private final StoreState state;
  private final JournalKeeper keeper;
  private final Journal journal;
  private final Overlay overlay;
  private final Transaction transaction;
  private final Object ending = new Object();

  /** Guarded by ending: what the journal has is on its way to the base. */
  private boolean committing;

  private Runnable whenClosed = NOTHING;
  private long lastCommit;
  private long growth;

  private JournaledVolume(
      StoreFiles files,
      JournalOptions options,
      AutoCloseable lock,
      Recovery.Recovered recovered,
      Executor executor)
      throws IOException {
    this.files = files;
    this.options = options;
    this.lock = lock;
    this.base = recovered.base();
    this.state = recovered.state();
    this.lastCommit = state.sequence();
    this.keeper = new JournalKeeper(files, state.epoch(), options, base, executor);
    this.journal = new Journal(keeper);
    this.overlay = new Overlay(base);
    this.transaction = new Transaction(options.frame());
    this.growth = options.firstGrowth();
  }

  /**
   * Opens a directory with a keeper thread of its own.
   *
   * @throws StoreOpenException when it cannot be opened; the text says why and what to do
   */
  public static JournaledVolume open(Path directory, JournalOptions options) {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(
            job -> {
              Thread thread = new Thread(job, "journal-keeper");
              thread.setDaemon(true);
              return thread;
            });
    try {
      JournaledVolume volume = open(new DiskFiles(directory), options, executor);
      volume.whenClosed = executor::shutdown;
      return volume;
    } catch (RuntimeException e) {
      executor.shutdown();
      throw e;
    }
  }

  /**
   * Opens a directory: locks it, redoes its journals and begins a new one.
   *
   * @param executor runs the keeper's jobs, one at a time
   * @throws StoreOpenException when it cannot be opened; the text says why and what to do
   */
  public static JournaledVolume open(StoreFiles files, JournalOptions options, Executor executor) {
    AutoCloseable lock = files.lock();
    BaseFile base = null;
    try {
      Recovery.Recovered recovered = new Recovery(files, options.acceptLoss()).run();
      base = recovered.base();
      return new JournaledVolume(files, options, lock, recovered, executor);
    } catch (IOException e) {
      closeQuietly(base, e);
      closeQuietly(lock, e);
      throw new StoreOpenException(
          "The store in "
              + files.location()
              + " cannot be opened: "
              + e
              + ". Check the disk and who may write there.",
          e);
    } catch (RuntimeException e) {
      closeQuietly(lock, e);
      throw e;
    }
  }

  private static void closeQuietly(AutoCloseable closeable, Exception reason) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Makes MapDB's StoreDirect use this volume, which exists for it as soon as a store was committed
   * to it.
   */
  public VolumeFactory asFactory() {
    return new OneVolume(this);
  }

  // ---- the fast way

  /**
   * Adds bytes to the open commit. The place must be reserved.
   *
   * @param offset in the file, in bytes
   * @param length in bytes
   * @return a big-endian window of that length into the journal's buffer, to be filled as a whole
   *     before the next call; it is not to be touched afterwards
   */
  public ByteBuffer range(long offset, int length) {
    checkUsable();
    checkBounds(offset, length);
    return transaction.range(offset, length);
  }

  /** Fills the buffer with what was committed, and with what MapDB put since then over it. */
  @Override
  public void read(long offset, ByteBuffer target) {
    checkUsable();
    int length = target.remaining();
    int position = target.position();
    checkBounds(offset, length);
    try {
      base.read(offset, target);
    } catch (IOException e) {
      throw fail("could not be read at " + offset, e);
    }
    if (!overlay.isEmpty()) {
      int limit = target.limit();
      target.position(position);
      overlay.read(offset, target, length);
      target.position(limit);
    }
  }

  /**
   * Writes at once and outside of any commit: a crash may lose all, some or none of the bytes, and
   * may bring back what was committed at this place before. Only for space whose allocation was
   * committed.
   */
  public void writeUnjournaled(long offset, ByteBuffer bytes) {
    checkUsable();
    checkBounds(offset, bytes.remaining());
    assert !overlay.overlaps(offset, bytes.remaining()) : "MapDB put something at " + offset;
    try {
      base.write(offset, bytes);
    } catch (IOException e) {
      throw fail("could not be written at " + offset, e);
    }
  }

  /**
   * Makes room, mostly ahead of need and in the background.
   *
   * @param length that the file is to have at least, in bytes
   * @return false when the disk is full; the file is as it was
   */
  public boolean reserve(long length) {
    checkUsable();
    long now = base.length();
    if (length <= now - growth / 2) {
      return true;
    }
    if (length > now && !base.grow(length)) {
      return false;
    }
    // Steps in proportion, so that what lies ahead of need is a small part of the file.
    growth = Math.max(options.firstGrowth(), length / GROWTH_PARTS);
    growth = Math.min(options.largestGrowth(), growth);
    keeper.growBase(Math.max(length, now) + growth);
    return true;
  }

  /**
   * Makes sure that the next commit finds room in the journals.
   *
   * @param bytes that it has at most, in ranges and in what MapDB puts
   * @return false when the disk is full
   */
  public boolean reserveCommit(long bytes) {
    checkUsable();
    try {
      return journal.reserve(bytes);
    } catch (IOException e) {
      throw fail("could not prepare its journal", e);
    }
  }

  /** Bytes that the open commit takes in the journal so far, but for what MapDB puts. */
  public long uncommittedBytes() {
    return transaction.bytes();
  }

  /**
   * Makes everything since the last commit durable, as a whole.
   *
   * @param whenDurable runs on this thread when it is on the disk; reads do not see the ranges yet.
   *     Not run when the commit fails
   */
  public void commit(Runnable whenDurable) {
    checkUsable();
    if (overlay.isEmpty() && transaction.isEmpty()) {
      whenDurable.run();
      return;
    }
    beginCommit();
    try {
      transaction.write(journal, overlay, lastCommit + 1, state, base.length());
      journal.force();
    } catch (IOException | RuntimeException | Error e) {
      throw failCommit("could not write its journal", e);
    }
    lastCommit++;
    try {
      whenDurable.run();
    } finally {
      apply();
    }
  }

  /** From here to its end, {@link #close} leaves the store to recovery. */
  private void beginCommit() {
    synchronized (ending) {
      checkUsable();
      if (committing) {
        throw new IllegalStateException("a commit is under way");
      }
      committing = true;
    }
  }

  private void apply() {
    try {
      if (isClosed()) {
        throw new IOException("closed");
      }
      transaction.apply(base);
      overlay.clear();
      journal.applied(base);
    } catch (IOException | RuntimeException | Error e) {
      throw failCommit("could not write what was committed", e);
    }
    synchronized (ending) {
      committing = false;
    }
  }

  /** What fails because somebody has closed the files is no failure of the disk. */
  private RuntimeException failCommit(String what, Throwable error) {
    if (!isClosed()) {
      return fail(what, error);
    }
    return new IllegalStateException(
        "The store in " + files.location() + " was closed during a commit", error);
  }

  // ---- state

  /** Number of the last commit, counted over the life of the directory. */
  public long lastCommit() {
    return lastCommit;
  }

  /** Size of all journal files in bytes. Any thread. */
  public long journalBytes() {
    return keeper.bytes();
  }

  /** Size of the file in bytes, as far as it is reserved. Any thread. */
  @Override
  public long length() {
    return base.length();
  }

  /**
   * Name of the journal file in use; with {@link #journalPosition} where a backup that is taken now
   * has to end.
   */
  public String journalName() {
    return journal.currentName();
  }

  /** Bytes used of that file. */
  public long journalPosition() {
    return journal.position();
  }

  /**
   * Keeps all journals from now on, so that a copy of the base and then of the journals up to their
   * end at that time is a backup that recovery can open. Any thread.
   */
  public void pin() {
    keeper.pin();
  }

  /** Ends one {@link #pin}. Any thread. */
  public void unpin() {
    keeper.unpin();
  }

  /**
   * The listener is told once when the store fails, by the thread that found out; at once if it has
   * failed.
   */
  public void whenFailed(Consumer<Throwable> listener) {
    keeper.whenFailed(listener);
  }

  private void checkUsable() {
    Throwable failure = keeper.failure();
    if (failure != null) {
      throw new StoreFailedException("The store in " + files.location() + " has failed", failure);
    }
    if (isClosed()) {
      throw new IllegalStateException("The store in " + files.location() + " is closed");
    }
  }

  /** A mistake of the caller, which breaks nothing. */
  private void checkBounds(long offset, int length) {
    if (offset < 0 || length < 0 || offset + length > base.length()) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " are outside of the " + base.length() + " reserved");
    }
  }

  private StoreFailedException fail(String what, Throwable error) {
    keeper.fail(error);
    return new StoreFailedException("The store in " + files.location() + " " + what, error);
  }

  /**
   * Commits nothing. After a clean close the base file alone is the store; after a failure, and
   * when another thread is in the middle of a commit, everything stays for recovery. Any thread.
   */
  @Override
  public void close() {
    boolean clean;
    synchronized (ending) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      clean = !committing;
    }
    keeper.stop();
    clean &= keeper.failure() == null;
    IOException problem = null;
    try (lock) {
      try {
        if (clean) {
          base.flush();
          base.force();
          state.next(lastCommit).write(files);
        }
      } catch (IOException e) {
        problem = e;
      }
      keeper.close();
      journal.close();
      base.close();
      if (clean && problem == null) {
        Recovery.deleteJournals(files);
      }
    } catch (Exception e) {
      problem = problem == null ? new IOException(e) : problem;
    } finally {
      whenClosed.run();
    }
    if (problem != null) {
      throw new StoreFailedException(
          "The store in " + files.location() + " could not be closed cleanly", problem);
    }
  }

  // ---- MapDB's way

  @Override
  public void ensureAvailable(long offset) {
    if (!reserve(offset)) {
      throw fail("is full", new IOException("no room for " + offset + " bytes"));
    }
  }

  @Override
  public void sync() {
    commit(NOTHING);
  }

  @Override
  void put(long offset, byte[] bytes, int from, int length) {
    checkUsable();
    if (offset < 0 || offset + length > base.length()) {
      throw fail(
          "was misused", new IOException("write of " + length + " at " + offset + " is outside"));
    }
    try {
      overlay.put(offset, bytes, from, length);
    } catch (IOException e) {
      throw fail("could not be read at " + offset, e);
    }
  }
}
