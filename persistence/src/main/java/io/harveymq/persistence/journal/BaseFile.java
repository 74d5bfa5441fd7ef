package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that the journal protects. Reads and writes by the store thread; growth and {@link
 * #force} by any. It grows by written zeros, never by its length alone, so that what is written to
 * it later finds its blocks on a full disk, too.
 */
final class BaseFile implements AutoCloseable {
  static final String NAME = "store.db";
  static final int UNIT = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(BaseFile.class);
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(UNIT).asReadOnlyBuffer();

  private static final int LARGE = 4096;

  private final StoreFile file;
  private final WriteBack writeBack;
  private volatile long length;
  private boolean closed; // guarded by this
  private boolean told; // guarded by this

  BaseFile(StoreFile file) throws IOException {
    this.file = file;
    this.writeBack = new WriteBack(file);
    this.length = file.size();
  }

  /** Makes the file of a new store: one unit of zeros under its name, or nothing. */
  static void create(StoreFiles files) throws IOException {
    String temporary = NAME + ".tmp";
    try (StoreFile file = files.open(temporary)) {
      writeZeros(file, 0, UNIT);
      file.force();
    }
    files.rename(temporary, NAME);
    files.syncDirectory();
  }

  long length() {
    return length;
  }

  void read(long offset, ByteBuffer target) throws IOException {
    if (writeBack.overlaps(offset, target.remaining())) {
      writeBack.flush();
    }
    file.read(offset, target);
  }

  void write(long offset, ByteBuffer source) throws IOException {
    if (offset + source.remaining() > length) {
      throw new IOException(
          "a write at " + offset + " reaches beyond the reserved length " + length);
    }
    if (source.remaining() < LARGE) {
      writeBack.add(offset, source);
      return;
    }
    if (writeBack.overlaps(offset, source.remaining())) {
      writeBack.flush();
    }
    file.write(offset, source);
  }

  /**
   * Writes what small writes have left in memory. Store thread, before whoever relies on a force.
   */
  void flush() throws IOException {
    writeBack.flush();
  }

  /** What was written and {@link #flush flushed} is on the disk when this returns. Any thread. */
  void force() throws IOException {
    file.force();
  }

  /**
   * At least this length, of whole units; false, and the file as it was, when the disk has no room.
   * Any thread.
   */
  synchronized boolean grow(long wanted) {
    long before = length;
    long after = (wanted + UNIT - 1) / UNIT * UNIT;
    if (after <= before) {
      return true;
    }
    if (closed) {
      return false;
    }
    try {
      writeZeros(file, before, after);
      length = after;
      told = false;
      return true;
    } catch (IOException e) {
      if (!told) {
        told = true;
        LOG.warn("The store cannot grow from {} to {} bytes: {}", before, after, e.toString());
      }
      try {
        file.truncate(before);
      } catch (IOException inner) {
        LOG.warn("The store cannot be cut back to {} bytes: {}", before, inner.toString());
      }
      return false;
    }
  }

  static void writeZeros(StoreFile file, long from, long until) throws IOException {
    for (long at = from; at < until; ) {
      int count = (int) Math.min(until - at, UNIT);
      file.write(at, ZEROS.duplicate().limit(count));
      at += count;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    file.close();
  }
}
