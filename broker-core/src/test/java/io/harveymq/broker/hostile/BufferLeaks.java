package io.harveymq.broker.hostile;

import io.netty.buffer.ByteBufAllocator;

/** Makes Netty's leak detector, which tests run at its highest level, look and report. */
final class BufferLeaks {
  private static final int ROUNDS = 3;

  private BufferLeaks() {}

  /** Collects garbage, and allocates, which is when the detector tells the log what it found. */
  static void collect() {
    for (int i = 0; i < ROUNDS; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.directBuffer(16).release();
      ByteBufAllocator.DEFAULT.heapBuffer(16).release();
    }
  }

  /**
   * Loses a buffer, to show that this is seen.
   *
   * @param hint stands in the report
   */
  static void plantOne(String hint) {
    ByteBufAllocator.DEFAULT.directBuffer(16).touch(hint);
  }
}
