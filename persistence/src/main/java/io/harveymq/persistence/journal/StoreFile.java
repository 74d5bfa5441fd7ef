package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link StoreFiles} directory. Positions and lengths are in bytes. */
public interface StoreFile extends AutoCloseable {

  /**
   * Writes all remaining bytes of the buffer; the file grows when they reach beyond its end. A
   * failed write may leave some of them in the file and nothing in memory.
   */
  void write(long position, ByteBuffer source) throws IOException;

  /** Fills the buffer; {@link java.io.EOFException} when the file ends before it is full. */
  void read(long position, ByteBuffer target) throws IOException;

  /** All that was written is on the disk when this returns, by whichever thread it was written. */
  void force() throws IOException;

  /** Length in bytes. */
  long size() throws IOException;

  /** Cuts the file off at the given length; no effect when it is shorter. */
  void truncate(long length) throws IOException;

  @Override
  void close() throws IOException;
}
