package io.harveymq.storms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What was seen in one sixth of a soak. Confined to the thread that samples. */
final class Sixth {
  private static final int DIGITS = 2;
  private static final double MILLI = 1_000;

  /** One sample of the broker's process. */
  record Sample(double residentMib, int handles, double storeMib) {}

  final Histogram confirms = new Histogram(DIGITS);
  final Histogram deliveries = new Histogram(DIGITS);
  private final List<Sample> samples = new ArrayList<>();
  private double liveHeapMib;
  private double cpuSeconds;
  private double seconds;
  private long published;

  void add(Sample sample) {
    samples.add(sample);
  }

  /** Notes what was measured at its end. */
  void end(double heapMib, double cpu, double length, long messages) {
    liveHeapMib = heapMib;
    cpuSeconds = cpu;
    seconds = length;
    published = messages;
  }

  double liveHeapMib() {
    return liveHeapMib;
  }

  double residentMib() {
    return median(samples.stream().map(Sample::residentMib).toList());
  }

  double handles() {
    return median(samples.stream().map(sample -> (double) sample.handles()).toList());
  }

  double storeMib() {
    return median(samples.stream().map(Sample::storeMib).toList());
  }

  double confirmMillis(double percentile) {
    return confirms.getValueAtPercentile(percentile) / MILLI;
  }

  double deliveryMillis(double percentile) {
    return deliveries.getValueAtPercentile(percentile) / MILLI;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }

  static String header() {
    return "| sixth | messages/s | CPU | RSS MiB | live heap MiB | handles | store MiB"
        + " | confirm p50/p99/max ms | delivery p50/p99/max ms |\n"
        + "|---|---|---|---|---|---|---|---|---|";
  }

  String row(int number) {
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %.0f %% | %.0f | %.1f | %.0f | %.0f | %.1f / %.1f / %.0f"
            + " | %.1f / %.1f / %.0f |",
        number,
        published / seconds,
        100 * cpuSeconds / seconds,
        residentMib(),
        liveHeapMib,
        handles(),
        storeMib(),
        confirmMillis(50),
        confirmMillis(99),
        confirms.getMaxValue() / MILLI,
        deliveryMillis(50),
        deliveryMillis(99),
        deliveries.getMaxValue() / MILLI);
  }
}
