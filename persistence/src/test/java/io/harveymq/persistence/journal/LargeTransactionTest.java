package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction of many frames. */
class LargeTransactionTest {
  private static final int LENGTH = 60 << 20;
  private static final int RANGE = 60_000;

  @TempDir Path directory;

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void itTakesBoundedMemoryOutsideOfTheHeap() {
    JournaledVolume volume = JournaledVolume.open(directory, JournalOptions.defaults());
    assertThat(volume.reserve(LENGTH)).isTrue();
    long before = direct();
    for (int at = 0; at + RANGE <= LENGTH; at += RANGE) {
      byte[] bytes = new byte[RANGE];
      bytes[7] = (byte) (at / RANGE);
      volume.range(at, RANGE).put(bytes);
    }
    assertThat(direct() - before).isLessThanOrEqualTo(17L << 20);
    volume.commit(() -> {});
    assertThat(direct() - before).isLessThanOrEqualTo(26L << 20);
    for (int at = 0; at + RANGE <= LENGTH; at += RANGE) {
      ByteBuffer found = ByteBuffer.allocate(1);
      volume.read(at + 7, found);
      assertThat(found.get(0)).isEqualTo((byte) (at / RANGE));
    }
    volume.close();
  }
}
