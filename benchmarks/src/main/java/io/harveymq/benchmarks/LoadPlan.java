package io.harveymq.benchmarks;

import java.util.Locale;

/**
 * What a throughput run sends and receives. Immutable.
 *
 * @param scenario name for reports
 * @param bodyBytes size of every message body, at least 1
 * @param pairs publishers, each with a queue of its own and a consumer
 * @param fanout 0 for the default exchange; else every publisher has a fanout exchange with that
 *     many queues, each with a consumer
 * @param consuming false leaves the messages in the queues, and counts what was published
 * @param guarantees acknowledgements, confirms and persistence
 */
public record LoadPlan(
    String scenario,
    int bodyBytes,
    int pairs,
    int fanout,
    boolean consuming,
    Guarantees guarantees) {

  /** The preset with its default sizes. */
  public static LoadPlan preset(Preset preset) {
    return new LoadPlan(
        preset.name().toLowerCase(Locale.ROOT),
        preset.bodyBytes,
        1,
        preset.fanout,
        preset != Preset.PUBLISH,
        preset.guarantees);
  }

  /** The same under another name for reports. */
  public LoadPlan named(String name) {
    return new LoadPlan(name, bodyBytes, pairs, fanout, consuming, guarantees);
  }

  public LoadPlan withBody(int bytes) {
    return new LoadPlan(scenario, bytes, pairs, fanout, consuming, guarantees);
  }

  public LoadPlan withPairs(int count) {
    return new LoadPlan(scenario, bodyBytes, count, fanout, consuming, guarantees);
  }

  public LoadPlan withFanout(int queues) {
    return new LoadPlan(scenario, bodyBytes, pairs, queues, consuming, guarantees);
  }

  public LoadPlan withGuarantees(Guarantees changed) {
    return new LoadPlan(scenario, bodyBytes, pairs, fanout, consuming, changed);
  }

  /** Scenario name with the sizes that differ between runs. */
  public String title() {
    String size = bodyBytes % 1024 == 0 ? bodyBytes / 1024 + " KiB" : bodyBytes + " B";
    String queues = fanout > 0 ? ", " + fanout + " queues" : "";
    return scenario + " " + size + queues + (pairs > 1 ? ", " + pairs + " pairs" : "");
  }

  /**
   * How sure the clients want to be.
   *
   * @param prefetch consumer's prefetch; 0 consumes without acknowledgements
   * @param ackEvery deliveries per multiple acknowledgement
   * @param confirmWindow most unconfirmed messages per publisher; 0 publishes without confirms
   * @param persistent durable queues and delivery mode 2
   */
  public record Guarantees(int prefetch, int ackEvery, int confirmWindow, boolean persistent) {
    static final Guarantees NONE = new Guarantees(0, 0, 0, false);
    static final Guarantees ACKS = new Guarantees(2000, 500, 0, false);
    static final Guarantees ALL = new Guarantees(2000, 500, 2000, true);
    static final Guarantees ONE_BY_ONE = new Guarantees(0, 0, 1, true);

    boolean acks() {
      return prefetch > 0;
    }

    boolean confirms() {
      return confirmWindow > 0;
    }
  }

  /** Scenarios by name. */
  public enum Preset {
    TRANSIENT(16, 0, Guarantees.NONE),
    ACK(16, 0, Guarantees.ACKS),
    FANOUT(16, 8, Guarantees.NONE),
    PERSISTENT(1024, 0, Guarantees.ALL),
    PUBLISH(1024, 0, Guarantees.ALL);

    private final int bodyBytes;
    private final int fanout;
    private final Guarantees guarantees;

    Preset(int bodyBytes, int fanout, Guarantees guarantees) {
      this.bodyBytes = bodyBytes;
      this.fanout = fanout;
      this.guarantees = guarantees;
    }
  }
}
