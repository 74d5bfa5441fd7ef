package io.harveymq.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * CPU time of the broker and of this process, and the time of day, at one moment.
 *
 * @param nanos {@link System#nanoTime()}
 * @param brokerSeconds CPU seconds of the broker's process
 * @param clientSeconds CPU seconds of this process, its compiler and collector threads included
 */
record CpuSample(long nanos, double brokerSeconds, double clientSeconds) {
  private static final OperatingSystemMXBean SELF =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static CpuSample take(ProcessStats broker) {
    return new CpuSample(System.nanoTime(), broker.cpuSeconds(), SELF.getProcessCpuTime() / 1e9);
  }

  double secondsUntil(CpuSample later) {
    return (later.nanos - nanos) / 1e9;
  }

  /** Adds CPU figures for the messages that were moved between this sample and a later one. */
  void report(CpuSample later, double messages, Map<Metric, Double> values) {
    double broker = later.brokerSeconds - brokerSeconds;
    values.put(Metric.BROKER_CPU, broker / secondsUntil(later) * 100);
    if (messages > 0) {
      values.put(Metric.BROKER_CPU_PER_MESSAGE, broker / messages * 1e6);
      values.put(
          Metric.CLIENT_CPU_PER_MESSAGE, (later.clientSeconds - clientSeconds) / messages * 1e6);
    }
  }
}
