package io.harveymq.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes one message at each due moment, with that moment in the first eight octets of its body.
 */
final class PacedPublisher extends ConnectionWorker {
  /**
   * Sleeping ends this long before the moment, since a sleeper wakes late; the rest is spun away.
   */
  private static final long SPIN_NANOS = 80_000;

  private final ByteBuffer message;
  private final int stampOffset;
  private long until;
  private double interval;

  PacedPublisher(Target target, String queue, int bodyBytes, CompletableFuture<Void> failure)
      throws IOException {
    super(target, failure);
    FrameWriter.Route route = new FrameWriter.Route("", queue);
    byte[] bytes = new FrameWriter().publish(route, new byte[bodyBytes], false, 0).toBytes();
    message = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    stampOffset = bytes.length - 1 - bodyBytes;
  }

  /** Sets the last due moment and the rate; called before the thread starts. */
  void publishUntil(long nanoTime, int perSecond) {
    until = nanoTime;
    interval = 1e9 / perSecond;
  }

  @Override
  void move() throws IOException {
    long start = System.nanoTime();
    long published = 0;
    while (!stopped()) {
      long due = start + (long) (published * interval);
      if (due - until >= 0) {
        return;
      }
      await(due);
      message.putLong(stampOffset, due);
      connection().write(message.rewind());
      count(++published);
    }
  }

  private static void await(long due) {
    long left = due - System.nanoTime();
    while (left > SPIN_NANOS) {
      LockSupport.parkNanos(left - SPIN_NANOS);
      left = due - System.nanoTime();
    }
    while (due - System.nanoTime() > 0) {
      Thread.onSpinWait();
    }
  }
}
