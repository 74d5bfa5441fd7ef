package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a full disk, everything that needs no space is committed. */
@Timeout(120)
class FullDiskTest {
  private static final Runnable NOTHING = () -> {};

  /** Positions that far apart have a segment each. */
  private static final long APART = 1_600;

  private static final StoreOptions SMALL =
      new StoreOptions(
          new JournalOptions(1 << 20, 1 << 20, 8 << 20, 1 << 20, 1 << 20, 1 << 20, false));

  private final SimulatedFiles files = new SimulatedFiles();
  private final StepExecutor keeper = new StepExecutor();

  private MapDbStore open(StoreOptions options) {
    return MapDbStore.open(files, options, keeper);
  }

  private static Message message(int bytes) {
    return new Message(Content.address("", "some.queue.name"), new byte[2], new byte[bytes]);
  }

  private static Definition.Queue queue(long log) {
    return new Definition.Queue("/", "q" + log, false, FieldTable.EMPTY, log);
  }

  private static long segmentsOf(MapDbStore store, long log, int count) {
    store.definitions().put(queue(log));
    for (int i = 0; i < count; i++) {
      if (i % 50 == 0) {
        store.messages().commit(NOTHING);
        assertThat(store.messages().reserve(100 * 640)).isTrue();
      }
      store.messages().append(log, i * APART, message(5), true);
      store.messages().append(log, i * APART + 1, message(5), true);
    }
    store.messages().commit(NOTHING);
    return count;
  }

  private void fill(MapDbStore store) {
    MessageStore messages = store.messages();
    files.room(files.used());
    int stored = 0;
    while (messages.reserve(1_600)) {
      messages.append(99, stored++, message(1_000), true);
      messages.commit(NOTHING);
    }
  }

  @Test
  void nothingIsRefusedThatNeedsNoSpace() {
    MapDbStore store = open(SMALL);
    segmentsOf(store, 1, 100);
    keeper.runAll();
    fill(store);
    assertThat(store.messages().reserve(1_600)).isFalse();
    assertThat(store.messages().reserve(0)).isTrue();
  }

  @Test
  void anyNumberOfAcknowledgementsIsCommitted() {
    MapDbStore store = open(SMALL);
    int count = 60_000;
    segmentsOf(store, 1, count);
    keeper.runAll();
    fill(store);
    assertThat(store.messages().reserve(0)).isTrue();
    for (int i = 0; i < count; i++) {
      store.messages().ack(1, i * APART, 7);
    }
    boolean[] durable = {false};
    store.messages().commit(() -> durable[0] = true);
    assertThat(durable[0]).isTrue();
    store.audit();
    files.room(Long.MAX_VALUE);
    MapDbStore again = MapDbStore.open(files.afterKill(), SMALL, keeper);
    assertThat(again.messages().read(1, 0, 10_000_000))
        .hasSize(count)
        .allMatch(message -> message.position() % APART == 1);
  }

  @Test
  void anyNumberOfReturnsDropsAndRemovalsIsCommitted() {
    MapDbStore store = open(SMALL);
    for (int log = 1; log <= 3; log++) {
      store.definitions().put(queue(log));
    }
    int count = 400_000;
    for (int i = 0; i < count; i++) {
      if (i % 1_500 == 0) {
        store.messages().commit(NOTHING);
        assertThat(store.messages().reserve(1_500 * 620)).isTrue();
      }
      store.messages().append(1, i, message(5), true);
    }
    store.messages().commit(NOTHING);
    segmentsOf(store, 2, 3_000);
    segmentsOf(store, 3, 3_000);
    keeper.runAll();
    fill(store);
    assertThat(store.messages().reserve(0)).isTrue();
    for (int i = 0; i < count; i++) {
      store.messages().returned(1, i, 3);
    }
    store.messages().drop(2, 10, Long.MAX_VALUE);
    store.messages().delivered(2, 3_000 * APART);
    store.messages().remove(3);
    store.definitions().remove(queue(3));
    store.messages().commit(NOTHING);
    store.audit();
    files.room(Long.MAX_VALUE);
    MapDbStore again = MapDbStore.open(files.afterKill(), SMALL, keeper);
    assertThat(again.messages().read(1, 0, 1_000_000))
        .isNotEmpty()
        .allMatch(message -> message.deliveries() == 3);
    assertThat(again.messages().read(2, 0, 1_000_000)).hasSize(2);
    assertThat(again.definitions().load()).doesNotContain(queue(3));
    again.audit();
  }

