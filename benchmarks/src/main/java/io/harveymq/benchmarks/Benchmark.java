package io.harveymq.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of the side-by-side plan. Immutable. It has one of the two kinds of measurement; the
 * other is null.
 *
 * @param key name for the command line
 * @param fresh whether a broker that was just started is wanted, which nothing else ran on
 * @param measurement what to run on any broker that is up
 * @param process what to run only on brokers that this process starts for it
 * @param goals bounds for every broker but the reference
 */
record Benchmark(
    String key,
    boolean fresh,
    Measurement measurement,
    ProcessMeasurement process,
    List<Goal> goals) {
  private static final int LATENCY_RATE = 2000;
  private static final int KIB = 1024;

  /** How much of what: options of the command line. */
  record Sizes(
      Window window,
      ConnectionsProbe connections,
      QueuesProbe queues,
      long restartMessages,
      long spillMessages) {}

  String title() {
    return process == null ? measurement.name() : process.name();
  }

  /** All of the plan, in order. */
  static List<Benchmark> plan(Sizes sizes) {
    List<Benchmark> plan = new ArrayList<>();
    Window window = sizes.window();
    plan.add(
        process(
            "start",
            new StartRun(),
            Goal.value(Metric.START, 500),
            Goal.value(Metric.RESIDENT, 90)));
    plan.add(fresh("connections", sizes.connections(), Goal.value(Metric.IDLE_CONNECTION, 20)));
    plan.add(fresh("queues", sizes.queues(), Goal.value(Metric.QUEUE, 2 * KIB)));
    RestartRun restart = new RestartRun(sizes.restartMessages());
    plan.add(process("restart", restart, Goal.value(Metric.RESTART, 3000)));
    plan.add(process("spill", new SpillRun(sizes.spillMessages())));
    addLoads(plan, window);
    addDurableLoads(plan, window);
    plan.add(
        running(
            "latency",
            new LatencyRun(LATENCY_RATE, 16, window),
            Goal.ratio(Metric.LATENCY_P99, 1)));
    plan.add(
        running(
            "perftest",
            new PerfTestRun(16, window),
            Goal.ratio(Metric.BROKER_CPU_PER_MESSAGE, 0.2)));
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

  private static void addDurableLoads(List<Benchmark> plan, Window window) {
    LoadPlan durable = LoadPlan.preset(LoadPlan.Preset.PERSISTENT).named("durable");
    LoadPlan backlog = LoadPlan.preset(LoadPlan.Preset.PUBLISH).named("durable backlog");
    LoadPlan oneByOne =
        backlog.withGuarantees(LoadPlan.Guarantees.ONE_BY_ONE).named("durable one by one");
    Goal cpu = Goal.ratio(Metric.BROKER_CPU_PER_MESSAGE, 0.1);
    plan.add(load("durable", durable, window, faster(8), cpu));
    plan.add(load("durable-4-pairs", durable.withPairs(4), window, faster(6)));
    plan.add(load("durable-backlog", backlog, window, publishingFaster(8)));
    plan.add(load("durable-one", oneByOne, window, publishingFaster(2)));
    plan.add(load("durable-16", oneByOne.withPairs(16), window, publishingFaster(6)));
  }

  private static Goal faster(double ratio) {
    return Goal.ratio(Metric.DELIVERED, ratio);
  }

  private static Goal publishingFaster(double ratio) {
    return Goal.ratio(Metric.PUBLISHED, ratio);
  }

  private static Benchmark load(String key, LoadPlan plan, Window window, Goal... goals) {
    return running(key, new ThroughputRun(plan, window), goals);
  }

  private static Benchmark running(String key, Measurement measurement, Goal... goals) {
    return new Benchmark(key, false, measurement, null, List.of(goals));
  }

  private static Benchmark fresh(String key, Measurement measurement, Goal... goals) {
    return new Benchmark(key, true, measurement, null, List.of(goals));
  }

  private static Benchmark process(String key, ProcessMeasurement measurement, Goal... goals) {
    return new Benchmark(key, true, null, measurement, List.of(goals));
  }
}
