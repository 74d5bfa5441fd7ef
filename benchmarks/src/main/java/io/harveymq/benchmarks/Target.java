package io.harveymq.benchmarks;

/**
 * Where a broker listens and who logs in. Immutable.
 *
 * @param host name or address, never null
 * @param port TCP port of AMQP 0-9-1 without TLS
 * @param user user name for SASL PLAIN
 * @param password password for SASL PLAIN
 * @param virtualHost virtual host to open
 */
public record Target(String host, int port, String user, String password, String virtualHost) {

  /** The broker on a port of this machine, with RabbitMQ's default user and virtual host. */
  public static Target local(int port) {
    return new Target("127.0.0.1", port, "guest", "guest", "/");
  }
}
