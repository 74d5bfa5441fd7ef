package io.harveymq.broker.auth;

/** What somebody wants to do, for those who decide about it. Immutable; any thread. */
public sealed interface AccessQuestion {
  /** The virtual host it is about. */
  String vhost();

  /**
   * To open a connection to a virtual host.
   *
   * @param address of the client, as text; empty if it is not known
   */
  record Vhost(String vhost, String address) implements AccessQuestion {}

  /**
   * To do something with a queue or an exchange.
   *
   * @param kind {@code queue} or {@code exchange}
   */
  record Resource(String vhost, String kind, String name, AccessRight right)
      implements AccessQuestion {
    public static final String QUEUE = "queue";
    public static final String EXCHANGE = "exchange";
  }

  /** To publish to a topic exchange, or bind to it, with a routing key. */
  record Topic(String vhost, String exchange, AccessRight right, String routingKey)
      implements AccessQuestion {}
}
