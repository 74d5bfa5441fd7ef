package io.harveymq.management.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.Resource;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.inspect.Totals;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.tls.ClientCertificates;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.management.Node;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import io.harveymq.management.node.Listeners.Listener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The node in JSON. What it uses is {@link NodeUse}. Any thread. */
public final class NodeJson {
  private static final List<Counter> CHURN =
      List.of(
          Counter.CONNECTION_CREATED,
          Counter.CONNECTION_CLOSED,
          Counter.CHANNEL_CREATED,
          Counter.CHANNEL_CLOSED,
          Counter.QUEUE_DECLARED,
          Counter.QUEUE_CREATED,
          Counter.QUEUE_DELETED);

  private static final List<String> COLLECTED =
      List.of(
          "connection_closed",
          "channel_closed",
          "consumer_deleted",
          "exchange_deleted",
          "queue_deleted",
          "vhost_deleted",
          "node_node_deleted",
          "channel_consumer_deleted");

  /** RabbitMQ's default, which means nothing where there is no cluster. */
  private static final int NET_TICKTIME = 60;

  private final Node node;

  public NodeJson(Node node) {
    this.node = node;
  }

  /** Name, type and state. */
  public ObjectNode brief() {
    ObjectNode json = Json.object();
    json.put("name", node.name());
    json.put("type", "disc");
    json.put("running", node.broker().app().isRunning());
    return json;
  }

  /** All fields. */
  public ObjectNode whole(NodeProbe.Reading reading, Totals totals, StatsJson stats) {
    ObjectNode json = brief();
    putLimits(json, reading.now());
    new NodeUse(json, stats).put(reading, totals);
    // the whole process is more than what the limit is for
    json.put("mem_counted", node.broker().alarms().memoryUsed());
    json.put("uptime", node.probe().uptime());
    json.put("os_pid", Long.toString(ProcessHandle.current().pid()));
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("run_queue", 0);
    json.put("rates_mode", "basic");
    json.put("mem_calculation_strategy", "rss");
    json.put("net_ticktime", NET_TICKTIME);
    json.put("being_drained", false);
    json.putArray("partitions");
    json.putArray("cluster_links");
    json.set("exchange_types", exchangeTypes());
    json.set("auth_mechanisms", mechanisms());
    json.set("applications", applications());
    json.set("contexts", contexts(false));
    putTexts(json, "enabled_plugins", plugins());
    putTexts(json, "log_files", node.options().files().logs());
    putTexts(json, "config_files", node.options().files().configuration());
    json.put("db_dir", node.options().files().data());
    CHURN.forEach(counter -> stats.put(json, totals.figures(), counter));
    ObjectNode collected = json.putObject("metrics_gc_queue_length");
    COLLECTED.forEach(field -> collected.put(field, 0));
    return json;
  }

  private void putLimits(ObjectNode json, NodeFacts facts) {
    ResourceAlarms alarms = node.broker().alarms();
    json.put("mem_limit", alarms.memoryLimit());
    json.put("mem_alarm", alarms.raised().contains(Resource.MEMORY));
    json.put("disk_free_limit", alarms.diskLimit());
    json.put("disk_free_alarm", alarms.raised().contains(Resource.DISK));
    json.put("fd_total", facts.mostFiles());
    json.put("sockets_total", facts.mostFiles());
    json.put("proc_total", facts.mostThreads());
  }

  private static void putTexts(ObjectNode json, String name, List<String> texts) {
    ArrayNode array = json.putArray(name);
    texts.forEach(array::add);
  }

  // ---- what it consists of

  /** The exchange types of this version, by name. */
  public ArrayNode exchangeTypes() {
    ArrayNode types = Json.array();
    List<ExchangeType> all = new ArrayList<>(List.of(ExchangeType.values()));
    all.sort(Comparator.comparing(ExchangeType::protocolName));
    for (ExchangeType type : all) {
      if (type != ExchangeType.LOCAL_RANDOM || node.version().hasLocalRandomExchange()) {
        types.add(plugin(type.protocolName(), description(type)));
      }
    }
    return types;
  }

  private static ObjectNode plugin(String name, String description) {
    ObjectNode plugin = Json.object();
    plugin.put("name", name);
    plugin.put("description", description);
    plugin.put("enabled", true);
    return plugin;
  }

