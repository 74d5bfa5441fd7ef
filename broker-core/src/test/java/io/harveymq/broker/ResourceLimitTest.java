package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceLimitTest {
  @ParameterizedTest
  @CsvSource({
    "50000000, 50000000",
    "7k, 7168",
    "7kiB, 7168",
    "7kB, 7000",
    "512M, 536870912",
    "512MiB, 536870912",
    "512MB, 512000000",
    "2g, 2147483648",
    "2GB, 2000000000",
    "1TiB, 1099511627776",
    "0, 0"
  })
  void readsSizesWithRabbitMqsUnits(String text, long bytes) {
    assertThat(ResourceLimit.parse(text).bytes()).isEqualTo(bytes);
  }

  @Test
  void readsPartsOfTheHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    assertThat(ResourceLimit.parse("0.4").bytes()).isEqualTo((long) (0.4 * heap));
    assertThat(ResourceLimit.parse(".5")).isEqualTo(ResourceLimit.relative(0.5));
    assertThat(ResourceLimit.parse("1").bytes()).isEqualTo(heap);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "MB", "5 MB", "5XB", "1e3", "NaN", "0.4MB", "99999999999TB"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> ResourceLimit.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(text);
  }

  @Test
  void isNotNegative() {
    assertThatThrownBy(() -> ResourceLimit.absolute(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ResourceLimit.relative(-0.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ResourceLimit.relative(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
