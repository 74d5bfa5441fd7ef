package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Benchmark START =
      new Benchmark("start", true, null, new StartRun(), List.of(Goal.value(Metric.START, 500)));
  private static final Benchmark LOAD =
      new Benchmark(
          "transient",
          false,
          new ThroughputRun(LoadPlan.preset(LoadPlan.Preset.TRANSIENT), Window.ofSeconds(0.1, 0.1)),
          null,
          List.of(
              Goal.ratio(Metric.DELIVERED, 25), Goal.ratio(Metric.BROKER_CPU_PER_MESSAGE, 0.05)));

  private final Report report = new Report(List.of("old", "new"));

  @Test
  void showsMediansRatiosAndWhetherGoalsAreMet() {
    add(LOAD, "old", Map.of(Metric.DELIVERED, 90.0, Metric.BROKER_CPU_PER_MESSAGE, 10.0));
    add(LOAD, "old", Map.of(Metric.DELIVERED, 100.0, Metric.BROKER_CPU_PER_MESSAGE, 10.0));
    add(LOAD, "old", Map.of(Metric.DELIVERED, 900.0, Metric.BROKER_CPU_PER_MESSAGE, 10.0));
    add(LOAD, "new", Map.of(Metric.DELIVERED, 2500.0, Metric.BROKER_CPU_PER_MESSAGE, 0.6));

    assertThat(report.toMarkdown().lines())
        .containsExactly(
            "| scenario | metric | old | new | ratio | goal | met |",
            "|---|---|---:|---:|---:|---:|---|",
            "| transient 16 B | delivered msg/s | 100 | 2,500 | 25.0 × | ≥ 25 × | yes |",
            "| transient 16 B | broker CPU µs/msg | 10.000 | 0.600 | 0.060 × | ≤ 0.05 × | **no**"
                + " |");
  }

  @Test
  void anAbsoluteGoalNeedsNoReference() {
    add(START, "new", Map.of(Metric.START, 501.0));

    assertThat(report.toMarkdown()).contains("| start | start ms | – | 501 | – | ≤ 500 | **no** |");
  }

  @Test
  void aBrokerThatFailedLeavesAGap() {
    add(LOAD, "old", Map.of(Metric.DELIVERED, 100.0));

    assertThat(report.toMarkdown())
        .contains("| transient 16 B | delivered msg/s | 100 | – | – | ≥ 25 × | – |");
  }

  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    assertThat(Report.median(List.of(4.0, 1.0, 3.0, 9.0))).isEqualTo(3.5);
  }

  @Test
  void jsonHoldsEveryRunAndTheMedians() {
    add(START, "old", Map.of(Metric.START, 5.0));
    add(START, "old", Map.of(Metric.START, 7.0));

    assertThat(Json.write(report.toJson()).replaceAll("\\s+", ""))
        .contains("\"medians\":{\"old\":{\"startms\":6.0},\"new\":{}}")
        .contains("\"values\":{\"startms\":5.0}")
        .contains("\"values\":{\"startms\":7.0}");
  }

  @Test
  void jsonEscapesWhatStringsMayNotHold() {
    assertThat(Json.write(List.of("a\"b\\c\n"))).isEqualTo("[\n  \"a\\\"b\\\\c\\u000a\"\n]\n");
  }

  private void add(Benchmark benchmark, String broker, Map<Metric, Double> values) {
    report.add(benchmark, new Result(benchmark.title(), broker, values));
  }
}
