package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Disks that fail, hang or are full. */
class FailingDiskTest {
  private final SimulatedFiles files = new SimulatedFiles();
  private final StepExecutor keeper = new StepExecutor();
  private final List<String> durable = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  private JournaledVolume open() {
    JournaledVolume volume = JournaledVolume.open(files, RandomWorkload.SMALL, keeper);
    volume.whenFailed(failures::add);
    return volume;
  }

  private void commit(JournaledVolume volume, int length) {
    volume.range(1000, length).put(new byte[length]);
    volume.commit(() -> durable.add("durable"));
  }

  @Test
  void aForceThatFailsReleasesNothingAndEndsTheVolume() throws Exception {
    JournaledVolume volume = open();
    IOException broken = new IOException("Input/output error");
    files.forceFails(broken);
    assertThatThrownBy(() -> commit(volume, 10))
        .isInstanceOf(StoreFailedException.class)
        .hasCause(broken);
    files.forceFails(null);
    assertThatThrownBy(() -> commit(volume, 10)).isInstanceOf(StoreFailedException.class);
    assertThatThrownBy(() -> volume.read(0, ByteBuffer.allocate(1)))
        .isInstanceOf(StoreFailedException.class);
    assertThatThrownBy(() -> volume.reserve(1)).isInstanceOf(StoreFailedException.class);
    assertThat(durable).isEmpty();
    assertThat(failures).containsExactly(broken);

    volume.close();
    assertThat(files.list()).as("left for recovery").contains("journal-2-1");
  }

  @Test
  void aForceThatNeverReturnsReleasesNothing() throws Exception {
    JournaledVolume volume = open();
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    files.beforeForce(
        () -> {
          reached.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new SimulatedFiles.Crash();
          }
        });
    Thread store = new Thread(() -> assertThatThrownBy(() -> commit(volume, 10)).isNotNull());
    store.start();
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(durable).isEmpty();
    assertThat(volume.lastCommit()).isZero();
    store.interrupt();
    store.join();
    assertThat(durable).isEmpty();
  }

  @Test
  void aForceOfTheBaseThatFailsInTheBackgroundEndsTheVolume() {
    JournaledVolume volume = open();
    keeper.runAll();
    commit(volume, 6000);
    commit(volume, 6000);
    assertThat(durable).hasSize(2);
    files.forceFails(new IOException("Input/output error"));
    keeper.runAll();
    assertThat(failures).hasSize(1);
    files.forceFails(null);
    assertThatThrownBy(() -> commit(volume, 10))
        .isInstanceOf(StoreFailedException.class)
        .hasRootCauseMessage("Input/output error");
    assertThat(durable).hasSize(2);
  }

  @Test
  void whatOneWaitedForMayThrowAndTheCommitStands() {
    JournaledVolume volume = open();
    volume.range(1000, 1).put((byte) 7);
    assertThatThrownBy(
            () ->
                volume.commit(
                    () -> {
                      throw new IllegalStateException("listener");
                    }))
        .hasMessage("listener");
    assertThat(volume.getByte(1000)).isEqualTo((byte) 7);
    commit(volume, 10);
    assertThat(durable).hasSize(1);
  }

  @Test
  void reserveOnAFullDiskIsFalseAndLeavesTheFileAsItWas() {
    JournaledVolume volume = open();
    keeper.runAll();
    long length = volume.length();
    files.room(files.used() + (2 << 20) + 5000);
    assertThat(volume.reserve(length + (4 << 20))).isFalse();
    assertThat(volume.length()).isEqualTo(length);
    assertThat(files.bytes("store.db")).hasSize((int) length);
    commit(volume, 10);
    assertThat(durable).hasSize(1);

    assertThat(volume.reserve(length + (2 << 20))).isTrue();
    assertThat(volume.length()).isEqualTo(length + (2 << 20));
  }

  @Test
  void theFileGrowsAheadOfNeedInSteps() {
    JournaledVolume volume = open();
    long length = volume.length();
    for (int i = 0; i < 10; i++) {
      assertThat(volume.reserve(length)).isTrue();
    }
    assertThat(volume.length()).isEqualTo(length);
    keeper.runAll();
    assertThat(volume.length()).isEqualTo(length + (1 << 20));
  }

  @Test
  void commitsGoOnWhenTheDiskIsFullWithTheJournalsThatAreThere() {
    JournaledVolume volume = open();
    commit(volume, 3000);
    long full = files.used();
    files.room(full);
    for (int i = 0; i < 50; i++) {
      commit(volume, 3000);
      if (i % 3 == 0) {
        keeper.step();
      }
      files.room(Math.min(files.used(), full));
    }
    assertThat(durable).hasSize(51);
    assertThat(failures).isEmpty();
    SimulatedFiles left = files.afterKill();
    left.room(Long.MAX_VALUE);
    assertThat(JournaledVolume.open(left, RandomWorkload.SMALL, new StepExecutor()).lastCommit())
        .isEqualTo(51);
  }

  @Test
  void journalsStayBelowTheirLimitThoughTheKeeperNeverRuns() {
    JournaledVolume volume = open();
    for (int i = 0; i < 400; i++) {
      commit(volume, 3000);
      assertThat(volume.journalBytes())
          .isLessThanOrEqualTo(RandomWorkload.SMALL.journalLimit() + (64 << 10));
    }
    assertThat(durable).hasSize(400);
  }

  @Test
  void pinnedJournalsAreAllKeptAndGoWhenUnpinned() {
    JournaledVolume volume = open();
    keeper.runAll();
    volume.pin();
    for (int i = 0; i < 30; i++) {
      commit(volume, 3000);
      keeper.runAll();
    }
    assertThat(files.list()).contains("journal-2-1", "journal-2-2", "journal-2-3");
    long pinned = volume.journalBytes();
    volume.unpin();
    keeper.runAll();
    assertThat(volume.journalBytes()).isLessThan(pinned);
    assertThat(files.list()).doesNotContain("journal-2-1");
  }

  @Test
  void aCopyOfTheBaseAndThenOfPinnedJournalsIsABackup() {
    JournaledVolume volume = open();
    keeper.runAll();
    for (int i = 0; i < 30; i++) {
      commit(volume, 3000);
      keeper.runAll();
    }
    volume.pin();
    SimulatedFiles copy = new SimulatedFiles();
    byte[] base = files.bytes("store.db");
    byte[] copied = java.util.Arrays.copyOf(base, base.length);
    volume.range(1500, 1).put((byte) 42);
    volume.commit(() -> {});
    commit(volume, 400);
    System.arraycopy(base, 1200, copied, 1200, 100);
    copy.replace("store.db", copied);
    copy.replace("store.state", files.bytes("store.state").clone());
    for (String name : files.list()) {
      if (name.startsWith("journal-")) {
        copy.replace(name, files.bytes(name).clone());
      }
    }
    volume.unpin();
    JournaledVolume restored = JournaledVolume.open(copy, RandomWorkload.SMALL, new StepExecutor());
    assertThat(restored.lastCommit()).isEqualTo(32);
    assertThat(restored.getByte(1500)).isEqualTo((byte) 42);
  }
}
