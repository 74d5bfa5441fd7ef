package io.harveymq.persistence;

import java.util.concurrent.TimeUnit;

/**
 * When the export of definitions is due: at once after a change, but ten seconds after the one
 * before. Times are {@link System#nanoTime}. Owned by the export's thread.
 */
final class ExportPause {
  static final long NANOS = TimeUnit.SECONDS.toNanos(10);

  private long writtenAt;
  private boolean due;

  /**
   * @param due whether there is something to be written from the start
   */
  ExportPause(boolean due, long now) {
    this.due = due;
    this.writtenAt = now - NANOS;
  }

  void changed() {
    due = true;
  }

  void written(long now) {
    due = false;
    writtenAt = now;
  }

  /** Whether something is not written yet. */
  boolean isDue() {
    return due;
  }

  /** How long to wait for changes before writing; forever if there is nothing to write. */
  long nanosLeft(long now) {
    return due ? Math.max(0, writtenAt + NANOS - now) : Long.MAX_VALUE;
  }
}
