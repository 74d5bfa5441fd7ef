package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * A durable queue that grows far beyond the broker's memory and is then emptied in order. Harvey
 * gets a small heap; RabbitMQ spills by itself.
 */
final class SpillRun implements ProcessMeasurement {
  private static final Map<String, String> SMALL_HEAP = Map.of("HARVEY_JAVA_OPTS", "-Xmx256m");

  private final long messages;

  SpillRun(long messages) {
    this.messages = messages;
  }

  @Override
  public String name() {
    return String.format(Locale.ROOT, "spill %,d messages of 1 KiB", messages);
  }

  @Override
  public Map<String, String> environment() {
    return SMALL_HEAP;
  }

  @Override
  public Result run(StartScript.Running running) throws IOException, InterruptedException {
    Broker broker = running.broker();
    Backlog backlog = new Backlog(broker.target(), "spill", messages);
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    CpuSample before = CpuSample.take(broker.process());
    values.put(Metric.PUBLISHED, backlog.fill());
    values.put(Metric.ANONYMOUS, broker.process().anonymousKib() / 1024.0);
    values.put(Metric.DIRECTORY, running.directoryMib());
    values.put(Metric.DELIVERED, backlog.drain());
    before.report(CpuSample.take(broker.process()), messages, values);
    values.put(Metric.PEAK_RESIDENT, broker.process().peakResidentKib() / 1024.0);
    return new Result(name(), broker.name(), values);
  }
}
