package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.Serializer;
import org.mapdb.StoreDirect;

/** The volume on real files. */
class JournaledVolumeTest {
  private static final Runnable NOTHING = () -> {};

  @TempDir Path directory;

  private JournaledVolume open() {
    return JournaledVolume.open(directory, JournalOptions.defaults());
  }

  private static void write(JournaledVolume volume, long offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    volume.range(offset, bytes.length).put(bytes);
  }

  private static String read(JournaledVolume volume, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    volume.read(offset, bytes);
    assertThat(bytes.remaining()).isZero();
    return new String(bytes.array(), StandardCharsets.US_ASCII);
  }

  @Test
  void aRangeIsReadAfterItsCommitAndNotBefore() {
    try (JournaledVolume volume = open()) {
      write(volume, 4090, "committed at once");
      assertThat(read(volume, 4090, 17)).isEqualTo("\0".repeat(17));
      volume.commit(NOTHING);
      assertThat(read(volume, 4090, 17)).isEqualTo("committed at once");
      assertThat(volume.lastCommit()).isEqualTo(1);
    }
  }

  @Test
  void whatWasCommittedIsThereWhenOpenedAgainAndWhatWasNotIsGone() {
    try (JournaledVolume volume = open()) {
      write(volume, 100, "first");
      volume.commit(NOTHING);
      write(volume, 100, "never");
      volume.putLong(200, 7);
    }
    try (JournaledVolume volume = open()) {
      assertThat(read(volume, 100, 5)).isEqualTo("first");
      assertThat(volume.getLong(200)).isZero();
      assertThat(volume.lastCommit()).isEqualTo(1);
    }
  }

  @Test
  void aCleanCloseLeavesNoJournal() throws Exception {
    try (JournaledVolume volume = open()) {
      write(volume, 100, "first");
      volume.commit(NOTHING);
      assertThat(volume.journalBytes()).isPositive();
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", "store.db", "store.state");
    }
  }

  @Test
  void aCommitWithoutChangesRunsWhatWaitsForItAndIsNotCounted() {
    try (JournaledVolume volume = open()) {
      List<String> ran = new ArrayList<>();
      volume.commit(() -> ran.add("durable"));
      assertThat(ran).containsExactly("durable");
      assertThat(volume.lastCommit()).isZero();
    }
  }

  @Test
  void whatMapDbPutsIsReadAtOnceWithWhatIsAroundIt() {
    try (JournaledVolume volume = open()) {
      write(volume, 1020, "abcdefgh");
      volume.commit(NOTHING);
      volume.putInt(1022, 0x31323334);
      assertThat(read(volume, 1020, 8)).isEqualTo("ab1234gh");
      assertThat(volume.getByte(1025)).isEqualTo((byte) '4');
      volume.sync();
      assertThat(read(volume, 1020, 8)).isEqualTo("ab1234gh");
    }
  }

  @Test
  void aRangeWinsOverWhatMapDbPutThere() {
    try (JournaledVolume volume = open()) {
      write(volume, 16, "range");
      volume.putData(0, new byte[64], 0, 64);
      volume.commit(NOTHING);
      assertThat(read(volume, 16, 5)).isEqualTo("range");
    }
  }

  @Test
  void whatIsWrittenUnjournaledIsReadAtOnce() {
    try (JournaledVolume volume = open()) {
      volume.writeUnjournaled(8000, ByteBuffer.wrap("spilled".getBytes(StandardCharsets.US_ASCII)));
      assertThat(read(volume, 8000, 7)).isEqualTo("spilled");
    }
  }

  @Test
  void reserveMakesRoomThatReadsAsZeros() {
    try (JournaledVolume volume = open()) {
      assertThat(volume.reserve(100 << 20)).isTrue();
      assertThat(volume.length()).isGreaterThanOrEqualTo(100 << 20);
      write(volume, (64 << 20) - 2, "over the edge of a slice");
      volume.commit(NOTHING);
      assertThat(read(volume, (64 << 20) - 4, 26)).isEqualTo("\0\0over the edge of a slice");
    }
  }

  @Test
  void aRangeOutsideOfWhatIsReservedIsRefused() {
    try (JournaledVolume volume = open()) {
      assertThatThrownBy(() -> volume.range(volume.length() - 4, 5))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void mapDbsStoreLivesOnTheVolumeAndItsRecordsAreThereWhenOpenedAgain() {
    long record;
    try (JournaledVolume volume = open()) {
      StoreDirect store = store(volume);
      record = store.put(new byte[65_000], Serializer.BYTE_ARRAY_NOSIZE);
      store.commit();
      store.update(record, new byte[] {1, 2, 3}, Serializer.BYTE_ARRAY_NOSIZE);
      store.commit();
      store.close();
    }
    try (JournaledVolume volume = open()) {
      StoreDirect store = store(volume);
      assertThat(store.get(record, Serializer.BYTE_ARRAY_NOSIZE)).containsExactly(1, 2, 3);
      store.verify();
    }
  }

  @Test
  void theBaseFileOfACleanlyClosedStoreIsAPlainMapDbFile() {
    long record;
    try (JournaledVolume volume = open()) {
      StoreDirect store = store(volume);
      record = store.put(new byte[] {9, 8, 7}, Serializer.BYTE_ARRAY_NOSIZE);
      store.commit();
    }
    StoreDirect plain =
        StoreDirect.Companion.make(
            directory.resolve("store.db").toString(),
            org.mapdb.CC.DEFAULT_FILE_VOLUME_FACTORY,
            0,
            true,
            false,
            0,
            0,
            0,
            false,
            false,
            false,
            false,
            false);
    assertThat(plain.get(record, Serializer.BYTE_ARRAY_NOSIZE)).containsExactly(9, 8, 7);
    plain.close();
  }

  static StoreDirect store(JournaledVolume volume) {
    return StoreDirect.Companion.make(
        null, volume.asFactory(), 0, false, false, 0, 0, 0, false, false, false, false, false);
  }
}
