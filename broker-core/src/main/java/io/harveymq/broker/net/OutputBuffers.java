package io.harveymq.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * Heap buffers to encode output in, lent to the connections that a turn touches, so that an idle
 * connection holds none. Owned by the home loop.
 */
public final class OutputBuffers {
  private static final int KEPT = 8;
  private static final int SMALL = 1_024;
  private static final int LARGEST_KEPT = 512 << 10;

  private final ArrayDeque<ByteBuf> free = new ArrayDeque<>(KEPT);

  /** An empty heap buffer that grows as needed. */
  ByteBuf take() {
    ByteBuf kept = free.pollLast();
    return kept != null ? kept : Unpooled.buffer(SMALL);
  }

  /** Takes a buffer back. */
  void giveBack(ByteBuf buffer) {
    if (free.size() < KEPT && buffer.capacity() <= LARGEST_KEPT) {
      free.addLast(buffer.clear());
    }
  }
}
