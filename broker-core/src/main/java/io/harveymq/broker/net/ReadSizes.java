package io.harveymq.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How much is read from a socket at once: as much as the client tends to send, up to 256 KiB, but
 * not more than the connection's part of a budget, because what was read from a publisher that is
 * paused stays in its buffer. Safe from any thread.
 */
@SuppressWarnings(
    "deprecation") // Netty's own way to give a handle is deprecated, without another one
final class ReadSizes implements RecvByteBufAllocator {
  private static final int SMALLEST = 512;
  private static final int FIRST = 2_048;
  private static final int LARGEST = 256 << 10;

  /** The part of the largest heap, which limits direct memory, too, that read buffers may take. */
  private static final int BUDGET_SHARE = 8;

  private final RecvByteBufAllocator adaptive =
      new AdaptiveRecvByteBufAllocator(SMALLEST, FIRST, LARGEST).maxMessagesPerRead(1);
  private final IntSupplier connections;
  private final long budget = Runtime.getRuntime().maxMemory() / BUDGET_SHARE;

  /**
   * @param connections how many there are now
   */
  ReadSizes(IntSupplier connections) {
    this.connections = connections;
  }

  @Override
  public Handle newHandle() {
    return new LimitedHandle((ExtendedHandle) adaptive.newHandle());
  }

  private int limit() {
    return (int) Math.max(FIRST, Math.min(LARGEST, budget / Math.max(1, connections.getAsInt())));
  }

  private final class LimitedHandle extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle guessing;

    LimitedHandle(ExtendedHandle guessing) {
      super(guessing);
      this.guessing = guessing;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public int guess() {
      int guess = guessing.guess();
      return guess <= FIRST ? guess : Math.min(guess, limit());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return guessing.continueReading(maybeMore);
    }
  }
}
