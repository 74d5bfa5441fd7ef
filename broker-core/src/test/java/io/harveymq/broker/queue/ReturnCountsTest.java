package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two counts in the 16 bits that the store has for them. */
class ReturnCountsTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 254", "1, 1", "1, 2", "20, 21", "127, 254", "127, 127", "200, 200"})
  void areReadAsTheyWereStored(int failures, int all) {
    ReturnCounts counts = new ReturnCounts(failures, all);
    assertThat(counts.stored()).isBetween(1, 0xFFFF);
    assertThat(ReturnCounts.of(counts.stored())).isEqualTo(counts);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 300, 0, 254",
    "127, 255, 127, 254",
    "128, 129, 128, 128",
    "40000, 40000, 32767, 32767"
  })
  void ofManyThereIsTheMostThatHasRoom(int failures, int all, int failuresRead, int allRead) {
    assertThat(ReturnCounts.of(new ReturnCounts(failures, all).stored()))
        .isEqualTo(new ReturnCounts(failuresRead, allRead));
  }

  @Test
  void whatEarlierVersionsStoredIsUnderstood() {
    assertThat(ReturnCounts.of(0xFFFF)).isEqualTo(new ReturnCounts(0, 1));
    assertThat(ReturnCounts.of(3)).isEqualTo(new ReturnCounts(3, 3));
    assertThat(ReturnCounts.of(0)).isEqualTo(ReturnCounts.NONE);
  }
}
