package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.Serializer;
import org.mapdb.StoreDirect;

/**
 * A child commits numbered transactions and is killed at random moments; the next one goes on with
 * the same files. More rounds with {@code -Dharvey.kill.rounds=200} in the JVM's options.
 */
@Timeout(900)
class KilledProcessTest {
  private static final int ROUNDS = Integer.getInteger("harvey.kill.rounds", 10);
  private static final long REGION = 8 << 20;
  private static final int SLOTS = 512;
  private static final int SLOT = 1024;

  /** The id that MapDB gives the first record of a store. */
  private static final long RECORD = 1;

  @TempDir Path directory;

  /**
   * Transaction n fills slot n % 512 and its neighbour with numbers that follow from n, and MapDB's
   * record with n. The number confirmed last is in a file: what a killed process printed may be
   * lost.
   */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      JournalOptions options =
          new JournalOptions(64 << 10, 1 << 20, 8 << 20, 16 << 10, 1 << 20, 4 << 20, false);
      JournaledVolume volume = JournaledVolume.open(directory, options);
      StoreDirect store = JournaledVolumeTest.store(volume);
      if (!volume.reserve(REGION + (SLOTS + 1) * SLOT)) {
        throw new IOException("no room");
      }
      try (FileChannel confirmed =
          FileChannel.open(
              directory.resolve("confirmed"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        System.out.println("open");
        for (long n = volume.lastCommit() + 1; ; n = volume.lastCommit() + 1) {
          transaction(volume, store, n);
          ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(0, n);
          volume.commit(
              () -> {
                try {
                  confirmed.write(number, 0);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
        }
      }
    }

    private static void transaction(JournaledVolume volume, StoreDirect store, long n) {
      fill(volume.range(slot(n), SLOT), n);
      fill(volume.range(slot(n + 1), SLOT), -n);
      if (n % 7 == 0) {
        byte[] record = ByteBuffer.allocate(Long.BYTES).putLong(0, n).array();
        if (n < 14) {
          assertThat(store.put(record, Serializer.BYTE_ARRAY_NOSIZE)).isEqualTo(RECORD);
        } else {
          store.update(RECORD, record, Serializer.BYTE_ARRAY_NOSIZE);
        }
      }
    }

    private static void fill(ByteBuffer window, long n) {
      while (window.hasRemaining()) {
        window.putLong(n);
      }
    }
  }

  private static long slot(long n) {
    return REGION + n % SLOTS * SLOT;
  }

  @Test
  void everyConfirmedTransactionOfAKilledProcessIsThereAndNoneInPart() throws Exception {
    Random random = new Random(3);
    long before = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long from = before;
      int more = 1 + random.nextInt(400);
      try (ChildProcess child = ChildProcess.start(Child.class, directory.toString())) {
        child.awaitLine("open");
        await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  child.assertAlive();
                  return confirmed() >= from + more;
                });
      }
      before = verify();
    }
    assertThat(before).isGreaterThan(ROUNDS);
  }

  private long confirmed() throws IOException {
    Path file = directory.resolve("confirmed");
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  private long verify() throws IOException {
    long confirmed = confirmed();
    try (JournaledVolume volume = JournaledVolume.open(directory, JournalOptions.defaults())) {
      long last = volume.lastCommit();
      assertThat(last).isBetween(confirmed, confirmed + 1);
      for (long n = Math.max(2, last - SLOTS + 3); n <= last; n++) {
        assertSlot(volume, n, n);
      }
      assertSlot(volume, last + 1, -last);
      StoreDirect store = JournaledVolumeTest.store(volume);
      store.verify();
      if (last >= 7) {
        byte[] record = store.get(RECORD, Serializer.BYTE_ARRAY_NOSIZE);
        assertThat(ByteBuffer.wrap(record).getLong()).isEqualTo(last / 7 * 7);
      }
      return last;
    }
  }

  private static void assertSlot(JournaledVolume volume, long n, long expected) {
    ByteBuffer slot = ByteBuffer.allocate(SLOT);
    volume.read(slot(n), slot);
    slot.flip();
    while (slot.hasRemaining()) {
      assertThat(slot.getLong()).as("slot of transaction %s", n).isEqualTo(expected);
    }
  }
}
