package io.harveymq.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Command line: runs the plan on several brokers in turn, prints medians and ratios to the first
 * broker as a Markdown table, and writes every figure to a JSON file.
 */
@Command(
    name = "SideBySide",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures brokers in turn with the same load; the first one named is the reference.")
public final class SideBySide implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final double BUSY = 0.7;

  @Option(
      names = "--start",
      paramLabel = "NAME=SCRIPT",
      description = "a broker to start: the script gets a port and a directory")
  private Map<String, Path> scripts = new LinkedHashMap<>();

  @Option(
      names = "--broker",
      paramLabel = "NAME=PORT[:PID]",
      description = "a broker that is up on 127.0.0.1; placed after those to start")
  private Map<String, String> running = new LinkedHashMap<>();

  @Option(names = "--only", split = ",", description = "keys of the plan to run; default all")
  private Set<String> only = Set.of();

  @Option(names = "--rounds", defaultValue = "3", description = "of loads; ${DEFAULT-VALUE}")
  private int rounds;

  @Option(names = "--starts", defaultValue = "5", description = "${DEFAULT-VALUE}")
  private int starts;

  @Option(names = "--seconds", defaultValue = "8", description = "measured; ${DEFAULT-VALUE}")
  private double seconds;

  @Option(names = "--warmup", defaultValue = "4", description = "seconds; ${DEFAULT-VALUE}")
  private double warmUp;

  @Option(names = "--connections", defaultValue = "5000", description = "${DEFAULT-VALUE}")
  private int connections;

  @Option(names = "--queues", defaultValue = "50000", description = "${DEFAULT-VALUE}")
  private int queues;

  @Option(
      names = "--restart-messages",
      defaultValue = "1000000",
      description = "waiting when the broker is killed; ${DEFAULT-VALUE}")
  private long restartMessages;

  @Option(names = "--spill-messages", defaultValue = "2000000", description = "${DEFAULT-VALUE}")
  private long spillMessages;

  @Option(
      names = "--directory",
      defaultValue = "benchmarks/target",
      description = "place for the brokers' data, on a disk; ${DEFAULT-VALUE}")
  private Path directory;

  @Option(names = "--json", defaultValue = "benchmarks/target/results.json")
  private Path json;

  @Option(names = "--list", description = "print the plan's keys and stop")
  private boolean list;

  private final double loadAtStart =
      ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  private final List<String> failures = new ArrayList<>();

  /** Exits with 0 when all was measured, 1 when something broke off, 2 on a wrong option. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SideBySide()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Benchmark> plan = plan();
    if (list) {
      plan.forEach(benchmark -> System.out.println(benchmark.key() + "\t" + benchmark.title()));
      return 0;
    }
    List<String> names = new ArrayList<>(scripts.keySet());
    names.addAll(running.keySet());
    if (names.isEmpty() || plan.isEmpty()) {
      System.err.println("nothing to measure: --start or --broker, and keys of --list");
      return 2;
    }
    if (loadAtStart > BUSY) {
      System.err.printf("the machine is busy (load %.1f): figures will be off%n", loadAtStart);
    }
    Files.createDirectories(directory);
    if (Files.getFileStore(directory).type().equals("tmpfs")) {
      System.err.println(directory + " is in memory: durable figures will be off");
    }
    Report report = new Report(names);
    for (Benchmark benchmark : plan) {
      if (benchmark.fresh()) {
        runFresh(benchmark, report);
      }
    }
    runLoads(plan.stream().filter(benchmark -> !benchmark.fresh()).toList(), report);
    System.out.println();
    System.out.print(report.toMarkdown());
    writeJson(report);
    failures.forEach(System.err::println);
    return failures.isEmpty() ? 0 : 1;
  }

  private List<Benchmark> plan() {
    // What this process started is thrown away whole, which takes less time than deleting queues.
    QueuesProbe declares = new QueuesProbe(queues, !running.isEmpty());
    Window window = Window.ofSeconds(warmUp, seconds);
    ConnectionsProbe opens = new ConnectionsProbe(connections);
    return Benchmark.plan(
            new Benchmark.Sizes(window, opens, declares, restartMessages, spillMessages))
        .stream()
        .filter(benchmark -> only.isEmpty() || only.contains(benchmark.key()))
        .toList();
  }

  private void runFresh(Benchmark benchmark, Report report)
      throws IOException, InterruptedException {
    ProcessMeasurement process = benchmark.process();
    int times = process instanceof StartRun ? starts : 1;
    Map<String, String> environment = process == null ? Map.of() : process.environment();
    for (int time = 0; time < times; time++) {
      for (StartScript script : startScripts()) {
        try (StartScript.Running started = start(script, environment)) {
          if (started == null) {
            continue;
          }
          if (process == null) {
            measure(benchmark, started.broker(), report);
          } else {
            measure(benchmark, started, report);
          }
        }
      }
    }
    if (process == null) {
      for (Broker broker : runningBrokers()) {
        measure(benchmark, broker, report);
      }
    }
  }

  private void runLoads(List<Benchmark> loads, Report report)
      throws IOException, InterruptedException {
    List<StartScript.Running> started = new ArrayList<>();
    try {
      List<Broker> brokers = new ArrayList<>();
      if (!loads.isEmpty()) {
        for (StartScript script : startScripts()) {
          StartScript.Running broker = start(script, Map.of());
          if (broker != null) {
            started.add(broker);
            brokers.add(broker.broker());
          }
        }
        brokers.addAll(runningBrokers());
      }
      for (Benchmark load : loads) {
        for (int round = 0; round < rounds; round++) {
          for (Broker broker : brokers) {
            measure(load, broker, report);
          }
        }
      }
    } finally {
      started.forEach(StartScript.Running::close);
    }
  }

  /** One broker's failure is told at the end and leaves the other figures alone. */
  private void measure(Benchmark benchmark, Broker broker, Report report)
      throws InterruptedException {
    try {
      broker.process().awaitIdle(SETTLE);
      add(report, benchmark, benchmark.measurement().run(broker));
      broker.process().awaitIdle(SETTLE);
    } catch (IOException | RuntimeException e) {
      fail(benchmark.title() + " @ " + broker.name() + " failed: " + e.getMessage());
    }
  }

  private void measure(Benchmark benchmark, StartScript.Running started, Report report)
      throws InterruptedException {
    try {
      add(report, benchmark, benchmark.process().run(started));
    } catch (IOException | RuntimeException e) {
      fail(benchmark.title() + " @ " + started.name() + " failed: " + e.getMessage());
    }
  }

  private StartScript.Running start(StartScript script, Map<String, String> environment)
      throws InterruptedException {
    try {
      return script.start(environment);
    } catch (IOException e) {
      fail(e.getMessage());
      return null;
    }
  }

  private void fail(String text) {
    System.err.println(text);
    failures.add(text);
  }

  private static void add(Report report, Benchmark benchmark, Result result) {
    report.add(benchmark, result);
    System.out.println(result.toLine());
  }

  private List<StartScript> startScripts() {
    return scripts.entrySet().stream()
        .map(entry -> new StartScript(entry.getKey(), entry.getValue(), directory))
        .toList();
  }

  private List<Broker> runningBrokers() throws IOException {
    List<Broker> brokers = new ArrayList<>();
    for (Map.Entry<String, String> entry : running.entrySet()) {
      String[] address = entry.getValue().split(":");
      int port = Integer.parseInt(address[0]);
      ProcessStats process =
          address.length > 1
              ? new ProcessStats(Long.parseLong(address[1]))
              : ProcessStats.onPort(port);
      brokers.add(new Broker(entry.getKey(), Target.local(port), process));
    }
    return brokers;
  }

  private void writeJson(Report report) throws IOException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("time", Instant.now().toString());
    document.put("processors", Runtime.getRuntime().availableProcessors());
    document.put("load average at start", loadAtStart);
    document.put("java", System.getProperty("java.vm.version"));
    document.put("warm-up seconds", warmUp);
    document.put("measured seconds", seconds);
    document.put("results", report.toJson());
    document.put("failures", failures);
    Path parent = json.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Files.writeString(json, Json.write(document));
  }
}
