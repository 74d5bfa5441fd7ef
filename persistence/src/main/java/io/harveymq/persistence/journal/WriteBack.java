package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small writes to the base that have not been made yet. They are in the journal already, so nothing
 * is lost with them; what is written to the same place again, or right behind, becomes one write.
 * Store thread.
 */
final class WriteBack {
  /** A run of bytes; runs never overlap. */
  private static final class Run {
    final long offset;
    byte[] bytes;
    int length;

    Run(long offset, int capacity) {
      this.offset = offset;
      this.bytes = new byte[capacity];
    }

    long end() {
      return offset + length;
    }

    void put(int at, ByteBuffer source) {
      int count = source.remaining();
      if (at + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(at + count, 2 * bytes.length));
      }
      source.get(bytes, at, count);
      length = Math.max(length, at + count);
    }
  }

  private static final int MOST_BYTES = 512 << 10;
  private static final int LONGEST_RUN = 64 << 10;
  private static final int FIRST_CAPACITY = 64;

  private final StoreFile file;
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private int bytes;

  WriteBack(StoreFile file) {
    this.file = file;
  }

  /** Takes over the bytes; some that were taken before may be written for it. */
  void add(long offset, ByteBuffer source) throws IOException {
    if (bytes + source.remaining() > MOST_BYTES) {
      flush();
    }
    int before = source.remaining();
    if (!merge(offset, source)) {
      flush();
      merge(offset, source);
    }
    bytes += before;
  }

  /** False when it would join runs, or overlap one that begins behind its start. */
  private boolean merge(long offset, ByteBuffer source) {
    long end = offset + source.remaining();
    Map.Entry<Long, Run> below = runs.floorEntry(offset);
    Map.Entry<Long, Run> above = runs.higherEntry(offset);
    if (above != null && above.getKey() < end) {
      return false;
    }
    Run run = below == null ? null : below.getValue();
    boolean goesOn = run != null && run.end() >= offset;
    boolean tooLong = goesOn && run.end() == offset && run.length >= LONGEST_RUN;
    if (!goesOn || tooLong) {
      run = new Run(offset, Math.max(FIRST_CAPACITY, source.remaining()));
      runs.put(offset, run);
    }
    run.put((int) (offset - run.offset), source);
    return true;
  }

  /** Whether something of this range is waiting. */
  boolean overlaps(long offset, long length) {
    if (runs.isEmpty()) {
      return false;
    }
    Map.Entry<Long, Run> last = runs.lowerEntry(offset + length);
    return last != null && last.getValue().end() > offset;
  }

  /** Writes everything. */
  void flush() throws IOException {
    for (Run run : runs.values()) {
      file.write(run.offset, ByteBuffer.wrap(run.bytes, 0, run.length));
    }
    runs.clear();
    bytes = 0;
  }
}
