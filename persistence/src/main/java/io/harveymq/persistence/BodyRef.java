package io.harveymq.persistence;

import java.nio.ByteBuffer;

/**
 * Where the body of a message lies that is not in its record. Written as offset, length and number
 * of extents, then the extents.
 *
 * @param extents of its group, as far as they were used when it was written
 * @param offset of the first byte in them
 * @param length in bytes, those of properties in front of the body included
 */
record BodyRef(BodyGroup group, long[] extents, int offset, int length) {
  private static final int HEADER = 12;

  /** Bytes that it takes in a record. */
  int encodedLength() {
    return HEADER + extents.length * Extent.ENCODED;
  }

  void write(ByteBuffer to) {
    to.putInt(offset).putInt(length).putInt(extents.length);
    for (long extent : extents) {
      writeExtent(to, extent);
    }
  }

  static void writeExtent(ByteBuffer to, long extent) {
    to.putInt(Extent.slab(extent))
        .put((byte) Extent.block(extent))
        .put((byte) Extent.blocks(extent));
  }

  static long readExtent(ByteBuffer from) {
    return Extent.of(from.getInt(), from.get() & 0xFF, from.get() & 0xFF);
  }

  /**
   * Reads one without its group.
   *
   * @throws IllegalStateException when none can look like that
   */
  static BodyRef read(ByteBuffer from) {
    int offset = from.getInt();
    int length = from.getInt();
    int count = from.getInt();
    if (offset < 0 || length < 0 || count < 1 || count * Extent.ENCODED > from.remaining()) {
      throw new IllegalStateException("a reference to a body that can't be");
    }
    long[] extents = new long[count];
    long room = 0;
    for (int i = 0; i < count; i++) {
      extents[i] = readExtent(from);
      room += Extent.bytes(extents[i]);
    }
    if ((long) offset + length > room) {
      throw new IllegalStateException("a body that is longer than its place");
    }
    return new BodyRef(null, extents, offset, length);
  }
}
