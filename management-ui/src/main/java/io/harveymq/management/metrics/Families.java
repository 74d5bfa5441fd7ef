package io.harveymq.management.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the values of a scrape by the name of their metric: a counter if that ends with {@code
 * _total}, untyped if RabbitMQ leaves it so, else a gauge. Not safe for several threads.
 */
final class Families {
  /** The end of the names of counters. */
  static final String TOTAL = "_total";

  private static final String INFO = "_info";
  private static final String ALARM = "rabbitmq_alarms_";

  private record Value(Labels labels, double number) {}

  private record Family(String help, List<Value> values) {}

  private final Map<String, Family> byName = new LinkedHashMap<>();

  /**
   * Adds a value.
   *
   * @param name whole
   * @param number NaN for none, which makes the metric known, but adds nothing
   */
  void add(String name, String help, Labels labels, double number) {
    Family family = byName.computeIfAbsent(name, none -> new Family(help, new ArrayList<>()));
    if (!Double.isNaN(number)) {
      family.values.add(new Value(labels, number));
    }
  }

  /** Adds the only value of a metric. */
  void add(String name, String help, double number) {
    add(name, help, Labels.EMPTY, number);
  }

  /** All that was collected. */
  MetricSnapshots snapshots() {
    List<MetricSnapshot> all = new ArrayList<>();
    byName.forEach(
        (name, family) -> {
          if (!family.values.isEmpty()) {
            all.add(snapshot(name, family));
          }
        });
    return new MetricSnapshots(all);
  }

  private static MetricSnapshot snapshot(String name, Family family) {
    if (name.endsWith(TOTAL)) {
      String base = name.substring(0, name.length() - TOTAL.length());
      var counter = CounterSnapshot.builder().name(base).help(family.help);
      family.values.forEach(
          value ->
              counter.dataPoint(
                  CounterSnapshot.CounterDataPointSnapshot.builder()
                      .labels(value.labels)
                      .value(value.number)
                      .build()));
      return counter.build();
    }
    if (name.endsWith(INFO) || name.startsWith(ALARM)) {
      var info = UnknownSnapshot.builder().name(name).help(family.help);
      family.values.forEach(
          value ->
              info.dataPoint(
                  UnknownSnapshot.UnknownDataPointSnapshot.builder()
                      .labels(value.labels)
                      .value(value.number)
                      .build()));
      return info.build();
    }
    var gauge = GaugeSnapshot.builder().name(name).help(family.help);
    family.values.forEach(
        value ->
            gauge.dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(value.labels)
                    .value(value.number)
                    .build()));
    return gauge.build();
  }
}
