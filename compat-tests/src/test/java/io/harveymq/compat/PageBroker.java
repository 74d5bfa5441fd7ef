package io.harveymq.compat;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerCommands;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.RecordingControl;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.vhost.BrokerClock;
import io.harveymq.management.HttpLimits;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import java.net.URI;

/** A broker of one test's own with its page, on free loopback ports. Any thread. */
final class PageBroker implements AutoCloseable {
  private final Broker broker;
  private final Management management;

  private PageBroker(Broker broker, Management management) {
    this.broker = broker;
    this.management = management;
  }

  static PageBroker start() throws Exception {
    return start(BrokerClock.SYSTEM);
  }

  static PageBroker start(BrokerClock clock) throws Exception {
    return start(clock, HttpLimits.DEFAULT);
  }

  static PageBroker start(BrokerClock clock, HttpLimits limits) throws Exception {
    return start(clock, limits, ConnectionLimits.DEFAULT, Compatibility.V4_2);
  }

  static PageBroker start(ConnectionLimits connections) throws Exception {
    return start(BrokerClock.SYSTEM, HttpLimits.DEFAULT, connections, Compatibility.V4_2);
  }

  static PageBroker start(Compatibility version) throws Exception {
    return start(BrokerClock.SYSTEM, HttpLimits.DEFAULT, ConnectionLimits.DEFAULT, version);
  }

  private static PageBroker start(
      BrokerClock clock, HttpLimits limits, ConnectionLimits connections, Compatibility version)
      throws Exception {
    BrokerConfig config =
        BrokerConfig.builder()
            .limits(connections)
            .compatibility(version)
            .bindAddress("127.0.0.1")
            .amqpPort(0)
            .clock(clock)
            .freeDiskSpace(() -> 200L << 30)
            .build();
    Broker broker = Broker.start(config);
    return new PageBroker(
        broker, Management.start(broker, ManagementOptions.loopback().withLimits(limits)));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + management.port());
  }

  int port() {
    return broker.port();
  }

  /** A connection that says this of itself; who opens it closes it. */
  Connection connect(String name) throws Exception {
    ConnectionFactory factory = CompatTest.factory();
    factory.setPort(broker.port());
    return factory.newConnection(name);
  }

  /** The same as another user. */
  Connection connect(String name, String user, String password) throws Exception {
    ConnectionFactory factory = CompatTest.factory();
    factory.setPort(broker.port());
    factory.setUsername(user);
    factory.setPassword(password);
    return factory.newConnection(name);
  }

  BrokerCommands commands() {
    return broker.commands();
  }

  RecordingControl recordings() {
    return broker.recordings();
  }

  ResourceAlarms alarms() {
    return broker.alarms();
  }

  @Override
  public void close() {
    management.close();
    broker.close();
  }
}
