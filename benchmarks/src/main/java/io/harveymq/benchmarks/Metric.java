package io.harveymq.benchmarks;

import java.util.Locale;

/**
 * What a measurement can report: a label with its unit, digits to show, and which direction is
 * better.
 */
public enum Metric {
  DELIVERED("delivered msg/s", 0, true),
  PUBLISHED("published msg/s", 0, true),
  BROKER_CPU_PER_MESSAGE("broker CPU µs/msg", 3, false),
  BROKER_CPU("broker CPU %", 0, false),
  CLIENT_CPU_PER_MESSAGE("client CPU µs/msg", 3, false),
  RESIDENT("VmRSS MiB", 1, false),
  ANONYMOUS("RssAnon MiB", 1, false),
  PEAK_RESIDENT("peak VmHWM MiB", 1, false),
  DIRECTORY("data directory MiB", 0, false),
  BACKLOG("backlog msg", 0, false),
  LATENCY_P50("p50 µs", 0, false),
  LATENCY_P99("p99 µs", 0, false),
  LATENCY_P999("p99.9 µs", 0, false),
  LATENCY_MAX("max µs", 0, false),
  START("start ms", 0, false),
  RESTART("restart ms", 0, false),
  IDLE_CONNECTION("connection KiB", 2, false),
  CONSUMING_CONNECTION("connection with consumer KiB", 2, false),
  CONNECTIONS_OPENED("connections/s", 0, true),
  QUEUE("queue bytes", 0, false),
  FIRST_DECLARES("first 1,000 declares ms", 0, false),
  LAST_DECLARES("last 1,000 declares ms", 0, false);

  private final String label;
  private final int digits;
  private final boolean higherIsBetter;

  Metric(String label, int digits, boolean higherIsBetter) {
    this.label = label;
    this.digits = digits;
    this.higherIsBetter = higherIsBetter;
  }

  /** Name and unit, for table headings. */
  public String label() {
    return label;
  }

  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /**
   * The value with this metric's digits and grouped thousands, in the same form in every locale.
   */
  public String format(double value) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