  private static String description(ExchangeType type) {
    return switch (type) {
      case DIRECT -> "Routes by the whole routing key";
      case FANOUT -> "Routes to all that is bound";
      case TOPIC -> "Routes by patterns of words of the routing key";
      case HEADERS -> "Routes by headers";
      case CONSISTENT_HASH -> "Spreads messages by a consistent hash";
      case MODULUS_HASH -> "Spreads messages by a hash of the routing key";
      case RANDOM -> "Routes to one bound queue by chance";
      case LOCAL_RANDOM -> "Routes to one bound queue of this node by chance";
      case RECENT_HISTORY -> "Routes to all, and gives new queues the last messages";
      case DELAYED_MESSAGE -> "Keeps messages for the time that they ask for";
    };
  }

  private ArrayNode mechanisms() {
    ArrayNode mechanisms = Json.array();
    mechanisms.add(plugin("PLAIN", "User name and password"));
    mechanisms.add(plugin("AMQPLAIN", "User name and password in a table"));
    if (node.version().offersAnonymousLogin()) {
      mechanisms.add(plugin("ANONYMOUS", "No password"));
    }
    return mechanisms;
  }

  private ArrayNode applications() {
    ArrayNode applications = Json.array();
    applications.add(application("rabbit", "RabbitMQ, played by Harvey", node.version().version()));
    applications.add(application("java", "Java runtime", Runtime.version().toString()));
    return applications;
  }

  private static ObjectNode application(String name, String description, String version) {
    ObjectNode application = Json.object();
    application.put("name", name);
    application.put("description", description);
    application.put("version", version);
    return application;
  }

  /** RabbitMQ's plugins whose features there are. */
  public List<String> plugins() {
    List<String> plugins = new ArrayList<>();
    plugins.add("rabbitmq_consistent_hash_exchange");
    plugins.add("rabbitmq_delayed_message_exchange");
    if (node.broker().config().eventExchange()) {
      plugins.add("rabbitmq_event_exchange");
    }
    plugins.add("rabbitmq_management");
    plugins.add("rabbitmq_management_agent");
    if (node.options().metrics() != null) {
      plugins.add("rabbitmq_prometheus");
    }
    plugins.add("rabbitmq_random_exchange");
    plugins.add("rabbitmq_recent_history_exchange");
    plugins.add("rabbitmq_sharding");
    plugins.add("rabbitmq_web_dispatch");
    return plugins;
  }

  // ---- where it listens

  /**
   * What is served by HTTP.
   *
   * @param named whether to say on which node
   */
  public ArrayNode contexts(boolean named) {
    ArrayNode contexts = Json.array();
    for (Listener listener : node.listeners().web()) {
      boolean metrics = listener.isForMetrics();
      ObjectNode context = contexts.addObject();
      if (named) {
        context.putArray("ssl_opts");
        context.put("node", node.name());
      }
      context.put("description", metrics ? "RabbitMQ Prometheus" : "RabbitMQ Management");
      context.put("path", metrics ? "/" : node.options().pathPrefix() + "/");
      context.put("cowboy_opts", "[]");
      context.put("ip", listener.address());
      context.put("port", Integer.toString(listener.port()));
      if (metrics) {
        context.put("protocol", "'" + listener.protocol() + "'");
      }
      if (listener.tls() != null) {
        context.put("ssl", "true");
      }
    }
    return contexts;
  }

  /** Which files are used, and how; no secret is among it. */
  private static void tls(ObjectNode json, TlsOptions options) {
    json.put("certfile", options.certFile().toString());
    if (options.keyFile() != null) {
      json.put("keyfile", options.keyFile().toString());
    }
    if (options.caFile() != null) {
      json.put("cacertfile", options.caFile().toString());
    }
    boolean none = options.clients() == ClientCertificates.NONE;
    json.put("verify", none ? "verify_none" : "verify_peer");
    json.put("fail_if_no_peer_cert", options.clients() == ClientCertificates.REQUIRED);
    ArrayNode versions = json.putArray("versions");
    options.versions().forEach(one -> versions.add(one.javaName().toLowerCase(Locale.ROOT)));
  }

  /** All that is listened on. */
  public ArrayNode listeners() {
    ArrayNode listeners = Json.array();
    for (Listener listener : node.listeners().all()) {
      ObjectNode json = listeners.addObject();
      json.put("node", node.name());
      json.put("protocol", listener.protocol());
      json.put("ip_address", listener.address());
      json.put("port", listener.port());
      ObjectNode options = json.putObject("socket_opts").put("nodelay", true);
      if (listener.tls() != null) {
        tls(options, listener.tls().options());
      }
    }
    return listeners;
  }
}
