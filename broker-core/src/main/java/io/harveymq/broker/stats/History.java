package io.harveymq.broker.stats;

import java.util.Arrays;

/**
 * Values of an object's counters at the times at which some of them were found changed, the last
 * ten minutes and a bit. Only counters that were ever used take up space. Owned by a loop; a copy
 * is not changed any more.
 */
final class History {
  /** Ten minutes of samples, and one before them. */
  private static final int MOST = 600_000 / Sampler.INTERVAL_MILLIS + 1;

  private static final int FIRST = 4;

  private final long[][] columns = new long[Counter.COUNT][];
  private long[] times = new long[FIRST];
  private int size;
  private boolean isCut;

  /** Keeps the values if one differs from the last sample. */
  void note(long time, long[] values) {
    while (size > 0 && times[size - 1] > time) {
      size--; // the clock was set back
    }
    if (size > 0 && isSame(values)) {
      return;
    }
    if (size == times.length) {
      makeRoom();
    }
    times[size] = time;
    for (int i = 0; i < values.length; i++) {
      if (columns[i] == null && values[i] != 0) {
        columns[i] = new long[times.length];
      }
      if (columns[i] != null) {
        columns[i][size] = values[i];
      }
    }
    size++;
  }

  private boolean isSame(long[] values) {
    for (int i = 0; i < values.length; i++) {
      long last = columns[i] == null ? 0 : columns[i][size - 1];
      if (last != values[i]) {
        return false;
      }
    }
    return true;
  }

  /** Grows; at its largest, the older half makes room for what comes. */
  private void makeRoom() {
    if (times.length >= 2 * MOST) {
      isCut = true;
      int from = size - MOST;
      System.arraycopy(times, from, times, 0, MOST);
      for (long[] column : columns) {
        if (column != null) {
          System.arraycopy(column, from, column, 0, MOST);
        }
      }
      size = MOST;
      return;
    }
    int capacity = Math.min(2 * times.length, 2 * MOST);
    times = Arrays.copyOf(times, capacity);
    for (int i = 0; i < columns.length; i++) {
      columns[i] = columns[i] == null ? null : Arrays.copyOf(columns[i], capacity);
    }
  }

  /** The value at some time; 0 before the first sample. */
  long at(Counter counter, long time) {
    long[] column = columns[counter.ordinal()];
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return column == null || low == 0 ? 0 : column[low - 1];
  }

  /** Whether what was before the first sample is no longer known. */
  boolean isCut() {
    return isCut;
  }

  /** The time of the first sample. */
  long first() {
    return times[0];
  }

  /** When something was last found changed. */
  long lastChange() {
    return times[size - 1];
  }

  /** The same, not changed by later samples. */
  History copy() {
    History copy = new History();
    copy.times = Arrays.copyOf(times, size);
    copy.size = size;
    copy.isCut = isCut;
    for (int i = 0; i < columns.length; i++) {
      copy.columns[i] = columns[i] == null ? null : Arrays.copyOf(columns[i], size);
    }
    return copy;
  }
}
