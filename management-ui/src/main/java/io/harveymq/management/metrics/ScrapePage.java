package io.harveymq.management.metrics;

import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.inspect.FlowInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.management.Node;
import io.harveymq.management.node.NodeFacts;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes the answers to RabbitMQ's endpoints for Prometheus of what there is. Stateless; any thread.
 */
final class ScrapePage {
  private static final String ALL = "rabbitmq_";
  private static final String DETAILED = "rabbitmq_detailed_";
  private static final String CLUSTER = "rabbitmq_cluster_";

  private final Node node;
  private final Scrape scrape;
  private final NodeFacts facts;
  private final Families families = new Families();

  ScrapePage(Node node, Scrape scrape, NodeFacts facts) {
    this.node = node;
    this.scrape = scrape;
    this.facts = facts;
  }

  /** {@code /metrics}: objects of a kind all together. */
  MetricSnapshots aggregated() {
    NodeMetrics metrics = begin();
    sum(ObjectMetrics.QUEUES, scrape.queues());
    sum(ObjectMetrics.CHANNELS, scrape.channels());
    sum(ObjectMetrics.CONNECTIONS, scrape.connections());
    var figures = scrape.totals().figures();
    for (Map<String, Counter> counters :
        List.of(
            ObjectMetrics.CHANNEL_PUBLISHING,
            ObjectMetrics.CHANNEL_DELIVERY,
            ObjectMetrics.CONNECTION_BYTES,
            ObjectMetrics.CONNECTION_PACKETS)) {
      ObjectMetrics.add(families, ALL, counters, Labels.EMPTY, figures);
    }
    long published = 0;
    for (var counts : scrape.counts().queues().values()) {
      published += counts.getOrDefault(Counter.PUBLISH, 0L);
    }
    publishedToQueues(ALL, Labels.EMPTY, published);
    metrics.start();
    return end(metrics);
  }

  private <T> void sum(List<Metric<T>> metrics, List<T> objects) {
    for (Metric<T> metric : metrics) {
      if (!metric.name().endsWith("_timestamp")) {
        double sum = 0;
        for (T object : objects) {
          sum += metric.value().applyAsDouble(object);
        }
        families.add(ALL + metric.name(), metric.help(), sum);
      }
    }
  }

  /** {@code /metrics/per-object}: each object by itself. */
  MetricSnapshots perObject() {
    NodeMetrics metrics = begin();
    objects(ALL, group -> true, vhost -> true);
    return end(metrics);
  }

  private NodeMetrics begin() {
    NodeMetrics metrics = new NodeMetrics(node, families, ALL);
    metrics.groups(group -> true, scrape.totals(), facts);
    return metrics;
  }

  private MetricSnapshots end(NodeMetrics metrics) {
    metrics.objects(scrape.totals());
    metrics.alarms();
    long publishers =
        scrape.channels().stream()
            .filter(channel -> channel.figures().count(Counter.PUBLISH) > 0)
            .count();
    metrics.global(scrape.totals(), scrape.counts(), publishers);
    metrics.identity();
    return families.snapshots();
  }

  /**
   * {@code /metrics/detailed}: the sets of metrics that are asked for.
   *
   * @param groups their names
   * @param vhosts empty for all
   */
  MetricSnapshots detailed(Set<String> groups, Set<String> vhosts) {
    Predicate<String> inVhost = vhost -> vhosts.isEmpty() || vhosts.contains(vhost);
    NodeMetrics metrics = new NodeMetrics(node, families, DETAILED);
    metrics.groups(groups::contains, scrape.totals(), facts);
    objects(DETAILED, groups::contains, inVhost);
    cluster(groups, inVhost);
    metrics.identity();
    return families.snapshots();
  }

  private void cluster(Set<String> groups, Predicate<String> inVhost) {
    if (groups.contains("vhost_status")) {
      node.broker().access().vhosts().stream()
          .filter(vhost -> inVhost.test(vhost.name()))
          .forEach(
              vhost ->
                  families.add(
                      CLUSTER + "vhost_status",
                      "Whether a virtual host is there",
                      Labels.of("vhost", vhost.name()),
                      1));
    }
    for (var exchange : scrape.exchanges()) {
      if (inVhost.test(exchange.vhost())) {
        String type = exchange.definition().type().protocolName();
        Labels labels = ObjectMetrics.labels(exchange).add("type", type);
        if (groups.contains("exchange_bindings")) {
          families.add(
              CLUSTER + "exchange_bindings", "Bindings from it", labels, exchange.bindings());
        }
        if (groups.contains("exchange_names")) {
          families.add(CLUSTER + "exchange_name", "Exchanges", labels, 1);
        }
      }
    }
  }

