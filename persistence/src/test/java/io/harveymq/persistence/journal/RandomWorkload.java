package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mapdb.Serializer;
import org.mapdb.StoreDirect;

/**
 * Random transactions on a volume, and what must be in it after each: ranges in a region that MapDB
 * never reaches, and records of MapDB's.
 */
final class RandomWorkload {
  /** Small sizes, so that transactions take several frames and files. */
  static final JournalOptions SMALL =
      new JournalOptions(8 << 10, 32 << 10, 200 << 10, 4 << 10, 1 << 20, 2 << 20, false);

  private static final long REGION = 3 << 20;
  private static final int REGION_LENGTH = 48 << 10;
  private static final int MAX_RECORDS = 8;

  /** What a commit left. */
  private record Model(long sequence, byte[] region, Map<Long, byte[]> records) {
    Model copy(long newSequence) {
      return new Model(newSequence, region.clone(), new HashMap<>(records));
    }
  }

  private final Random random;
  private Model confirmed = new Model(0, new byte[REGION_LENGTH], Map.of());
  private Model attempted = confirmed;

  private StepExecutor keeper;
  private JournaledVolume volume;
  private StoreDirect store;

  RandomWorkload(long seed) {
    random = new Random(seed);
  }

  /** Opens the volume, compares everything, makes transactions, and maybe closes it. */
  void live(SimulatedFiles files, int transactions) {
    keeper = new StepExecutor();
    volume = JournaledVolume.open(files, SMALL, keeper);
    verify();
    long before = volume.lastCommit();
    if (volume.asFactory().exists(null)) {
      store = JournaledVolumeTest.store(volume);
    } else {
      attempted = confirmed.copy(before + 1);
      store = JournaledVolumeTest.store(volume);
      confirmed = attempted;
    }
    assertThat(volume.reserve(REGION + REGION_LENGTH)).isTrue();
    compareRecords();
    for (int i = 0; i < transactions; i++) {
      transaction();
      for (int jobs = random.nextInt(3); jobs > 0; jobs--) {
        keeper.step();
      }
    }
    compareRegion();
    compareRecords();
    if (random.nextBoolean()) {
      volume.range(REGION, 5).put(new byte[5]);
      volume.close();
    }
  }

  /**
   * What a crash left is the state after the last confirmed transaction or after the one under way.
   */
  private void verify() {
    long sequence = volume.lastCommit();
    assertThat(sequence).isIn(confirmed.sequence(), attempted.sequence());
    confirmed = sequence == attempted.sequence() ? attempted : confirmed;
    attempted = confirmed;
    if (volume.length() >= REGION + REGION_LENGTH) {
      compareRegion();
    } else {
      assertThat(confirmed.region()).containsOnly(0);
    }
  }

  private void compareRegion() {
    ByteBuffer region = ByteBuffer.allocate(REGION_LENGTH);
    volume.read(REGION, region);
    assertThat(Arrays.mismatch(region.array(), confirmed.region())).isEqualTo(-1);
  }

  private void compareRecords() {
    store.verify();
    confirmed
        .records()
        .forEach(
            (id, bytes) ->
                assertThat(Arrays.equals(store.get(id, Serializer.BYTE_ARRAY_NOSIZE), bytes))
                    .isTrue());
  }

  private void transaction() {
    Model next = confirmed.copy(volume.lastCommit() + 1);
    List<Integer> bounds = new ArrayList<>();
    int ranges = random.nextInt(10) == 0 ? 60 : random.nextInt(5);
    for (int i = 0; i < ranges; i++) {
      int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 9000 : 300);
      bounds.add(length);
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      int at = random.nextInt(REGION_LENGTH - length);
      volume.range(REGION + at, length).put(bytes);
      System.arraycopy(bytes, 0, next.region(), at, length);
    }
    boolean changed = ranges > 0;
    if (random.nextInt(4) == 0) {
      record(next.records());
      changed = true;
    }
    if (random.nextInt(10) == 0) {
      assertThat(volume.reserve(volume.length())).isTrue();
    }
    if (!changed) {
      next = confirmed;
    }
    Model model = next;
    attempted = model;
    volume.commit(() -> confirmed = model);
    assertThat(confirmed).isSameAs(model);
    assertThat(volume.lastCommit()).isEqualTo(model.sequence());
  }

  private void record(Map<Long, byte[]> records) {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? 65_520 : 16 + random.nextInt(600)];
    random.nextBytes(bytes);
    if (records.size() < MAX_RECORDS) {
      records.put(store.put(bytes, Serializer.BYTE_ARRAY_NOSIZE), bytes);
      return;
    }
    List<Long> ids = new ArrayList<>(records.keySet());
    ids.sort(null);
    long id = ids.get(random.nextInt(ids.size()));
    byte[] same = new byte[records.get(id).length];
    random.nextBytes(same);
    store.update(id, same, Serializer.BYTE_ARRAY_NOSIZE);
    records.put(id, same);
  }
}
