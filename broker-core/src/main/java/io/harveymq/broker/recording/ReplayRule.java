package io.harveymq.broker.recording;

/**
 * How messages are published again. Immutable; any thread.
 *
 * @param speed how many times as fast as they were recorded; 0 for as fast as they are taken
 * @param times how often all of them are published, each time at once after the last one
 * @param exchange where all of them go, empty for the default exchange; null for the one that each
 *     was published to
 */
public record ReplayRule(double speed, int times, String exchange) {
  /** How often a replay may repeat. */
  public static final int MOST_TIMES = 1_000_000;

  private static final double SLOWEST = 0.001;
  private static final double FASTEST = 1_000_000;

  /**
   * A rule.
   *
   * @throws IllegalArgumentException for what is out of range, with the names of the HTTP API
   */
  public ReplayRule {
    if (speed != 0 && !(speed >= SLOWEST && speed <= FASTEST)) {
      throw new IllegalArgumentException(
          "speed has to be 0 or max (at once), or from 0.001 to 1000000 (1 is as recorded)");
    }
    if (times < 1 || times > MOST_TIMES) {
      throw new IllegalArgumentException("times has to be from 1 to " + MOST_TIMES);
    }
  }

  /** Once, as fast as the broker takes them. */
  public static ReplayRule atOnce() {
    return new ReplayRule(0, 1, null);
  }

  /** Once, so many times as fast as it was recorded; 1 for as it was. */
  public static ReplayRule atSpeed(double speed) {
    return new ReplayRule(speed, 1, null);
  }

  /** The same, so often. */
  public ReplayRule times(int often) {
    return new ReplayRule(speed, often, exchange);
  }

  /** The same to one exchange, empty for the default one. */
  public ReplayRule to(String name) {
    return new ReplayRule(speed, times, name);
  }
}
