package io.harveymq.management.metrics;

import io.harveymq.broker.Resource;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.inspect.NodeCounts;
import io.harveymq.broker.inspect.Totals;
import io.harveymq.broker.queue.DeathCounts;
import io.harveymq.broker.queue.DeathReason;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counter;
import io.harveymq.management.Node;
import io.harveymq.management.node.NodeFacts;
import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The metrics of the node as a whole, with RabbitMQ's names. Immutable; any thread.
 *
 * @param prefix of names: {@code rabbitmq_} or {@code rabbitmq_detailed_}
 */
record NodeMetrics(Node node, Families families, String prefix) {
  private static final String GLOBAL = "rabbitmq_global_";
  private static final String AMQP = "amqp091";
  private static final double MILLIS = 1_000;

  private static final Map<String, Counter> CHURN = churn();

  private static Map<String, Counter> churn() {
    Map<String, Counter> metrics = new LinkedHashMap<>();
    metrics.put("connections_opened_total", Counter.CONNECTION_CREATED);
    metrics.put("connections_closed_total", Counter.CONNECTION_CLOSED);
    metrics.put("channels_opened_total", Counter.CHANNEL_CREATED);
    metrics.put("channels_closed_total", Counter.CHANNEL_CLOSED);
    metrics.put("queues_declared_total", Counter.QUEUE_DECLARED);
    metrics.put("queues_created_total", Counter.QUEUE_CREATED);
    metrics.put("queues_deleted_total", Counter.QUEUE_DELETED);
    return metrics;
  }

  /** The sets of metrics that are asked for. */
  void groups(Predicate<String> groups, Totals totals, NodeFacts facts) {
    if (groups.test("connection_churn_metrics")) {
      ObjectMetrics.add(families, prefix, CHURN, Labels.EMPTY, totals.figures());
    }
    ResourceAlarms alarms = node.broker().alarms();
    if (groups.test("node_coarse_metrics")) {
      add("process_open_fds", "Open file descriptors", facts.openFiles());
      add("process_open_tcp_sockets", "Open sockets of clients", totals.connections());
      add("process_resident_memory_bytes", "Bytes of memory in use", facts.memory());
      add("erlang_processes_used", "Threads", facts.threads());
      add("erlang_gc_runs_total", "Collections of garbage", facts.collections());
      add("erlang_gc_reclaimed_bytes_total", "Bytes they freed", facts.reclaimed());
      add(
          "erlang_scheduler_context_switches_total",
          "Times that a running thread was given a processor",
          facts.switches());
      if (alarms.diskFree() >= 0) {
        add("disk_space_available_bytes", "Free bytes on the disk", alarms.diskFree());
      }
    }
    if (groups.test("node_metrics")) {
      add("process_max_fds", "File descriptors that may be open", facts.mostFiles());
      add("process_max_tcp_sockets", "Sockets that may be open", facts.mostFiles());
      add("resident_memory_limit_bytes", "Bytes that raise an alarm", alarms.memoryLimit());
      add("disk_space_available_limit_bytes", "Bytes to be kept free", alarms.diskLimit());
      add("erlang_processes_limit", "Threads that may run", facts.mostThreads());
      add("erlang_uptime_seconds", "Time since the start", node.probe().uptime() / MILLIS);
    }
    if (groups.test("auth_attempt_metrics")) {
      attempts();
    }
  }

  private void add(String name, String help, double value) {
    families.add(prefix + name, help, value);
  }

  private void attempts() {
    node.broker()
        .access()
        .attempts()
        .all()
        .forEach(
            one -> {
              Labels protocol = Labels.of("protocol", one.protocol());
              long all = one.succeeded() + one.failed();
              families.add(prefix + "auth_attempts_total", "Logins tried", protocol, all);
              families.add(
                  prefix + "auth_attempts_succeeded_total",
                  "Logins that succeeded",
                  protocol,
                  one.succeeded());
              families.add(
                  prefix + "auth_attempts_failed_total",
                  "Logins that failed",
                  protocol,
                  one.failed());
            });
  }

  /** When the process began, as other programs tell it, too. */
  void start() {
    families.add(
        "process_start_time_seconds",
        "When the management began, in seconds since the epoch",
        node.probe().started() / MILLIS);
  }

  /** How many objects there are. */
  void objects(Totals totals) {
    add("connections", "Open connections", totals.connections());
    add("channels", "Open channels", totals.channels());
    add("consumers", "Consumers", totals.consumers());
    add("queues", "Queues", totals.queues());
  }

  /** What the node is low on. */
  void alarms() {
    Set<Resource> raised = node.broker().alarms().raised();
    add("alarms_file_descriptor_limit", "Whether there are too few file descriptors", 0);
    add(
        "alarms_free_disk_space_watermark",
        "Whether the disk is too full",
        raised.contains(Resource.DISK) ? 1 : 0);
    add(
        "alarms_memory_used_watermark",
        "Whether messages take too much memory",
        raised.contains(Resource.MEMORY) ? 1 : 0);
  }

