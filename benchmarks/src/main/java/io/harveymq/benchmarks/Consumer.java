package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Counts deliveries by counting bytes in large reads. The first delivery is parsed; after each read
 * the tag of the last complete delivery must equal the count, so nothing lost or added goes
 * unnoticed.
 */
final class Consumer extends ConnectionWorker {
  private static final int READ_BYTES = 1 << 20;

  private final LoadPlan plan;
  private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
  private final ByteBuffer ack;
  private long acknowledged;

  /** Connects and subscribes to the queue; deliveries start to come before the thread runs. */
  Consumer(Target target, String queue, LoadPlan plan, CompletableFuture<Void> failure)
      throws IOException {
    super(target, failure);
    this.plan = plan;
    byte[] frame = new FrameWriter().method(1, Methods.BASIC_ACK).u64(0).u8(1).end().toBytes();
    ack = ByteBuffer.allocateDirect(frame.length).put(frame);
    LoadPlan.Guarantees guarantees = plan.guarantees();
    if (guarantees.acks()) {
      connection().prefetch(guarantees.prefetch());
    }
    connection().consume(queue, !guarantees.acks());
  }

  @Override
  void move() throws IOException {
    DeliveryLayout layout = awaitFirst();
    int size = layout.size();
    long total = input.position();
    acknowledge(total / size);
    while (!stopped()) {
      input.clear();
      int read = read();
      total += read;
      long messages = total / size;
      int last = (int) (read - total % size) - size;
      if (last >= 0) {
        layout.check(input, last, messages);
      }
      acknowledge(messages);
    }
  }

  private DeliveryLayout awaitFirst() throws IOException {
    DeliveryLayout layout = null;
    while (layout == null) {
      read();
      layout = DeliveryLayout.parse(input, input.position(), plan.bodyBytes());
    }
    layout.check(input, 0, 1);
    return layout;
  }

  private void acknowledge(long messages) throws IOException {
    count(messages);
    LoadPlan.Guarantees guarantees = plan.guarantees();
    if (guarantees.acks() && messages - acknowledged >= guarantees.ackEvery()) {
      acknowledged = messages;
      ack.putLong(11, messages);
      connection().write(ack.rewind());
    }
  }

  private int read() throws IOException {
    int read = connection().socket().read(input);
    if (read < 0) {
      throw new EOFException("broker closed the consumer's socket");
    }
    return read;
  }
}
