package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.StreamQueue;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.codec.FieldTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream has one definition and a log for each segment, at positions that go on. */
class StreamLogsTest {
  private static final Runnable NOTHING = () -> {};
  private static final long BASE = 10;
  private static final long BEHIND = BASE + StreamQueue.LOG_NUMBERS;
  private static final int PER_SEGMENT = 5_000;
  private static final long TIME = 1_700_000_000_000L;
  private static final Definition.Queue STREAM =
      new Definition.Queue(
          "/", "s", false, FieldTable.builder().put("x-queue-type", "stream").build(), BASE);

  @TempDir Path home;
  private MapDbStore store;

  private Path directory() {
    return home.resolve("store");
  }

  private void open() {
    store = MapDbStore.open(directory(), StoreOptions.defaults());
  }

  private void reopen() {
    store.close();
    open();
  }

  private static Message message(long position) {
    return Messages.random(new Random(position), position, 20 + (int) (position % 90));
  }

  @BeforeEach
  void fill() {
    open();
    store.definitions().put(STREAM);
    store.definitions().put(Messages.queue(BEHIND));
    for (int segment = 0; segment < 4; segment++) {
      for (int i = 0; i < PER_SEGMENT; i++) {
        long position = segment * PER_SEGMENT + i;
        append(BASE + 1 + segment, position);
      }
      store.messages().commit(NOTHING);
    }
    append(BEHIND - 1, 4 * PER_SEGMENT);
    append(BEHIND, 0);
    append(BEHIND + 1, 0);
    append(BASE - 1, 0);
    store.messages().commit(NOTHING);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void append(long log, long position) {
    store.messages().append(log, position, message(position), TIME + position, true);
  }

  private TreeMap<Long, MessageStore.Log> logs() {
    TreeMap<Long, MessageStore.Log> logs = new TreeMap<>();
    store.messages().logs().forEach(log -> logs.put(log.number(), log));
    return logs;
  }

  private void expectRead(long log, long position) {
    List<StoredMessage> found = store.messages().read(log, position, 1);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).position()).isEqualTo(position);
    assertThat(found.get(0).due()).isEqualTo(TIME + position);
    assertThat(Messages.same(found.get(0).message(), message(position))).isTrue();
  }

  private void expectAll() {
    TreeMap<Long, MessageStore.Log> logs = logs();
    assertThat(logs.keySet())
        .containsExactly(BASE + 1, BASE + 2, BASE + 3, BASE + 4, BEHIND - 1, BEHIND);
    for (int segment = 0; segment < 4; segment++) {
      MessageStore.Log log = logs.get(BASE + 1 + segment);
      assertThat(log.messages()).isEqualTo(PER_SEGMENT);
      assertThat(log.firstPosition()).isEqualTo(segment * PER_SEGMENT);
      assertThat(log.nextPosition()).isEqualTo((segment + 1) * PER_SEGMENT);
      expectRead(log.number(), log.firstPosition());
      expectRead(log.number(), log.firstPosition() + 1_777);
      expectRead(log.number(), log.nextPosition() - 1);
    }
  }

  @Test
  void itsSegmentsAreThereAgainAndNoOthers() {
    reopen();
    expectAll();
    store.audit();
  }

  @Test
  void compactionAndBackupKeepThem() throws Exception {
    Path copy = home.resolve("copy");
    store.backup(copy, Runnable::run);
    store.close();
    MapDbStore.compact(directory(), StoreOptions.defaults());
    assertThat(StoreVerifier.verify(directory())).isEmpty();
    open();
    expectAll();
    store.close();
    store = MapDbStore.open(copy, StoreOptions.defaults());
    expectAll();
  }

  @Test
  void aSegmentThatIsRemovedGoesAndTheOthersKeepTheirPositions() throws Exception {
    store.messages().remove(BASE + 1);
    store.messages().remove(BASE + 2);
    store.messages().commit(NOTHING);
    while (store.tidy()) {
      assertThat(logs().firstKey()).isEqualTo(BASE + 3);
    }
    store.audit();
    reopen();
    assertThat(logs().firstKey()).isEqualTo(BASE + 3);
    expectRead(BASE + 3, 2 * PER_SEGMENT);
    append(BEHIND - 1, 4 * PER_SEGMENT + 1);
    store.messages().commit(NOTHING);
    reopen();
    assertThat(logs().get(BEHIND - 1).nextPosition()).isEqualTo(4 * PER_SEGMENT + 2);
    store.close();
    assertThat(StoreVerifier.verify(directory())).isEmpty();
    open();
  }

  @Test
  void theyGoWithTheirStream() {
    store.definitions().remove(STREAM);
    store.messages().commit(NOTHING);
    reopen();
    assertThat(logs().keySet()).containsExactly(BEHIND);
  }

  @Test
  void segmentsThatComeAndGoTakeNoMoreSpace() throws Exception {
    long number = BASE + 5;
    long position = 5 * PER_SEGMENT;
    long size = 0;
    for (int round = 0; round < 30; round++) {
      for (int i = 0; i < PER_SEGMENT; i++) {
        append(number, position++);
      }
      store.messages().remove(number++ - 4);
      store.messages().commit(NOTHING);
      if (round == 9) {
        size = Files.size(directory().resolve("store.db"));
      }
    }
    assertThat(Files.size(directory().resolve("store.db"))).isLessThanOrEqualTo(size);
    store.audit();
  }
}
