package io.harveymq.benchmarks;

import java.util.Locale;

/**
 * A bound that a broker should keep, absolute or against the reference broker. Immutable.
 *
 * @param metric what is bounded
 * @param relative true bounds the ratio to the reference broker, false the value itself
 * @param bound the lowest allowed where higher is better, else the highest
 */
public record Goal(Metric metric, boolean relative, double bound) {

  static Goal ratio(Metric metric, double bound) {
    return new Goal(metric, true, bound);
  }

  static Goal value(Metric metric, double bound) {
    return new Goal(metric, false, bound);
  }

  /** Whether a broker's median keeps the bound; the reference's median matters to ratios only. */
  boolean met(double value, double reference) {
    double measured = relative ? value / reference : value;
    return metric.higherIsBetter() ? measured >= bound : measured <= bound;
  }

  @Override
  public String toString() {
    String sign = metric.higherIsBetter() ? "≥ " : "≤ ";
    return sign + (relative ? trim(bound) + " ×" : metric.format(bound));
  }

  private static String trim(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }
}
