package io.harveymq.broker.scale;

import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes as fast as the broker reads, in a thread of its own, and reads nothing itself. */
final class Publisher implements AutoCloseable {
  private final WireClient client;
  private final AtomicLong published = new AtomicLong();
  private final CompletableFuture<Long> end = new CompletableFuture<>();
  private final long limit;
  private volatile boolean stop;

  /**
   * Starts.
   *
   * @param limit messages after which it stops by itself
   */
  Publisher(int port, String queue, int bodySize, long limit) throws IOException {
    this.limit = limit;
    client = WireClient.openWithChannel(port);
    client.call(Commands.declare(1, queue));
    byte[] message = Frame.bytes(Commands.publish(1, queue, new byte[bodySize]));
    Thread thread = new Thread(() -> run(message), "publisher");
    thread.setDaemon(true);
    thread.start();
  }

  static List<Publisher> start(int count, int port, String queue, int bodySize, long limit)
      throws IOException {
    List<Publisher> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Publisher(port, queue, bodySize, limit));
    }
    return all;
  }

  private void run(byte[] message) {
    try {
      while (!stop && published.get() < limit) {
        client.send(message);
        published.incrementAndGet();
      }
      client.send(Commands.close());
      client.nextMethod();
      end.complete(published.get());
    } catch (IOException cut) {
      end.completeExceptionally(cut);
    }
  }

  /** Messages handed to the socket so far. */
  long published() {
    return published.get();
  }

  /** Makes it stop after the message at hand. */
  void stop() {
    stop = true;
  }

  /** Waits for the broker to have read everything; fails if the connection was cut. */
  long join() {
    return end.join();
  }

  boolean isDone() {
    return end.isDone();
  }

  @Override
  public void close() throws IOException {
    stop = true;
    client.close();
  }
}
