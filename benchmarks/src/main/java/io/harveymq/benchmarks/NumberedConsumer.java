package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the messages of a {@link NumberedPublisher} with acknowledgements, checks that each comes
 * in its turn, and ends after the last.
 */
final class NumberedConsumer extends ConnectionWorker {
  private static final int PREFETCH = 2000;
  private static final int ACK_EVERY = 500;
  private static final int READ_BYTES = 1 << 20;

  private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
  private final int bodyBytes;
  private final long total;
  private DeliveryLayout layout;

  /** Connects and subscribes; deliveries start to come before the thread runs. */
  NumberedConsumer(
      Target target, String queue, int bodyBytes, long total, CompletableFuture<Void> failure)
      throws IOException {
    super(target, failure);
    this.bodyBytes = bodyBytes;
    this.total = total;
    connection().prefetch(PREFETCH);
    connection().consume(queue, false);
  }

  @Override
  void move() throws IOException {
    long messages = 0;
    long acknowledged = 0;
    while (!stopped() && messages < total) {
      if (connection().socket().read(input) < 0) {
        throw new EOFException("broker closed the consumer's socket");
      }
      input.flip();
      while (nextIsComplete()) {
        take(messages++);
      }
      input.compact();
      count(messages);
      if (messages - acknowledged >= ACK_EVERY || messages == total) {
        connection().send(acknowledgement(messages));
        acknowledged = messages;
      }
    }
  }

  private boolean nextIsComplete() throws IOException {
    if (layout == null) {
      layout = DeliveryLayout.parse(input, input.limit(), bodyBytes);
    }
    return layout != null && input.remaining() >= layout.size();
  }

  private void take(long expected) throws IOException {
    int at = input.position();
    layout.check(input, at, expected + 1);
    long number = input.getLong(at + layout.bodyOffset());
    if (number != expected) {
      throw new IOException("expected message " + expected + " but found " + number);
    }
    input.position(at + layout.size());
  }

  private static FrameWriter acknowledgement(long tag) {
    return new FrameWriter().method(1, Methods.BASIC_ACK).u64(tag).u8(1).end();
  }
}
