package io.harveymq.benchmarks;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The figures of one measurement of one broker. Immutable; values are finite.
 *
 * @param scenario what was measured
 * @param broker name of the broker
 * @param values one value for each metric that the scenario reports, in {@link Metric}'s units
 */
public record Result(String scenario, String broker, Map<Metric, Double> values) {

  public Result {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
  }

  /** One line for a terminal. */
  public String toLine() {
    StringJoiner line = new StringJoiner("  ", scenario + " @ " + broker + ": ", "");
    values.forEach((metric, value) -> line.add(metric.label() + " " + metric.format(value)));
    return line.toString();
  }
}
