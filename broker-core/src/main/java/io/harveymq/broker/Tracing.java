package io.harveymq.broker;

import io.harveymq.broker.node.Node;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Switches RabbitMQ's firehose: while it is on, the exchange amq.rabbitmq.trace of the virtual host
 * gets a copy of each message that is published or delivered in it. It is off after a start.
 *
 * <p>Safe from any thread but those of the broker, for which a change would have to wait.
 */
public final class Tracing {
  private static final long TIMEOUT_SECONDS = 10;

  private final Node node;

  Tracing(Node node) {
    this.node = node;
  }

  /**
   * Switches it on, as {@code rabbitmqctl trace_on} does; nothing happens when it is on.
   *
   * @throws IllegalArgumentException when there is no such virtual host
   * @throws IllegalStateException when the broker is closed
   */
  public void on(String vhost) {
    set(vhost, true);
  }

  /**
   * Switches it off, as {@code rabbitmqctl trace_off} does; nothing happens when it is off.
   *
   * @throws IllegalArgumentException when there is no such virtual host
   * @throws IllegalStateException when the broker is closed
   */
  public void off(String vhost) {
    set(vhost, false);
  }

  private void set(String name, boolean on) {
    VirtualHost vhost = node.vhostOrNull(name);
    if (vhost == null) {
      throw new IllegalArgumentException("there is no virtual host '" + name + "'");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      vhost
          .home()
          .execute(
              () -> {
                vhost.trace(on ? node.name() : null);
                done.complete(null);
              });
      done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException | RuntimeException failure) {
      throw new IllegalStateException("tracing could not be switched", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tracing was switched", interrupted);
    }
  }
}
