package io.harveymq.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of the side-by-side plan. Immutable.
 *
 * @param key name for the command line
 * @param fresh whether a broker that was just started is wanted, which nothing else ran on
 * @param measurement what to run; null for the start itself
 * @param goals bounds for every broker but the reference
 */
record Benchmark(String key, boolean fresh, Measurement measurement, List<Goal> goals) {
  private static final int LATENCY_RATE = 2000;
  private static final int KIB = 1024;

  /** The start of a broker: only those that this process starts can be measured. */
  boolean isStart() {
    return measurement == null;
  }

  String title() {
    return isStart() ? "start" : measurement.name();
  }

  /** All of the plan, in order. */
  static List<Benchmark> plan(Window window, ConnectionsProbe connections, QueuesProbe queues) {
    List<Benchmark> plan = new ArrayList<>();
    plan.add(
        new Benchmark(
            "start",
            true,
            null,
            List.of(Goal.value(Metric.START, 500), Goal.value(Metric.RESIDENT, 90))));
    plan.add(
        new Benchmark(
            "connections", true, connections, List.of(Goal.value(Metric.IDLE_CONNECTION, 20))));
    plan.add(new Benchmark("queues", true, queues, List.of(Goal.value(Metric.QUEUE, 2 * KIB))));
    addLoads(plan, window);
    plan.add(
        new Benchmark(
            "latency",
            false,
            new LatencyRun(LATENCY_RATE, 16, window),
            List.of(Goal.ratio(Metric.LATENCY_P99, 1))));
    plan.add(
        new Benchmark(
            "perftest",
            false,
            new PerfTestRun(16, window),
            List.of(Goal.ratio(Metric.BROKER_CPU_PER_MESSAGE, 0.2))));
    return plan;
  }

  private static void addLoads(List<Benchmark> plan, Window window) {
    LoadPlan transients = LoadPlan.preset(LoadPlan.Preset.TRANSIENT);
    LoadPlan acks = LoadPlan.preset(LoadPlan.Preset.ACK);
    LoadPlan fanout = LoadPlan.preset(LoadPlan.Preset.FANOUT);
    Goal cpu = Goal.ratio(Metric.BROKER_CPU_PER_MESSAGE, 0.05);
    plan.add(load("transient", transients, window, faster(25), cpu));
    plan.add(load("transient-1k", transients.withBody(KIB), window, faster(10)));
    plan.add(load("ack", acks, window, faster(15)));
    plan.add(load("fanout", fanout, window, faster(8)));
    plan.add(load("pairs", transients.withPairs(4), window, faster(15)));
  }

  private static Goal faster(double ratio) {
    return Goal.ratio(Metric.DELIVERED, ratio);
  }

  private static Benchmark load(String key, LoadPlan plan, Window window, Goal... goals) {
    return new Benchmark(key, false, new ThroughputRun(plan, window), List.of(goals));
  }
}
