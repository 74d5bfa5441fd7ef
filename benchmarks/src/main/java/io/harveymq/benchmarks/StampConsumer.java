package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Records the age of each delivery as it is read; the histogram is read after the thread has ended.
 */
final class StampConsumer extends ConnectionWorker {
  private static final int READ_BYTES = 1 << 18;
  private static final int DIGITS = 3;

  private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
  private final Histogram histogram = new Histogram(DIGITS);
  private final int bodyBytes;
  private DeliveryLayout layout;
  private long from;
  private long until;

  StampConsumer(Target target, String queue, int bodyBytes, CompletableFuture<Void> failure)
      throws IOException {
    super(target, failure);
    this.bodyBytes = bodyBytes;
    connection().consume(queue, true);
  }

  /** Only messages due in this span are recorded; called before the thread starts. */
  void recordBetween(long fromNanoTime, long untilNanoTime) {
    from = fromNanoTime;
    until = untilNanoTime;
  }

  /** Ages in nanoseconds. */
  Histogram histogram() {
    return histogram;
  }

  @Override
  void move() throws IOException {
    long messages = 0;
    while (!stopped()) {
      if (connection().socket().read(input) < 0) {
        throw new EOFException("broker closed the consumer's socket");
      }
      long now = System.nanoTime();
      input.flip();
      while (nextIsComplete()) {
        int at = input.position();
        messages++;
        layout.check(input, at, messages);
        record(input.getLong(at + layout.bodyOffset()), now);
        input.position(at + layout.size());
      }
      input.compact();
      count(messages);
    }
  }

  private boolean nextIsComplete() throws IOException {
    if (layout == null) {
      layout = DeliveryLayout.parse(input, input.limit(), bodyBytes);
    }
    return layout != null && input.remaining() >= layout.size();
  }

  private void record(long due, long now) {
    if (due - from >= 0 && due - until < 0) {
      histogram.recordValue(Math.max(0, now - due));
    }
  }
}
