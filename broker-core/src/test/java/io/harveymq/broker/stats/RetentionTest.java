package io.harveymq.broker.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which samples stay. */
class RetentionTest {
  private static final long START = 1_700_000_000_000L;

  /** Samples five seconds apart, thinned whenever there are as many as may be. */
  private static long[] sampled(Retention retention, long millis) {
    long[] times = new long[retention.most()];
    int size = 0;
    for (long time = START; time <= START + millis; time += Sampler.INTERVAL_MILLIS) {
      if (size == times.length) {
        long[] before = times.clone();
        int[] kept = retention.thin(before, size);
        size = kept.length;
        assertThat(size).isLessThanOrEqualTo(times.length * 3 / 4);
        for (int i = 0; i < size; i++) {
          times[i] = before[kept[i]];
        }
      }
      times[size++] = time;
    }
    return Arrays.copyOf(times, size);
  }

  @ParameterizedTest
  @CsvSource({"BASIC, 3600000", "GLOBAL, 86400000"})
  void whatIsOldLiesFartherApartAndReachesBackAsFarAsRabbitmqs(Retention retention, long longest) {
    long[] times = sampled(retention, 200_000_000);
    long newest = times[times.length - 1];
    assertThat(newest - times[0]).isBetween(longest, 2 * longest);
    for (int i = 1; i < times.length; i++) {
      long age = newest - times[i];
      long most = age < 600_000 ? Sampler.INTERVAL_MILLIS : age < 3_600_000 ? 60_000 : 600_000;
      assertThat(times[i] - times[i - 1]).as("of %s ms ago", age).isBetween(1L, most);
    }
  }

  @Test
  void onlyWhatEndedBeforeTheTimeThatIsKeptIsForgotten() {
    long[] times =
        LongStream.of(0, 1, 2, 3_600_000, 3_600_001, 7_200_001).map(t -> START + t).toArray();
    assertThat(Retention.BASIC.forgets(times, 3)).isFalse();
    assertThat(Retention.BASIC.forgets(times, 6)).isTrue();
    assertThat(Retention.BASIC.thin(times, 6)).containsExactly(4, 5);
    assertThat(Retention.GLOBAL.forgets(times, 6)).isFalse();
  }
}
