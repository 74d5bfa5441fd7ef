package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One record of the journal while it is built: a header, then ranges, each of offset (8 bytes),
 * length (4 bytes) and the bytes themselves. A transaction is one frame or several parts, the last
 * of which carries {@link #LAST}. Store thread.
 *
 * <pre>
 *  0 magic   4 CRC32C of salt, 8.. and body   8 length of the body   12 flags
 * 16 sequence of the transaction   24 epoch   32 length of the base file   40 part number   44 zero
 * </pre>
 *
 * All numbers are big endian. The salt, random for each epoch and not in the frame, keeps bytes of
 * a message that look like a frame from being taken for one.
 */
final class Frame {
  static final int MAGIC = 0x48564a46;
  static final int HEADER = 48;
  static final int RANGE_HEADER = 12;
  static final int LAST = 1;

  private static final int CRC = 4;
  private static final int LENGTH = 8;
  private static final int FLAGS = 12;
  private static final int SEQUENCE = 16;
  private static final int EPOCH = 24;
  private static final int BASE = 32;
  private static final int PART = 40;

  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer salt = ByteBuffer.allocate(Long.BYTES);
  private int lastRange;
  private long lastEnd;

  /**
   * @param direct whether its memory is outside of the heap, which is faster, but scarce
   */
  Frame(int capacity, boolean direct) {
    ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    this.buffer = bytes.position(HEADER);
  }

  boolean isDirect() {
    return buffer.isDirect();
  }

  int capacity() {
    return buffer.capacity();
  }

  boolean hasRoom(int length) {
    return buffer.remaining() >= RANGE_HEADER + length;
  }

  boolean isEmpty() {
    return buffer.position() == HEADER;
  }

  /** Bytes of header and ranges so far. */
  int size() {
    return buffer.position();
  }

  void clear() {
    buffer.clear().position(HEADER);
    lastRange = 0;
  }

  /**
   * Adds a range; the window returned is to be filled with its bytes before the commit. One that
   * goes on where the last one ended becomes a part of it, so that messages behind one another are
   * written to the file as one.
   */
  ByteBuffer add(long offset, int length) {
    if (lastRange > 0 && offset == lastEnd) {
      buffer.putInt(lastRange + Long.BYTES, buffer.getInt(lastRange + Long.BYTES) + length);
    } else {
      lastRange = buffer.position();
      buffer.putLong(offset).putInt(length);
    }
    lastEnd = offset + length;
    ByteBuffer window = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return window;
  }

  /** Adds a range of bytes from an array. */
  void add(long offset, byte[] bytes, int from, int length) {
    lastRange = 0;
    buffer.putLong(offset).putInt(length).put(bytes, from, length);
  }

  /** Completes the header; the result is ready to be written. */
  ByteBuffer seal(long sequence, int part, boolean last, StoreState state, long baseLength) {
    int end = buffer.position();
    buffer
        .putInt(0, MAGIC)
        .putInt(LENGTH, end - HEADER)
        .putInt(FLAGS, last ? LAST : 0)
        .putLong(SEQUENCE, sequence)
        .putLong(EPOCH, state.epoch())
        .putLong(BASE, baseLength)
        .putInt(PART, part)
        .putInt(PART + 4, 0);
    crc.reset();
    crc.update(salt.putLong(0, state.salt()).rewind());
    crc.update(buffer.limit(end).position(LENGTH));
    buffer.putInt(CRC, (int) crc.getValue());
    return buffer.rewind();
  }

  /** Writes the ranges of a sealed frame to where they belong. */
  void apply(BaseFile base) throws IOException {
    int end = HEADER + buffer.getInt(LENGTH);
    int at = HEADER;
    while (at < end) {
      buffer.limit(end);
      long offset = buffer.getLong(at);
      int length = buffer.getInt(at + 8);
      at += RANGE_HEADER;
      base.write(offset, buffer.limit(at + length).position(at));
      at += length;
    }
    buffer.limit(buffer.capacity());
  }

  /** Offsets and lengths of the ranges so far. */
  void forEachRange(RangeVisitor visitor) {
    for (int at = HEADER; at < buffer.position(); ) {
      int length = buffer.getInt(at + 8);
      visitor.range(buffer.getLong(at), length);
      at += RANGE_HEADER + length;
    }
  }

  /** Sees ranges. */
  interface RangeVisitor {
    void range(long offset, int length);
  }

  /** The header of a frame as read back from a file. */
  record Header(
      int bodyLength, boolean last, long sequence, long epoch, long baseLength, int part) {

    /** Null when the bytes cannot be a header; what they say is not yet checked against the CRC. */
    static Header of(ByteBuffer bytes, int at) {
      int length = bytes.getInt(at + LENGTH);
      if (bytes.getInt(at) != MAGIC || length < RANGE_HEADER) {
        return null;
      }
      return new Header(
          length,
          (bytes.getInt(at + FLAGS) & LAST) != 0,
          bytes.getLong(at + SEQUENCE),
          bytes.getLong(at + EPOCH),
          bytes.getLong(at + BASE),
          bytes.getInt(at + PART));
    }
  }

  /** Whether the CRC of a whole frame, from position to limit, is right. */
  static boolean isIntact(ByteBuffer frame, long salt) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, salt));
    ByteBuffer rest = frame.duplicate();
    crc.update(rest.position(rest.position() + LENGTH));
    return (int) crc.getValue() == frame.getInt(frame.position() + CRC);
  }
}
