package io.harveymq.broker.queue;

import java.util.List;

/**
 * Which messages that come back to a quorum queue wait before they are delivered again, and how
 * long. Immutable; any thread.
 *
 * @param failed whether those do whose delivery failed
 * @param returned whether the others do
 * @param min milliseconds for the first failure, twice as many for the second and so on; above 0
 * @param max milliseconds at most
 */
public record DelayedRetry(boolean failed, boolean returned, long min, long max) {
  /** What x-delayed-retry-type may be. */
  public static final List<String> TYPES = List.of("disabled", "all", "failed", "returned");

  /**
   * What arguments and policies together say; null when nothing waits.
   *
   * @param type one of {@link #TYPES}, or null
   * @param min null when not given; nothing waits then
   * @param max null when not given
   */
  static DelayedRetry of(String type, Long min, Long max) {
    if (type == null || type.equals("disabled") || min == null || min <= 0) {
      return null;
    }
    return new DelayedRetry(
        !type.equals("returned"), !type.equals("failed"), min, max == null ? Long.MAX_VALUE : max);
  }

  /**
   * Milliseconds that a message waits that comes back now.
   *
   * @param isFailure whether this is a failure
   * @param failures how many there have been, this one included; without one it waits as after one
   */
  long delay(boolean isFailure, int failures) {
    if (isFailure ? !failed : !returned) {
      return 0;
    }
    long times = Math.max(1, failures);
    return Math.min(min > Long.MAX_VALUE / times ? Long.MAX_VALUE : min * times, max);
  }
}