  private void objects(String prefix, Predicate<String> groups, Predicate<String> inVhost) {
    List<QueueInfo> queues =
        scrape.queues().stream().filter(queue -> inVhost.test(queue.vhost())).toList();
    each(prefix, groups, ObjectMetrics.QUEUES, queues, ObjectMetrics::labels);
    if (groups.test("queue_consumer_count") && !groups.test("queue_metrics")) {
      for (QueueInfo queue : queues) {
        Labels labels = ObjectMetrics.labels(queue);
        families.add(prefix + "queue_consumers", "Consumers", labels, queue.consumers());
      }
    }
    each(prefix, groups, ObjectMetrics.CHANNELS, scrape.channels(), ObjectMetrics::labels);
    each(prefix, groups, ObjectMetrics.CONNECTIONS, scrape.connections(), ObjectMetrics::labels);
    if (prefix.equals(DETAILED)) {
      ofQueuesAndExchanges(groups, inVhost, queues);
    }
    flows(prefix, groups);
    traffic(prefix, groups);
  }

  /** What only {@code /metrics/detailed} has. */
  private void ofQueuesAndExchanges(
      Predicate<String> groups, Predicate<String> inVhost, List<QueueInfo> queues) {
    var exchanges = scrape.exchanges().stream().filter(one -> inVhost.test(one.vhost())).toList();
    each(DETAILED, groups, ObjectMetrics.EXCHANGES, exchanges, ObjectMetrics::labels);
    if (groups.test("queue_delivery_metrics")) {
      for (QueueInfo queue : queues) {
        ObjectMetrics.add(
            families,
            DETAILED,
            ObjectMetrics.QUEUE_DELIVERY,
            ObjectMetrics.labels(queue),
            queue.figures());
      }
    }
  }

  private void flows(String prefix, Predicate<String> groups) {
    for (FlowInfo flow : scrape.flows()) {
      switch (flow.kind()) {
        case PUBLISHED -> {
          if (groups.test(ObjectMetrics.PUBLISHED)) {
            counts(prefix, ObjectMetrics.CHANNEL_PUBLISHING, flow);
          }
        }
        case DELIVERED -> {
          if (groups.test(ObjectMetrics.DELIVERED)) {
            counts(prefix, ObjectMetrics.CHANNEL_DELIVERY, flow);
          }
        }
        case ROUTED -> {
          if (groups.test(ObjectMetrics.QUEUE_PUBLISHED)) {
            publishedToQueues(
                prefix, ObjectMetrics.routed(flow), flow.figures().count(Counter.PUBLISH));
          }
        }
      }
    }
  }

  private void counts(String prefix, Map<String, Counter> metrics, FlowInfo flow) {
    ObjectMetrics.add(families, prefix, metrics, ObjectMetrics.labels(flow), flow.figures());
  }

  private void traffic(String prefix, Predicate<String> groups) {
    for (ConnectionInfo connection : scrape.connections()) {
      Labels labels = ObjectMetrics.labels(connection);
      if (groups.test(ObjectMetrics.TRAFFIC)) {
        ObjectMetrics.add(
            families, prefix, ObjectMetrics.CONNECTION_BYTES, labels, connection.figures());
      }
      if (groups.test(ObjectMetrics.CONNECTION)) {
        ObjectMetrics.add(
            families, prefix, ObjectMetrics.CONNECTION_PACKETS, labels, connection.figures());
      }
    }
  }

  private void publishedToQueues(String prefix, Labels labels, double count) {
    families.add(
        prefix + "queue_messages_published_total", "Messages put into queues", labels, count);
  }

  private <T> void each(
      String prefix,
      Predicate<String> groups,
      List<Metric<T>> metrics,
      List<T> objects,
      Function<T, Labels> labels) {
    for (Metric<T> metric : metrics) {
      if (groups.test(metric.group())) {
        for (T object : objects) {
          families.add(
              prefix + metric.name(),
              metric.help(),
              labels.apply(object),
              metric.value().applyAsDouble(object));
        }
      }
    }
  }
}