  @Test
  void rewritingSparseSegmentsWaitsForSpace() {
    MapDbStore store = open(StoreOptions.defaults());
    int logs = 12;
    for (int log = 1; log <= logs; log++) {
      store.definitions().put(queue(log));
      for (int i = 0; i < 60; i++) {
        assertThat(store.messages().reserve(2_000)).isTrue();
        store.messages().append(log, i, message(1_000), true);
        store.messages().commit(NOTHING);
      }
      store.messages().append(log, 5 * APART, message(60_000), true);
      store.messages().commit(NOTHING);
      keeper.runAll();
    }
    fill(store);
    for (int round = 0; round < 59; round++) {
      assertThat(store.messages().reserve(0)).isTrue();
      for (int log = 1; log <= logs; log++) {
        store.messages().ack(log, round, 1_002);
      }
      store.messages().commit(NOTHING);
      store.audit();
    }
    assertThat(store.info().messages()).isGreaterThanOrEqualTo(2 * logs);
    files.room(Long.MAX_VALUE);
  }

  @Test
  void segmentsOfSmallMessagesAreNotRewrittenWhileMostIsLive() {
    MapDbStore store = open(StoreOptions.defaults());
    store.definitions().put(queue(1));
    for (int i = 0; i < 5 * APART; i++) {
      store.messages().append(1, i, message(1), true);
    }
    store.messages().commit(NOTHING);
    keeper.runAll();
    long before = written();
    for (int i = 0; i < 50; i++) {
      store.messages().ack(1, i, 3);
    }
    store.messages().commit(NOTHING);
    assertThat(store.tidy()).isFalse();
    assertThat(written() - before).as("bytes in the journal").isLessThan(1_000);
  }

  @Test
  void aPromisedLargeBodyFitsThoughOnlyPiecesAndThePromisedSlabsAreLeft() {
    MapDbStore store = open(StoreOptions.defaults());
    store.definitions().put(queue(1));
    store.definitions().put(queue(2));
    for (int i = 0; i < 800; i++) {
      assertThat(store.messages().reserve(20_000)).isTrue();
      store.messages().append(1, i, message(17_000), true);
      store.messages().commit(NOTHING);
      keeper.runAll();
    }
    for (int i = 0; i < 800; i += 2) {
      store.messages().ack(1, i, 17_002);
    }
    store.messages().commit(NOTHING);
    int large = 6 << 20;
    assertThat(store.messages().reserve(large + 600)).isTrue();
    files.room(files.used());
    store.messages().append(2, 0, message(large), true);
    store.messages().commit(NOTHING);
    store.audit();
    assertThat(store.messages().read(2, 0, 1).get(0).message().body()).hasSize(large);
    files.room(Long.MAX_VALUE);
  }

  @Test
  void theLargestDefinitionFitsIntoPiecesAndALargerOneIsRefusedAndTakesNothing() {
    MapDbStore store = open(StoreOptions.defaults());
    FieldTable most = FieldTable.builder().put("x-filler", "f".repeat(160_000)).build();
    FieldTable more = FieldTable.builder().put("x-filler", "f".repeat(170_000)).build();
    Definition.Queue largest = new Definition.Queue("/", "large", false, most, 1);
    store.definitions().put(largest);
    store.messages().commit(NOTHING);
    assertThatThrownBy(
            () -> store.definitions().put(new Definition.Queue("/", "larger", false, more, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes, more than the");
    store.messages().commit(NOTHING);
    store.audit();
    assertThat(store.definitions().load()).containsExactly(largest);
  }

  /** Bytes of the journal up to where nothing was written. */
  private long written() {
    byte[] journal = files.bytes("journal-2-1");
    int end = journal.length;
    while (end > 0 && journal[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
