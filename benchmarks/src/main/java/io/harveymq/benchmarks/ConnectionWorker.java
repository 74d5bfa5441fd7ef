package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A publisher or a consumer: one connection with a thread of its own that blocks on it. */
abstract class ConnectionWorker extends LoadWorker {
  private final AmqpConnection connection;

  /**
   * Opens the connection.
   *
   * @param failure completed exceptionally when the worker breaks off before it is stopped
   */
  ConnectionWorker(Target target, CompletableFuture<Void> failure) throws IOException {
    super(failure);
    this.connection = AmqpConnection.open(target);
  }

  final AmqpConnection connection() {
    return connection;
  }

  @Override
  final void closeConnections() throws IOException {
    connection.close();
  }
}
