package io.harveymq.management;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerCommands;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.inspect.Inspection;
import io.harveymq.management.node.Listeners;
import io.harveymq.management.node.NodeProbe;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What the resources have in common: the broker, and what is told of the node. Any thread.
 *
 * @param broker the broker that is managed
 * @param options how the management was started
 * @param listeners what is listened on
 * @param probe tells what the process uses
 * @param answers where answers of the broker are dealt with, so that its own threads go on
 */
public record Node(
    Broker broker,
    ManagementOptions options,
    Listeners listeners,
    NodeProbe probe,
    Executor answers) {
  /** A node that listens for AMQP clients only, so far. */
  public Node(Broker broker, ManagementOptions options, Executor answers) {
    this(broker, options, new Listeners(), new NodeProbe(broker.alarms()::diskFree), answers);
    BrokerConfig config = broker.config();
    List<String> names = new ArrayList<>();
    if (config.amqpPort() != BrokerConfig.NO_PORT) {
      names.add(config.bindAddress());
    }
    config.moreAddresses().forEach(address -> names.add(address.getHostString()));
    List<InetSocketAddress> plain = broker.addresses();
    for (int i = 0; i < plain.size(); i++) {
      listeners.add(Listeners.AMQP, names.get(i), plain.get(i).getPort());
    }
    List<InetSocketAddress> encrypted = broker.tlsAddresses();
    for (int i = 0; i < encrypted.size(); i++) {
      String name = config.tls().addresses().get(i).getHostString();
      listeners.add(Listeners.AMQPS, name, encrypted.get(i).getPort(), broker.tls());
    }
  }

  /** Its name, such as {@code rabbit@myhost}. */
  public String name() {
    return broker.nodeName();
  }

  /** Users, virtual hosts and permissions. */
  public AccessControl access() {
    return broker.access();
  }

  /** Looks at what there is. */
  public Inspection inspection() {
    return broker.inspection().answeringOn(answers);
  }

  /** Changes what there is, on behalf of a user. */
  public BrokerCommands commands() {
    return broker.commands().overHttp().answeringOn(answers);
  }

  /** The version of RabbitMQ to behave like. */
  public Compatibility version() {
    return broker.config().compatibility();
  }
}
