package io.harveymq.management.node;

import io.harveymq.broker.tls.ServerTls;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the node listens on; filled while the management starts. Any thread. */
public final class Listeners {
  /** RabbitMQ's name of the protocol of AMQP clients. */
  public static final String AMQP = "amqp";

  /** RabbitMQ's name of the protocol of AMQP clients that speak TLS. */
  public static final String AMQPS = "amqp/ssl";

  /** RabbitMQ's name of the protocol of the management API with TLS. */
  public static final String HTTPS = "https";

  /** RabbitMQ's name of the protocol of the metrics with TLS. */
  public static final String PROMETHEUS_TLS = "https/prometheus";

  /** RabbitMQ's name of the protocol of the management API. */
  public static final String HTTP = "http";

  /** RabbitMQ's name of the protocol of the metrics. */
  public static final String PROMETHEUS = "http/prometheus";

  private final List<Listener> all = new CopyOnWriteArrayList<>();

  /**
   * A port that is listened on. Immutable.
   *
   * @param protocol RabbitMQ's name for it
   * @param address as it was configured
   * @param tls how it is encrypted; null when it is not
   */
  public record Listener(String protocol, String address, int port, ServerTls tls) {
    /** Whether it serves metrics. */
    public boolean isForMetrics() {
      return protocol.equals(PROMETHEUS) || protocol.equals(PROMETHEUS_TLS);
    }
  }

  /** Adds one, keeping them in the order of protocols. */
  public void add(String protocol, String address, int port) {
    add(protocol, address, port, null);
  }

  /** Adds one with TLS. */
  public void add(String protocol, String address, int port, ServerTls tls) {
    all.add(new Listener(protocol, address, port, tls));
  }

  /** All of them. */
  public List<Listener> all() {
    return List.copyOf(all);
  }

  /** Those that serve HTTP. */
  public List<Listener> web() {
    return all.stream().filter(listener -> listener.protocol.startsWith(HTTP)).toList();
  }
}
