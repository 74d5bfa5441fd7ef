package io.harveymq.benchmarks;

import java.io.IOException;
import picocli.CommandLine.Option;

/** Command line options that name a running broker. */
final class BrokerOptions {
  @Option(names = "--host", defaultValue = "127.0.0.1", description = "${DEFAULT-VALUE}")
  private String host;

  @Option(names = "--port", required = true, description = "AMQP port of the broker")
  private int port;

  @Option(names = "--pid", description = "broker's process; default: who listens on the port")
  private Long pid;

  @Option(names = "--name", defaultValue = "broker", description = "name to print")
  private String name;

  @Option(names = "--user", defaultValue = "guest", description = "${DEFAULT-VALUE}")
  private String user;

  @Option(names = "--password", defaultValue = "guest", description = "${DEFAULT-VALUE}")
  private String password;

  @Option(names = "--vhost", defaultValue = "/", description = "${DEFAULT-VALUE}")
  private String virtualHost;

  /** The broker that the options name. */
  Broker broker() throws IOException {
    Target target = new Target(host, port, user, password, virtualHost);
    ProcessStats process = pid == null ? ProcessStats.onPort(port) : new ProcessStats(pid);
    return new Broker(name, target, process);
  }
}
