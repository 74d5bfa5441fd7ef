package io.harveymq.benchmarks;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** How long a broker takes to start, and its memory a little later. */
final class StartRun implements ProcessMeasurement {
  private static final Duration AFTER_START = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public Result run(StartScript.Running running) throws InterruptedException {
    Thread.sleep(AFTER_START.toMillis());
    ProcessStats process = running.broker().process();
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.START, running.startMillis());
    values.put(Metric.RESIDENT, process.residentKib() / 1024.0);
    values.put(Metric.ANONYMOUS, process.anonymousKib() / 1024.0);
    return new Result(name(), running.broker().name(), values);
  }
}
