package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes a number of persistent messages with confirms, each with its number from 0 on in the
 * first eight octets of its body, and ends when all are confirmed.
 */
final class NumberedPublisher extends ConnectionWorker {
  private static final int WINDOW = 2000;
  private static final int BATCH = 100;

  private final long total;
  private final int stampOffset;
  private final int size;
  private final ByteBuffer output;
  private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);
  private final ConfirmWindow confirms = new ConfirmWindow(WINDOW);

  /**
   * Connects.
   *
   * @param bodyBytes body size, at least 8 and small enough for one frame
   * @param total messages to publish
   */
  NumberedPublisher(
      Target target, String queue, int bodyBytes, long total, CompletableFuture<Void> failure)
      throws IOException {
    super(target, failure);
    this.total = total;
    FrameWriter.Route route = new FrameWriter.Route("", queue);
    byte[] message = new FrameWriter().publish(route, new byte[bodyBytes], true, 0).toBytes();
    size = message.length;
    stampOffset = size - 1 - bodyBytes;
    output = ByteBuffer.allocateDirect(BATCH * size);
    for (int i = 0; i < BATCH; i++) {
      output.put(message);
    }
    connection().confirmSelect();
  }

  @Override
  void move() throws IOException {
    long published = 0;
    while (!stopped() && confirms.confirmed() < total) {
      while (published < total && published - confirms.confirmed() <= WINDOW - BATCH) {
        published += write(published, (int) Math.min(BATCH, total - published));
      }
      if (connection().socket().read(input) < 0) {
        throw new EOFException("broker closed the publisher's socket");
      }
      input.flip();
      Publisher.takeConfirms(input, confirms);
      input.compact();
      count(confirms.confirmed());
    }
  }

  private int write(long first, int messages) throws IOException {
    for (int i = 0; i < messages; i++) {
      output.putLong(i * size + stampOffset, first + i);
    }
    connection().write(output.clear().limit(messages * size));
    return messages;
  }
}
