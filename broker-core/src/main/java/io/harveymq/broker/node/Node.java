package io.harveymq.broker.node;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.connection.OpenConnections;
import io.harveymq.broker.vhost.LogExchange;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.Map;

/**
 * What all connections of a broker share: its name, its users and virtual hosts, its alarms. Safe
 * from any thread; the virtual hosts themselves belong to their home loops.
 */
public final class Node {
  private final String name;
  private final String clusterName;
  private final AccessRegistry access;
  private final Alarms alarms;
  private final LogExchange log;
  private final OpenConnections connections = new OpenConnections();
  private final Refusals refusals = new Refusals();

  /**
   * @param name such as {@code rabbit@myhost}
   * @param clusterName what clients are told of it; RabbitMQ's default is the node's name
   * @param log the exchange for the lines of the log; null for none
   */
  public Node(
      String name, String clusterName, AccessRegistry access, Alarms alarms, LogExchange log) {
    this.log = log;
    this.name = name;
    this.clusterName = clusterName;
    this.access = access;
    this.alarms = alarms;
  }

  /** Its name, such as {@code rabbit@myhost}. */
  public String name() {
    return name;
  }

  /** The name of the cluster: as it was configured or set, else the node's. */
  public String clusterName() {
    Parameter given = access.rules().parameter("", "", Parameter.CLUSTER_NAME);
    String text = given == null ? null : ErlangTerm.stringOrNull(given.value());
    return text == null ? clusterName : text;
  }

  /** Users, virtual hosts, permissions and connections. */
  public AccessRegistry access() {
    return access;
  }

  /** What it is low on. */
  public Alarms alarms() {
    return alarms;
  }

  /** The exchange for the lines of the log; null for none. */
  public LogExchange log() {
    return log;
  }

  /** Who is connected; owned by the loop of the virtual hosts. */
  public OpenConnections connections() {
    return connections;
  }

  /** What clients were refused lately. */
  public Refusals refusals() {
    return refusals;
  }

  /** The virtual host with this name, or null. */
  public VirtualHost vhostOrNull(String vhost) {
    return access.vhosts().get(vhost);
  }

  /** All virtual hosts by name. */
  public Map<String, VirtualHost> vhosts() {
    return access.vhosts();
  }

  /**
   * What connection.start tells of the broker. Clients choose their behaviour by product and
   * version, so these are RabbitMQ's; Harvey's own name and version stand beside them.
   *
   * @param version the RabbitMQ version to appear as
   */
  public FieldTable serverProperties(String version) {
    FieldTable.Builder capabilities = FieldTable.builder();
    for (String capability : CAPABILITIES) {
      capabilities.put(capability, true);
    }
    return FieldTable.builder()
        .put("capabilities", new FieldValue.Table(capabilities.build()))
        .put("cluster_name", clusterName())
        .put("copyright", "Copyright the Harvey authors")
        .put("information", "Licensed under the Apache License 2.0")
        .put("platform", "Java " + Runtime.version().feature())
        .put("product", "RabbitMQ")
        .put("version", version)
        .put("harvey_version", harveyVersion())
        .build();
  }

  private static final String[] CAPABILITIES = {
    "publisher_confirms",
    "exchange_exchange_bindings",
    "basic.nack",
    "consumer_cancel_notify",
    "connection.blocked",
    "consumer_priorities",
    "authentication_failure_close",
    "per_consumer_qos",
    "direct_reply_to"
  };

  /** The version of this build, from the jar's manifest. */
  private static String harveyVersion() {
    String version = Node.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
