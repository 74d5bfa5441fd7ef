package io.harveymq.broker;

import io.harveymq.broker.node.Node;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.concurrent.CompletionStage;

/**
 * Switches RabbitMQ's firehose: while it is on, the exchange amq.rabbitmq.trace of the virtual host
 * gets a copy of each message that is published or delivered in it. It is off after a start.
 *
 * <p>Safe from any thread, but those of the broker must not wait; {@link #submit} does not.
 */
public final class Tracing {
  private final Node node;
  private final VhostCalls calls;

  Tracing(Node node) {
    this.node = node;
    this.calls = new VhostCalls(node);
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
    calls.call(name, vhost -> trace(vhost, on));
  }

  /**
   * Switches it on or off without waiting for it.
   *
   * @return completed when it is so; exceptionally with an IllegalArgumentException when there is
   *     no such virtual host
   */
  public CompletionStage<Void> submit(String name, boolean on) {
    return calls.submit(name, vhost -> trace(vhost, on));
  }

  private Void trace(VirtualHost vhost, boolean on) {
    vhost.trace(on ? node.name() : null);
    return null;
  }
}
