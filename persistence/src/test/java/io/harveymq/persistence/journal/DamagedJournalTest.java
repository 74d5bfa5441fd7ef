package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Journals whose bytes are not what was written. Each transaction n writes n, 100 times, to offset
 * 1000 n.
 */
class DamagedJournalTest {
  private static final String FIRST = "journal-2-1";
  private static final int FRAME = Frame.HEADER + Frame.RANGE_HEADER + 100;

  /** What became of the end of a journal. */
  enum Tear {
    BIT_FLIP {
      @Override
      byte[] apply(byte[] journal, int from, int until, Random random) {
        journal[from + random.nextInt(until - from)] ^= (byte) (1 << random.nextInt(8));
        return journal;
      }
    },
    TRUNCATION {
      @Override
      byte[] apply(byte[] journal, int from, int until, Random random) {
        return Arrays.copyOf(journal, from + random.nextInt(until - from));
      }
    },
    ZEROS {
      @Override
      byte[] apply(byte[] journal, int from, int until, Random random) {
        Arrays.fill(journal, from + random.nextInt(Frame.HEADER), until, (byte) 0);
        return journal;
      }
    },
    GARBAGE {
      @Override
      byte[] apply(byte[] journal, int from, int until, Random random) {
        for (int i = from + random.nextInt(until - from - 16); i < journal.length; i++) {
          journal[i] = (byte) random.nextInt(256);
        }
        return journal;
      }
    };

    abstract byte[] apply(byte[] journal, int from, int until, Random random);
  }

  private static JournaledVolume open(SimulatedFiles files, JournalOptions options) {
    return JournaledVolume.open(files, options, new StepExecutor());
  }

  /**
   * What a killed process leaves after transactions 1 to count, with nothing of them in the base.
   */
  private static SimulatedFiles filesAfter(int count) {
    SimulatedFiles files = new SimulatedFiles();
    JournaledVolume volume = open(files, RandomWorkload.SMALL);
    byte[] base = files.bytes("store.db").clone();
    for (int n = 1; n <= count; n++) {
      commit(volume, n);
    }
    SimulatedFiles left = files.afterKill();
    left.replace("store.db", base);
    return left;
  }

  private static void commit(JournaledVolume volume, int n) {
    byte[] bytes = new byte[100];
    Arrays.fill(bytes, (byte) n);
    volume.range(1000L * n, 100).put(bytes);
    volume.commit(() -> {});
  }

  private static boolean has(JournaledVolume volume, int n) {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    volume.read(1000L * n, bytes);
    byte[] expected = new byte[100];
    if (Arrays.equals(bytes.array(), expected)) {
      return false;
    }
    Arrays.fill(expected, (byte) n);
    assertThat(bytes.array()).isEqualTo(expected);
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void aTornLastRecordIsDroppedAndEverythingBeforeItIsThere(Tear tear) throws Exception {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      SimulatedFiles files = filesAfter(5);
      files.replace(FIRST, tear.apply(files.bytes(FIRST).clone(), 4 * FRAME, 5 * FRAME, random));
      assertThat(JournalCheck.findings(files)).isEmpty();
      JournaledVolume volume = open(files, RandomWorkload.SMALL);
      assertThat(volume.lastCommit()).isEqualTo(4);
      for (int n = 1; n <= 4; n++) {
        assertThat(has(volume, n)).isTrue();
      }
      assertThat(has(volume, 5)).isFalse();
      commit(volume, 5);
      JournaledVolume again = open(files.afterKill(), RandomWorkload.SMALL);
      assertThat(again.lastCommit()).isEqualTo(5);
      assertThat(has(again, 5)).isTrue();
    }
  }

  @Test
  void aBadRecordBeforeAValidOneIsRefusedWithItsPlaceAndTheWayOut() throws Exception {
    SimulatedFiles files = filesAfter(5);
    files.bytes(FIRST)[2 * FRAME + 70] ^= 1;
    String place =
        "journal-2-1 at offset "
            + 2 * FRAME
            + " has no valid record of transaction 3, but transaction 4 follows in journal-2-1 at offset "
            + 3 * FRAME;
    SimulatedFiles before = files.afterKill();

    assertThat(JournalCheck.findings(files)).containsExactly(place);
    assertThatThrownBy(() -> open(files, RandomWorkload.SMALL))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining("simulated")
        .hasMessageContaining(place)
        .hasMessageContaining("Restore the directory from a backup")
        .hasMessageContaining("accept-loss");
    assertThat(files.bytes(FIRST)).isEqualTo(before.bytes(FIRST));
  }

