package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Many publishers, each of which waits for the confirm of a message before the next one, driven by
 * one thread: with a thread for each, waking them up would take more of the machine than the broker
 * that is measured.
 */
final class OneByOnePublishers extends LoadWorker {
  private static final int INPUT_BYTES = 4096;

  /** Larger ones may not fit into the socket's buffer, and the one thread must not wait. */
  static final int MOST_BODY_BYTES = 16 * 1024;

  private final Selector selector = Selector.open();
  private final List<OnePublisher> publishers = new ArrayList<>();

  /**
   * Opens the connections, and puts them into confirm mode.
   *
   * @param routes a publisher for each
   */
  OneByOnePublishers(
      Target target, List<FrameWriter.Route> routes, LoadPlan plan, CompletableFuture<Void> failure)
      throws IOException {
    super(failure);
    try {
      for (FrameWriter.Route route : routes) {
        OnePublisher publisher = new OnePublisher(AmqpConnection.open(target));
        publishers.add(publisher);
        publisher.prepare(route, plan);
        publisher.connection.socket().register(selector, SelectionKey.OP_READ, publisher);
      }
    } catch (IOException | RuntimeException refused) {
      closeConnections();
      throw refused;
    }
  }

  @Override
  void move() throws IOException {
    for (OnePublisher publisher : publishers) {
      publisher.publish();
    }
    while (!stopped()) {
      selector.select(key -> readable((OnePublisher) key.attachment()));
      count(publishers.stream().mapToLong(OnePublisher::confirmed).sum());
    }
  }

  private static void readable(OnePublisher publisher) {
    try {
      publisher.takeConfirms();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Messages of the publisher with the fewest; asked when the worker has ended. */
  long fewest() {
    return publishers.stream().mapToLong(OnePublisher::confirmed).min().orElse(0);
  }

  @Override
  void closeConnections() throws IOException {
    try (selector) {
      for (OnePublisher publisher : publishers) {
        publisher.connection.close();
      }
    }
  }

  /** One connection, and the message that it publishes over and over. */
  private static final class OnePublisher {
    private final AmqpConnection connection;
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
    private final ConfirmWindow confirms = new ConfirmWindow(1);
    private ByteBuffer message;
    private long published;

    OnePublisher(AmqpConnection connection) {
      this.connection = connection;
    }

    void prepare(FrameWriter.Route route, LoadPlan plan) throws IOException {
      connection.confirmSelect();
      byte[] bytes = Publisher.message(route, plan, connection);
      message = ByteBuffer.allocateDirect(bytes.length).put(bytes);
      connection.socket().configureBlocking(false);
    }

    long confirmed() {
      return confirms.confirmed();
    }

    void publish() throws IOException {
      connection.write(message.rewind());
      published++;
    }

    /** Publishes the next one when the last is confirmed. */
    void takeConfirms() throws IOException {
      if (connection.socket().read(input) < 0) {
        throw new EOFException("broker closed the publisher's socket");
      }
      input.flip();
      Publisher.takeConfirms(input, confirms);
      input.compact();
      if (confirms.confirmed() == published) {
        publish();
      }
    }
  }
}
