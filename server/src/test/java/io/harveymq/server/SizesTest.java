package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1023, '1,023 bytes'",
    "1024, 1.0 KiB",
    "10239, 9.9 KiB",
    "10240, 10 KiB",
    "1048575, '1,023 KiB'",
    "1610612736, 1.5 GiB",
  })
  void bytesHaveTheUnitThatSuitsThem(long bytes, String text) {
    assertThat(Sizes.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void countsHaveCommasAndAPlural() {
    assertThat(Sizes.count(1, "queue")).isEqualTo("1 queue");
    assertThat(Sizes.count(1_234_567, "queue")).isEqualTo("1,234,567 queues");
    assertThat(Sizes.count(0, "queue")).isEqualTo("0 queues");
  }
}