  /** What everything else is joined with. */
  void identity() {
    String version = node.version().version();
    families.add(
        "rabbitmq_build_info",
        "Versions",
        Labels.of(
            "rabbitmq_version",
            version,
            "prometheus_plugin_version",
            version,
            "prometheus_client_version",
            "Java",
            "erlang_version",
            "Java " + Runtime.version().feature()),
        1);
    byte[] name = node.name().getBytes(StandardCharsets.UTF_8);
    families.add(
        "rabbitmq_identity_info",
        "Names of the node and the cluster",
        Labels.of(
            "rabbitmq_node", node.name(),
            "rabbitmq_cluster", node.broker().clusterName(),
            "rabbitmq_cluster_permanent_id", "rabbitmq-cluster-id-" + UUID.nameUUIDFromBytes(name)),
        1);
  }

  // ---- what all clients did since the start

  /**
   * Counts of the node, by protocol and type of queue.
   *
   * @param publishers channels that have published
   */
  void global(Totals totals, NodeCounts counts, long publishers) {
    Labels amqp = Labels.of("protocol", AMQP);
    var figures = totals.figures();
    total("received", "Messages received", amqp, figures.count(Counter.PUBLISH));
    total(
        "received_confirm",
        "Messages received that are to be confirmed",
        amqp,
        figures.count(Counter.PUBLISH_CONFIRM));
    total("confirmed", "Messages confirmed", amqp, figures.count(Counter.CONFIRM));
    total("routed", "Copies of messages put into queues", amqp, counts.routed());
    total(
        "unroutable_dropped",
        ObjectMetrics.help(Counter.DROP_UNROUTABLE),
        amqp,
        figures.count(Counter.DROP_UNROUTABLE));
    total(
        "unroutable_returned",
        ObjectMetrics.help(Counter.RETURN_UNROUTABLE),
        amqp,
        figures.count(Counter.RETURN_UNROUTABLE));
    for (QueueType type : QueueType.values()) {
      ofType(type, counts);
    }
    families.add(GLOBAL + "publishers", "Channels that publish", amqp, publishers);
    families.add(GLOBAL + "consumers", "Consumers", amqp, totals.consumers());
    deadLetters(counts);
  }

  private void total(String name, String help, Labels labels, double value) {
    families.add(GLOBAL + "messages_" + name + "_total", help, labels, value);
  }

  private void ofType(QueueType type, NodeCounts counts) {
    Labels labels = Labels.of("protocol", AMQP, "queue_type", type.moduleName());
    long consumed = counts.count(type, Counter.DELIVER);
    long consumedAuto = counts.count(type, Counter.DELIVER_NO_ACK);
    long got = counts.count(type, Counter.GET);
    long gotAuto = counts.count(type, Counter.GET_NO_ACK);
    long all = consumed + consumedAuto + got + gotAuto;
    total("delivered", "Messages delivered or fetched", labels, all);
    total("delivered_consume_manual_ack", help(Counter.DELIVER), labels, consumed);
    total("delivered_consume_auto_ack", help(Counter.DELIVER_NO_ACK), labels, consumedAuto);
    total("delivered_get_manual_ack", help(Counter.GET), labels, got);
    total("delivered_get_auto_ack", help(Counter.GET_NO_ACK), labels, gotAuto);
    total("get_empty", help(Counter.GET_EMPTY), labels, counts.count(type, Counter.GET_EMPTY));
    total("redelivered", help(Counter.REDELIVER), labels, counts.count(type, Counter.REDELIVER));
    total("acknowledged", help(Counter.ACK), labels, counts.count(type, Counter.ACK));
  }

  private static String help(Counter counter) {
    return ObjectMetrics.help(counter);
  }

  private void deadLetters(NodeCounts counts) {
    for (DeathCounts.Count one : counts.deaths()) {
      if (isPossible(one)) {
        total(
            "dead_lettered_" + one.reason().name().toLowerCase(Locale.ROOT),
            "Messages that died in a queue",
            deathLabels(one.type(), one.strategy()),
            one.count());
      }
    }
    total(
        "dead_lettered_confirmed",
        "Messages that died and were confirmed by others",
        deathLabels(QueueType.QUORUM, DeathCounts.Strategy.AT_LEAST_ONCE),
        counts.confirmedDeaths());
  }

  private static Labels deathLabels(QueueType type, DeathCounts.Strategy strategy) {
    return Labels.of(
        "queue_type",
        type.moduleName(),
        "dead_letter_strategy",
        strategy.name().toLowerCase(Locale.ROOT));
  }

  /** RabbitMQ tells of no others. */
  private static boolean isPossible(DeathCounts.Count one) {
    boolean atLeastOnce = one.strategy() == DeathCounts.Strategy.AT_LEAST_ONCE;
    return switch (one.type()) {
      case CLASSIC -> !atLeastOnce && one.reason() != DeathReason.DELIVERY_LIMIT;
      case QUORUM -> !atLeastOnce || one.reason() != DeathReason.MAXLEN;
      case STREAM -> false;
    };
  }
}
