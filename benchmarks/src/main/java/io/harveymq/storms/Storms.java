package io.harveymq.storms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command line of the storms and the soak. */
@Command(
    name = "storms",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Treats a broker badly and checks what is left.")
public final class Storms {
  private static final int SMALL_MIB = 64;
  private static final String DISK_LIMIT = "8MB";

  /** Options of all storms. */
  static final class Place {
    @Option(
        names = "--broker",
        defaultValue = "server/target/distribution/bin/harvey",
        description = "the program that starts Harvey; ${DEFAULT-VALUE}")
    private Path program;

    @Option(
        names = "--directory",
        defaultValue = "benchmarks/target/storms",
        description = "where data directories are made; ${DEFAULT-VALUE}")
    private Path directory;

    @Option(
        names = "--jvm",
        defaultValue = "-Xmx256m",
        description = "options of the broker's JVM; ${DEFAULT-VALUE}")
    private String jvm;

    @Option(names = "--seed", defaultValue = "1", description = "of all random choices")
    private long seed;

    long seed() {
      return seed;
    }

    Path directory() throws IOException {
      return Files.createDirectories(directory);
    }

    StormBroker broker(String name, String... options) throws IOException {
      return brokerIn(Files.createTempDirectory(directory().toAbsolutePath(), name), options);
    }

    StormBroker brokerWith(Path own, Map<String, String> environment) throws IOException {
      Map<String, String> all = new HashMap<>(environment);
      all.put("HARVEY_JAVA_OPTS", jvm);
      return new StormBroker(List.of(program.toAbsolutePath().toString()), own, List.of(), all);
    }

    StormBroker brokerIn(Path own, String... options) throws IOException {
      return new StormBroker(
          List.of(program.toAbsolutePath().toString()),
          own,
          List.of(options),
          Map.of("HARVEY_JAVA_OPTS", jvm));
    }
  }

  /** Runs and exits: 0 if all passed, 1 if not, 2 on a wrong option. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Storms()).execute(args));
  }

  /** What the storms of this class do with their broker. */
  interface Work {
    void run(StormBroker broker, Faults faults)
        throws IOException, InterruptedException, TimeoutException;
  }

  /** Runs one on a fresh broker; its directory is kept if something is wrong. */
  static int run(StormBroker broker, Work work)
      throws IOException, InterruptedException, TimeoutException {
    Faults faults = new Faults();
    boolean passed = false;
    try {
      broker.start();
      work.run(broker, faults);
      passed = faults.count() == 0;
    } finally {
      if (passed) {
        broker.close();
      } else {
        broker.end();
      }
    }
    faults.first().forEach(System.out::println);
    System.out.println(passed ? "PASSED" : "FAILED; see " + broker.output());
    return passed ? 0 : 1;
  }

  @Command(name = "soak", description = "Mixed load for a while; what must be there is known.")
  int soak(
      @Mixin Place place,
      @Option(names = "--minutes", defaultValue = "60") double minutes,
      @Option(names = "--rate", defaultValue = "2000") double rate,
      @Option(names = "--flows", defaultValue = "8") int flows)
      throws IOException, InterruptedException, TimeoutException {
    Soak.Size size = new Soak.Size((long) (minutes * 60), rate, flows, place.seed());
    return run(place.broker("soak-"), (broker, faults) -> new Soak(broker, size, faults).run());
  }

  @Command(name = "churn", description = "Connections opened and dropped in all manners.")
  int churn(
      @Mixin Place place,
      @Option(names = "--connections", defaultValue = "10000") int connections,
      @Option(names = "--seconds", defaultValue = "600") int seconds)
      throws IOException, InterruptedException, TimeoutException {
    return run(
        place.broker("churn-"),
        (broker, faults) -> new ChurnStorm(broker, faults).run(connections, seconds));
  }

  @Command(name = "clients", description = "Clients killed while they publish.")
  int clients(
      @Mixin Place place,
      @Option(names = "--processes", defaultValue = "10") int processes,
      @Option(names = "--clients", defaultValue = "50", description = "in each") int clients)
      throws IOException, InterruptedException, TimeoutException {
    return run(
        place.broker("clients-"),
        (broker, faults) ->
            new KilledClientsStorm(broker, faults, place.seed()).run(processes, clients));
  }

  @Command(name = "network", description = "A network that does all that networks do.")
  int network(
      @Mixin Place place,
      @Option(names = "--rounds", defaultValue = "10") int rounds,
      @Option(names = "--millis", defaultValue = "6000") int millis)
      throws IOException, InterruptedException, TimeoutException {
    return run(
        place.broker("network-"),
        (broker, faults) -> new NetworkStorm(broker, faults, place.seed()).run(rounds, millis));
  }

  @Command(name = "stall", description = "Readers that stop reading.")
  int stall(
      @Mixin Place place,
      @Option(names = "--readers", defaultValue = "20") int readers,
      @Option(names = "--messages", defaultValue = "2000", description = "each") int messages)
      throws IOException, InterruptedException, TimeoutException {
    return run(
        place.broker("stall-"),
        (broker, faults) -> new StallStorm(broker, faults).run(readers, messages));
  }

  @Command(name = "disk", description = "A disk that fills up, and has space again. Takes root.")
  int disk(
      @Mixin Place place,
      @Option(names = "--times", defaultValue = "5") int times,
      @Option(names = "--seconds", defaultValue = "10") int seconds)
      throws IOException, InterruptedException, TimeoutException {
    try (SmallFileSystem small = SmallFileSystem.mount(place.directory(), SMALL_MIB)) {
      if (small == null) {
        System.out.println("NOT RUN: this user can't mount a tmpfs");
        return 0;
      }
      return run(
          place.brokerIn(small.path().resolve("b"), "--disk-free-limit", DISK_LIMIT),
          (broker, faults) -> new DiskStorm(broker, faults).run(times, seconds));
    }
  }

  @Command(name = "clock", description = "The time is set. Takes Debian's package faketime.")
  int clock(@Mixin Place place) throws IOException, InterruptedException, TimeoutException {
    if (!ClockStorm.isPossible()) {
      System.out.println("NOT RUN: there is no libfaketime");
      return 0;
    }
    Path own = Files.createTempDirectory(place.directory().toAbsolutePath(), "clock-");
    Path offset = own.resolve("offset");
    return run(
        place.brokerWith(own, ClockStorm.environment(offset)),
        (broker, faults) -> new ClockStorm(broker, faults, offset).run());
  }

  @Command(name = "freeze", description = "A broker that stands still (SIGSTOP).")
  int freeze(
      @Mixin Place place,
      @Option(names = "--times", defaultValue = "2") int times,
      @Option(names = "--seconds", defaultValue = "60") int seconds)
      throws IOException, InterruptedException, TimeoutException {
    return run(
        place.broker("freeze-"),
        (broker, faults) -> new FreezeStorm(broker, faults).run(times, seconds));
  }

  @Command(name = "kill", description = "The broker is killed with everything running.")
  int kill(@Mixin Place place, @Option(names = "--kills", defaultValue = "20") int kills)
      throws IOException, InterruptedException, TimeoutException {
    return run(
        place.broker("kill-"),
        (broker, faults) -> new KillStorm(broker, faults, place.seed()).run(kills));
  }
}
