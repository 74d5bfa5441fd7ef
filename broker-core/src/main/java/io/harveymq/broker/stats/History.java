package io.harveymq.broker.stats;

import java.util.Arrays;

/**
 * Values of an object's counters at the times at which some of them were found changed; old ones
 * lie farther apart. Only counters that were ever used take up space. Owned by a loop; a copy is
 * not changed any more.
 */
final class History {
  private static final int FIRST = 4;

  private final Retention retention;
  private final long[][] columns = new long[Counter.COUNT][];
  private long[] times = new long[FIRST];
  private int size;
  private boolean isCut;

  History(Retention retention) {
    this.retention = retention;
  }

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

  /** Grows; at its largest, old samples make room for what comes. */
  private void makeRoom() {
    if (size >= retention.most()) {
      thin();
    }
    if (size < times.length) {
      return;
    }
    int capacity = 2 * times.length;
    times = Arrays.copyOf(times, capacity);
    for (int i = 0; i < columns.length; i++) {
      columns[i] = columns[i] == null ? null : Arrays.copyOf(columns[i], capacity);
    }
  }

  private void thin() {
    int[] kept = retention.thin(times, size);
    isCut |= retention.forgets(times, size);
    move(times, kept);
    for (long[] column : columns) {
      if (column != null) {
        move(column, kept);
      }
    }
    size = kept.length;
  }

  private static void move(long[] values, int[] kept) {
    for (int i = 0; i < kept.length; i++) {
      values[i] = values[kept[i]];
    }
  }

  /**
   * The value at some time; 0 before the first sample. Between old samples it rises or falls
   * evenly, because nobody knows any more when it did.
   */
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
    if (column == null) {
      return 0;
    }
    long before = low == 0 ? 0 : column[low - 1];
    if (low == size) {
      return before;
    }
    long since = changedFrom(low);
    return time <= since
        ? before
        : before + (column[low] - before) * (time - since) / (times[low] - since);
  }

  /** From when on a sample's value may have been on its way from the one before. */
  private long changedFrom(int sample) {
    long time = times[sample];
    long step = Retention.step(time, times[size - 1]);
    if (step == 0) {
      return time;
    }
    long begin = Retention.begin(time, step);
    return sample == 0 ? begin : Math.max(begin, times[sample - 1]);
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
    History copy = new History(retention);
    copy.times = Arrays.copyOf(times, size);
    copy.size = size;
    copy.isCut = isCut;
    for (int i = 0; i < columns.length; i++) {
      copy.columns[i] = columns[i] == null ? null : Arrays.copyOf(columns[i], size);
    }
    return copy;
  }
}