  @Test
  void acceptingTheLossStartsWithoutTheBadRecordAndWithAllOthers() {
    SimulatedFiles files = filesAfter(6);
    files.bytes(FIRST)[2 * FRAME + 70] ^= 1;
    files.bytes(FIRST)[4 * FRAME + 3] ^= 1;
    JournaledVolume volume = open(files, RandomWorkload.SMALL.acceptingLoss());
    assertThat(List.of(has(volume, 1), has(volume, 2), has(volume, 3)))
        .containsExactly(true, true, false);
    assertThat(List.of(has(volume, 4), has(volume, 5), has(volume, 6)))
        .containsExactly(true, false, true);
    assertThat(volume.lastCommit()).isEqualTo(6);
    commit(volume, 7);
    assertThat(has(open(files.afterKill(), RandomWorkload.SMALL), 7)).isTrue();
  }

  @Test
  void aMissingJournalBetweenOthersIsRefused() throws Exception {
    SimulatedFiles files = filesAfter(130);
    assertThat(files.list()).contains("journal-2-1", "journal-2-2", "journal-2-3");
    files.delete("journal-2-2");
    assertThatThrownBy(() -> open(files, RandomWorkload.SMALL))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining("journal-2-1 at offset")
        .hasMessageContaining("follows in journal-2-3 at offset 0");
  }

  @Test
  void journalsOfWhichNothingIsLeftAreRefusedWhenTheOldestAreGone() throws Exception {
    SimulatedFiles files = filesAfter(130);
    files.delete("journal-2-1");
    files.replace("journal-2-2", new byte[100]);
    files.replace("journal-2-3", new byte[100]);
    assertThatThrownBy(() -> open(files, RandomWorkload.SMALL))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining("has no valid record, and no journal has any behind it");
    JournaledVolume volume = open(files, RandomWorkload.SMALL.acceptingLoss());
    assertThat(has(volume, 130)).isFalse();
  }

  @Test
  void journalsOfAnEarlierEpochDoNotCount() throws Exception {
    SimulatedFiles files = filesAfter(3);
    byte[] old = files.bytes(FIRST).clone();
    open(files, RandomWorkload.SMALL).close();
    files.replace("store.db", new byte[1 << 20]);
    files.replace(FIRST, old);
    JournaledVolume volume = open(files, RandomWorkload.SMALL);
    assertThat(has(volume, 1)).isFalse();
    assertThat(volume.lastCommit()).isEqualTo(3);
    assertThat(files.list()).doesNotContain(FIRST);
  }

  @Test
  void aJournalOfALaterEpochIsRefused() {
    SimulatedFiles files = filesAfter(3);
    files.replace("journal-9-1", new byte[100]);
    assertThatThrownBy(() -> open(files, RandomWorkload.SMALL))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining("journal-9-1")
        .hasMessageContaining("Restore one backup as a whole");
  }

  @Test
  void aDirectoryOfANewerVersionIsRefused() {
    SimulatedFiles files = filesAfter(1);
    files.bytes("store.state")[11] = StoreState.FORMAT + 1;
    assertThatThrownBy(() -> open(files, RandomWorkload.SMALL))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining("simulated has format 4, written by a newer version of Harvey");
  }

  @Test
  void aDamagedOrMissingFileIsNamed() throws Exception {
    SimulatedFiles damaged = filesAfter(1);
    damaged.bytes("store.state")[20] ^= 1;
    assertThatThrownBy(() -> open(damaged, RandomWorkload.SMALL))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining("store.state in simulated is damaged");

    for (String name : List.of("store.state", "store.db")) {
      SimulatedFiles files = filesAfter(1);
      files.delete(name);
      assertThatThrownBy(() -> open(files, RandomWorkload.SMALL))
          .isInstanceOf(StoreOpenException.class)
          .hasMessageContaining(name + " is missing in the store directory simulated");
    }
  }

  @Test
  void bytesOfAMessageThatAreAFrameOfAnotherStoreAreNotTakenForOne() {
    SimulatedFiles other = filesAfter(9);
    byte[] frames = Arrays.copyOf(other.bytes(FIRST), 9 * FRAME);
    SimulatedFiles files = new SimulatedFiles();
    JournaledVolume volume = open(files, RandomWorkload.SMALL);
    commit(volume, 1);
    volume.range(5000, frames.length).put(frames);
    volume.commit(() -> {});
    SimulatedFiles left = files.afterKill();
    left.bytes(FIRST)[FRAME + 1] ^= 1;
    assertThat(open(left, RandomWorkload.SMALL).lastCommit()).isEqualTo(1);
  }
}
