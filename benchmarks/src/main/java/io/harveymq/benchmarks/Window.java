package io.harveymq.benchmarks;

import java.time.Duration;

/**
 * How long a run warms up and how long it is measured. Immutable.
 *
 * @param warmUp before the first sample
 * @param measured between the samples, more than zero
 */
public record Window(Duration warmUp, Duration measured) {

  /** A window of seconds, which may have fractions. */
  public static Window ofSeconds(double warmUp, double measured) {
    return new Window(
        Duration.ofMillis(Math.round(warmUp * 1000)),
        Duration.ofMillis(Math.round(measured * 1000)));
  }
}
