package io.harveymq.persistence;

/**
 * Where something lies: a run of blocks within one slab, packed into a long so that nothing is
 * allocated for it. 0 is nowhere. Stateless; any thread.
 */
final class Extent {
  /** Bytes of a block. */
  static final int BLOCK = 256;

  /** Blocks of a slab, numbered from 1; its header is shorter and has number 0. */
  static final int SLAB_BLOCKS = 255;

  /** Bytes that an extent has at most. */
  static final int LARGEST = SLAB_BLOCKS * BLOCK;

  /** Bytes of an extent when it is written down. */
  static final int ENCODED = 6;

  private Extent() {}

  static long of(int slab, int block, int blocks) {
    return (long) slab << 16 | (long) block << 8 | blocks;
  }

  static int slab(long extent) {
    return (int) (extent >>> 16);
  }

  static int block(long extent) {
    return (int) (extent >>> 8) & 0xFF;
  }

  static int blocks(long extent) {
    return (int) extent & 0xFF;
  }

  static int bytes(long extent) {
    return blocks(extent) * BLOCK;
  }

  /** The same start with another length. */
  static long resized(long extent, int blocks) {
    return extent & ~0xFFL | blocks;
  }

  /** What two extents share that begin at the same block. */
  static long start(long extent) {
    return extent >>> 8;
  }

  /** Blocks that hold so many bytes. */
  static int blocksFor(int bytes) {
    return (bytes + BLOCK - 1) / BLOCK;
  }

  static String text(long extent) {
    return "slab " + slab(extent) + ", blocks " + block(extent) + "+" + blocks(extent);
  }
}
