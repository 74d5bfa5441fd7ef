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

  private final Selector selector = Selector.open();
  private final List<AmqpConnection> connections = new ArrayList<>();
  private long confirmed;

  /**
   * Opens the connections, and puts them into confirm mode.
   *
   * @param routes a publisher for each
   */
  OneByOnePublishers(
      Target target, List<FrameWriter.Route> routes, LoadPlan plan, CompletableFuture<Void> failure)
      throws IOException {
    super(failure);
    for (FrameWriter.Route route : routes) {
      AmqpConnection connection = AmqpConnection.open(target);
      connections.add(connection);
      connection.confirmSelect();
      connection.socket().configureBlocking(false);
      OnePublisher publisher =
          new OnePublisher(connection, Publisher.message(route, plan, connection));
      connection.socket().register(selector, SelectionKey.OP_READ, publisher);
    }
  }

  @Override
  void move() throws IOException {
    for (SelectionKey key : selector.keys()) {
      ((OnePublisher) key.attachment()).publish();
    }
    while (!stopped()) {
      selector.select(key -> readable((OnePublisher) key.attachment()));
      count(confirmed);
    }
  }

  private void readable(OnePublisher publisher) {
    try {
      confirmed += publisher.takeConfirms();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void closeConnections() throws IOException {
    for (AmqpConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }

  /** One connection, and the message that it publishes over and over. */
  private static final class OnePublisher {
    private final AmqpConnection connection;
    private final ByteBuffer message;
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
    private final ConfirmWindow confirms = new ConfirmWindow(1);
    private long published;

    OnePublisher(AmqpConnection connection, byte[] message) {
      this.connection = connection;
      this.message = ByteBuffer.allocateDirect(message.length).put(message);
    }

    /** One message fits into the socket's buffer, as there is nothing before it. */
    void publish() throws IOException {
      connection.write(message.rewind());
      published++;
    }

    /** Publishes the next one when the last is confirmed; returns how many were. */
    long takeConfirms() throws IOException {
      long before = confirms.confirmed();
      if (connection.socket().read(input) < 0) {
        throw new EOFException("broker closed the publisher's socket");
      }
      input.flip();
      Publisher.takeConfirms(input, confirms);
      input.compact();
      if (confirms.confirmed() == published) {
        publish();
      }
      return confirms.confirmed() - before;
    }
  }
}
