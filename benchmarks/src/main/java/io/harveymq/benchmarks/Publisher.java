package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes one message over and over from a buffer that was encoded once, in large writes. With
 * confirms, a window of unconfirmed messages is kept full, and the count is what the broker
 * confirmed.
 */
final class Publisher extends ConnectionWorker {
  private static final int MOST_PER_WRITE = 500;
  private static final int MOST_BYTES_PER_WRITE = 256 * 1024;

  /** basic.ack or basic.nack without more: prefix, method id, delivery tag, flags, end octet. */
  private static final int CONFIRM_BYTES = 21;

  private final int window;
  private final int batch;
  private final ByteBuffer output;

  Publisher(Target target, FrameWriter.Route route, LoadPlan plan, CompletableFuture<Void> failure)
      throws IOException {
    super(target, failure);
    byte[] message = message(route, plan, connection());
    window = plan.guarantees().confirmWindow();
    int most = window == 0 ? MOST_PER_WRITE : Math.min(MOST_PER_WRITE, Math.max(1, window / 10));
    batch = Math.max(1, Math.min(most, MOST_BYTES_PER_WRITE / message.length));
    output = ByteBuffer.allocateDirect(batch * message.length);
    for (int i = 0; i < batch; i++) {
      output.put(message);
    }
    if (window > 0) {
      connection().confirmSelect();
    }
  }

  /** The frames of the plan's message. */
  static byte[] message(FrameWriter.Route route, LoadPlan plan, AmqpConnection connection) {
    byte[] body = new byte[plan.bodyBytes()];
    Arrays.fill(body, (byte) 'x');
    boolean persistent = plan.guarantees().persistent();
    return new FrameWriter().publish(route, body, persistent, connection.frameMax()).toBytes();
  }

  @Override
  void move() throws IOException {
    if (window > 0) {
      publishWithConfirms();
      return;
    }
    long published = 0;
    while (!stopped()) {
      connection().write(output.rewind());
      published += batch;
      count(published);
    }
  }

  private void publishWithConfirms() throws IOException {
    ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);
    ConfirmWindow confirms = new ConfirmWindow(window);
    long published = 0;
    while (!stopped()) {
      while (published - confirms.confirmed() <= window - batch) {
        connection().write(output.rewind());
        published += batch;
      }
      if (connection().socket().read(input) < 0) {
        throw new EOFException("broker closed the publisher's socket");
      }
      input.flip();
      takeConfirms(input, confirms);
      input.compact();
      count(confirms.confirmed());
    }
  }

  /** Takes all whole confirms that stand between the buffer's position and its limit. */
  static void takeConfirms(ByteBuffer input, ConfirmWindow confirms) throws IOException {
    while (input.remaining() >= CONFIRM_BYTES) {
      takeConfirm(input, confirms);
    }
  }

  private static void takeConfirm(ByteBuffer input, ConfirmWindow confirms) throws IOException {
    int start = input.position();
    int method = input.getInt(start + 7);
    if (method != Methods.BASIC_ACK) {
      throw new IOException("confirm expected, got " + (method >>> 16) + "." + (method & 0xFFFF));
    }
    confirms.confirm(input.getLong(start + 11), (input.get(start + 19) & 1) != 0);
    input.position(start + CONFIRM_BYTES);
  }
}
