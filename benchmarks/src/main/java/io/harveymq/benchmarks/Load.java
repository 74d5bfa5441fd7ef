package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Command line: one throughput run against any AMQP 0-9-1 broker on this machine, one line printed.
 */
@Command(
    name = "Load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Drives one broker once and prints one line.")
public final class Load implements Callable<Integer> {
  @CommandLine.Mixin private BrokerOptions broker;

  @Option(
      names = "--scenario",
      defaultValue = "transient",
      description = "transient, ack, fanout, persistent or publish; default ${DEFAULT-VALUE}")
  private String scenario;

  @Option(names = "--body", description = "body size in bytes")
  private Integer body;

  @Option(names = "--pairs", defaultValue = "1", description = "publishers with own queues")
  private int pairs;

  @Option(names = "--fanout", description = "queues per publisher behind a fanout exchange")
  private Integer fanout;

  @Option(names = "--prefetch", description = "consumer prefetch; 0 for no acknowledgements")
  private Integer prefetch;

  @Option(names = "--ack-every", description = "deliveries per multiple acknowledgement")
  private Integer ackEvery;

  @Option(names = "--seconds", defaultValue = "8", description = "measured; ${DEFAULT-VALUE}")
  private double seconds;

  @Option(names = "--warmup", defaultValue = "3", description = "seconds; ${DEFAULT-VALUE}")
  private double warmUp;

  /** Runs and exits: 0 when measured, 1 when the broker broke off, 2 on a wrong option. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Load()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      Measurement run = new ThroughputRun(plan(), Window.ofSeconds(warmUp, seconds));
      System.out.println(run.run(broker.broker()).toLine());
      return 0;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private LoadPlan plan() {
    LoadPlan.Preset preset = LoadPlan.Preset.valueOf(scenario.toUpperCase(Locale.ROOT));
    LoadPlan plan = LoadPlan.preset(preset).withPairs(pairs);
    LoadPlan.Guarantees given = plan.guarantees();
    LoadPlan.Guarantees changed =
        new LoadPlan.Guarantees(
            or(prefetch, given.prefetch()),
            or(ackEvery, given.ackEvery()),
            given.confirmWindow(),
            given.persistent());
    return plan.withBody(or(body, plan.bodyBytes()))
        .withFanout(or(fanout, plan.fanout()))
        .withGuarantees(changed);
  }

  private static int or(Integer option, int otherwise) {
    return option == null ? otherwise : option;
  }
}
