package io.harveymq.broker.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodReader;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client that goes on publishing, confirming and consuming while others misbehave, and fails
 * unless it gets every message once, in order, and every answer within seconds.
 */
final class HealthyClient {
  private static final int BATCH = 10;
  private static final int TIMEOUT_MILLIS = 15_000;

  private final WireClient client;
  private final String queue;
  private final CompletableFuture<Long> result = new CompletableFuture<>();
  private volatile boolean stop;
  private volatile long rounds;

  HealthyClient(int port, String queue) throws IOException {
    this.queue = queue;
    client = WireClient.openWithChannel(port);
    client.socket().setSoTimeout(TIMEOUT_MILLIS);
    client.call(Commands.confirmSelect(1));
    client.call(Commands.declareExclusive(1, queue));
    client.call(Commands.consume(1, queue, true));
    Thread thread = new Thread(this::run, "healthy-client");
    thread.setDaemon(true);
    thread.start();
  }

  /** Batches that came back so far. */
  long rounds() {
    return rounds;
  }

  /**
   * Ends it.
   *
   * @return the messages that made the round
   */
  long finish() {
    stop = true;
    return result.join();
  }

  private void run() {
    try (client) {
      long next = 0;
      while (!stop) {
        next = round(next);
        rounds++;
      }
      client.send(Commands.close());
      client.nextMethod();
      result.complete(next);
    } catch (Exception | AssertionError failure) {
      result.completeExceptionally(failure);
    }
  }

  private long round(long from) throws IOException {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      byte[] body = ByteBuffer.allocate(8).putLong(from + i).array();
      frames.addAll(Commands.publish(1, queue, body));
    }
    client.send(frames);
    long to = from + BATCH;
    long delivered = from;
    long confirmed = from;
    while (delivered < to || confirmed < to) {
      Frame frame = client.next();
      if (frame.type() == FrameDecoder.BODY) {
        assertThat(ByteBuffer.wrap(frame.payload()).getLong()).isEqualTo(delivered);
        delivered++;
      } else if (frame.type() == FrameDecoder.METHOD) {
        confirmed = confirmed(frame, confirmed);
      }
    }
    return to;
  }

  private static long confirmed(Frame frame, long before) {
    byte[] payload = frame.payload();
    Method method = MethodReader.read(Unpooled.wrappedBuffer(payload), payload.length);
    if (method instanceof BasicMethod.Ack ack) {
      assertThat(ack.multiple() || ack.deliveryTag() == before + 1).isTrue();
      return ack.deliveryTag();
    }
    assertThat(method).isInstanceOf(BasicMethod.Deliver.class);
    return before;
  }
}
