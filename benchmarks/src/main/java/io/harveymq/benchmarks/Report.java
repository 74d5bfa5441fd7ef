package io.harveymq.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** Collects results and shows medians side by side. Owned by one thread. */
final class Report {
  /** Of use when a figure looks odd, and in the JSON file; not in the table. */
  private static final Set<Metric> HIDDEN =
      EnumSet.of(Metric.CLIENT_CPU_PER_MESSAGE, Metric.BROKER_CPU, Metric.LATENCY_MAX);

  private final List<String> brokers;
  private final Map<Benchmark, List<Result>> results = new LinkedHashMap<>();

  /** A report on these brokers; the first is the reference. */
  Report(List<String> brokers) {
    this.brokers = List.copyOf(brokers);
  }

  void add(Benchmark benchmark, Result result) {
    results.computeIfAbsent(benchmark, key -> new ArrayList<>()).add(result);
  }

  /** Markdown: a row per scenario and metric, a column per broker, ratios to the reference. */
  String toMarkdown() {
    StringJoiner header = new StringJoiner(" | ", "| ", " |\n");
    StringJoiner rule = new StringJoiner("|", "|", "|\n");
    header.add("scenario").add("metric");
    rule.add("---").add("---");
    for (int i = 0; i < brokers.size(); i++) {
      header.add(brokers.get(i));
      rule.add("---:");
      if (i > 0) {
        header.add("ratio").add("goal").add("met");
        rule.add("---:").add("---:").add("---");
      }
    }
    StringBuilder table = new StringBuilder().append(header).append(rule);
    for (Benchmark benchmark : results.keySet()) {
      Map<String, Map<Metric, Double>> medians = medians(benchmark);
      for (Metric metric : Metric.values()) {
        boolean reported = medians.values().stream().anyMatch(m -> m.containsKey(metric));
        if (reported && !HIDDEN.contains(metric)) {
          table.append(row(benchmark, metric, medians));
        }
      }
    }
    return table.toString();
  }

  /** Every single result and the medians, for {@link Json}. */
  List<Map<String, Object>> toJson() {
    List<Map<String, Object>> list = new ArrayList<>();
    results.forEach(
        (benchmark, runs) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("key", benchmark.key());
          entry.put("scenario", benchmark.title());
          entry.put("medians", named(medians(benchmark)));
          entry.put(
              "runs",
              runs.stream()
                  .map(run -> Map.of("broker", run.broker(), "values", named(run.values())))
                  .toList());
          list.add(entry);
        });
    return list;
  }

  /** Medians of a benchmark by broker, then by metric. */
  Map<String, Map<Metric, Double>> medians(Benchmark benchmark) {
    Map<String, Map<Metric, Double>> medians = new LinkedHashMap<>();
    for (String broker : brokers) {
      Map<Metric, List<Double>> values = new EnumMap<>(Metric.class);
      for (Result result : results.getOrDefault(benchmark, List.of())) {
        if (result.broker().equals(broker)) {
          result
              .values()
              .forEach((m, v) -> values.computeIfAbsent(m, key -> new ArrayList<>()).add(v));
        }
      }
      Map<Metric, Double> ofBroker = new EnumMap<>(Metric.class);
      values.forEach((metric, all) -> ofBroker.put(metric, median(all)));
      medians.put(broker, ofBroker);
    }
    return medians;
  }

  /** The middle value, or the mean of the two middle ones; at least one value. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private String row(Benchmark benchmark, Metric metric, Map<String, Map<Metric, Double>> medians) {
    StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
    row.add(benchmark.title()).add(metric.label());
    Double reference = medians.get(brokers.get(0)).get(metric);
    for (int i = 0; i < brokers.size(); i++) {
      Double value = medians.get(brokers.get(i)).get(metric);
      row.add(value == null ? "–" : metric.format(value));
      if (i > 0) {
        row.add(ratio(value, reference));
        Goal goal = goal(benchmark, metric);
        row.add(goal == null ? "" : goal.toString());
        row.add(verdict(goal, value, reference));
      }
    }
    return row.toString();
  }

  private static Goal goal(Benchmark benchmark, Metric metric) {
    return benchmark.goals().stream().filter(g -> g.metric() == metric).findFirst().orElse(null);
  }

  private static String ratio(Double value, Double reference) {
    if (value == null || reference == null || reference <= 0) {
      return "–";
    }
    double ratio = value / reference;
    return String.format(Locale.ROOT, ratio < 1 ? "%.3f ×" : "%.1f ×", ratio);
  }

  private static String verdict(Goal goal, Double value, Double reference) {
    if (goal == null) {
      return "";
    }
    if (value == null || (goal.relative() && reference == null)) {
      return "–";
    }
    return goal.met(value, reference == null ? 0 : reference) ? "yes" : "**no**";
  }

  private static Map<String, Object> named(Map<?, ?> values) {
    Map<String, Object> named = new LinkedHashMap<>();
    values.forEach(
        (key, value) ->
            named.put(
                key instanceof Metric metric ? metric.label() : key.toString(),
                value instanceof Map<?, ?> map ? named(map) : value));
    return named;
  }
}
