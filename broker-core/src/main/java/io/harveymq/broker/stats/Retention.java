package io.harveymq.broker.stats;

import java.util.Arrays;

/**
 * For how long samples are kept, and how far apart old ones are: as RabbitMQ's default {@code
 * sample_retention_policies} has it. Ten minutes are kept as they were sampled, an hour with a
 * sample a minute, more with one in ten minutes. Any thread.
 */
public enum Retention {
  /** Of a queue, an exchange, a connection or a channel: an hour. */
  BASIC(3_600_000, 256),
  /** Of the node and of virtual hosts: a day. */
  GLOBAL(86_400_000, 512);

  private static final long MINUTE = 60_000;
  private static final long TEN_MINUTES = 600_000;
  private static final long CLOSE = 600_000;
  private static final long HOUR = 3_600_000;

  private final long longest;
  private final int most;

  Retention(long longest, int most) {
    this.longest = longest;
    this.most = most;
  }

  /** How many samples there are before they are {@linkplain #thin thinned}; fewer are left then. */
  public int most() {
    return most;
  }

  /**
   * How far apart samples are once they were thinned. It is the same for all of one step.
   *
   * @param time of a sample, in milliseconds since the epoch
   * @param newest that of the newest one
   * @return milliseconds; 0 for as far as they were taken
   */
  static long step(long time, long newest) {
    if (time >= begin(newest - CLOSE, MINUTE)) {
      return 0;
    }
    return time >= begin(newest - HOUR, TEN_MINUTES) ? MINUTE : TEN_MINUTES;
  }

  /** When the step of a time began. */
  static long begin(long time, long step) {
    return time - Math.floorMod(time, step);
  }

  /**
   * Which samples stay: of those within one step the last, which has what the others had; and the
   * last one of before the time that is kept, with which that time begins.
   *
   * @param times of the samples, in milliseconds since the epoch, rising
   * @param size how many there are
   * @return their indices, rising
   */
  public int[] thin(long[] times, int size) {
    int[] kept = new int[size];
    int count = 0;
    long newest = times[size - 1];
    for (int i = 0; i < size; i++) {
      boolean isLast = i == size - 1;
      boolean isForgotten = !isLast && newest - times[i + 1] >= longest;
      long step = step(times[i], newest);
      boolean isSame = !isLast && step > 0 && times[i + 1] < begin(times[i], step) + step;
      if (!isForgotten && !isSame) {
        kept[count++] = i;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** Whether that forgets something for its age. */
  public boolean forgets(long[] times, int size) {
    return size > 1 && times[size - 1] - times[1] >= longest;
  }
}
