package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.codec.Content;
import io.harveymq.persistence.journal.DiskFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Purges and deletions of long queues. */
@Timeout(120)
class DroppedSegmentsTest {
  private static final Runnable NOTHING = () -> {};

  /** Positions that far apart have a segment each. */
  private static final long APART = Segment.SPAN;

  @TempDir Path home;

  private final ExecutorService keeper = Executors.newSingleThreadExecutor();
  private MapDbStore store;

  private void open(String name) {
    store = MapDbStore.open(new DiskFiles(home.resolve(name)), StoreOptions.defaults(), keeper);
  }

  /** The files as they are, as if the process had been killed now. */
  private void openCopy() throws Exception {
    // on the keeper's own thread: nobody changes the files meanwhile
    keeper.submit(this::copy).get();
    store.close();
    open("copy");
  }

  private Void copy() throws IOException {
    Path to = Files.createDirectory(home.resolve("copy"));
    try (Stream<Path> files = Files.list(home.resolve("store"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return null;
  }

  @AfterEach
  void close() {
    store.close();
    keeper.shutdown();
  }

  private void append(long log, int count) {
    append(log, 0, count);
  }

  private void append(long log, int from, int until) {
    Message message = new Message(Content.address("", "q"), new byte[2], new byte[20]);
    for (int i = from; i < until; i++) {
      store.messages().append(log, i * APART, message, true);
      if (i % 1_000 == 0) {
        store.messages().commit(NOTHING);
      }
    }
    store.messages().commit(NOTHING);
  }

  private List<Long> positions(long log) {
    return store.messages().read(log, 0, Integer.MAX_VALUE).stream()
        .map(StoredMessage::position)
        .toList();
  }

  @Test
  void aLongPurgeIsDoneInPartsOverSeveralCommits() {
    open("store");
    store.definitions().put(Messages.queue(1));
    append(1, 15_000);
    store.messages().drop(1, 3 * APART, Long.MAX_VALUE);
    store.messages().commit(NOTHING);
    assertThat(positions(1)).containsExactly(0L, APART, 2 * APART);
    assertThat(store.info().messages()).isEqualTo(3);
    assertThat(store.info().segments()).as("not all at once").isGreaterThan(10_000);
    store.audit();
    int commits = 0;
    while (store.tidy()) {
      store.audit();
      commits++;
    }
    assertThat(commits).isBetween(2, 5);
    assertThat(store.info().segments()).isLessThan(5);
    assertThat(store.info().liveBytes()).isLessThan(30_000_000);
    append(1, 15_000, 15_010);
    assertThat(positions(1)).hasSize(13);
  }

  @Test
  void whatWasPurgedDoesNotComeBackThoughTheBrokerIsKilledBeforeAllIsFreed() throws Exception {
    open("store");
    store.definitions().put(Messages.queue(1));
    append(1, 17_000);
    store.messages().drop(1, 3 * APART, Long.MAX_VALUE);
    store.messages().commit(NOTHING);
    append(1, 17_000, 17_002);
    assertThat(store.tidy()).isTrue();
    openCopy();
    assertThat(positions(1)).containsExactly(0L, APART, 2 * APART, 17_000 * APART, 17_001 * APART);
    store.audit();
    assertThat(store.tidy()).as("nothing is left for later").isFalse();
  }

  @Test
  void severalPurgesMayBeUnderWayWhenTheBrokerIsKilled() throws Exception {
    open("store");
    store.definitions().put(Messages.queue(1));
    store.definitions().put(Messages.queue(2));
    append(1, 9_000);
    append(2, 9_000);
    store.messages().drop(1, 0, 4_000 * APART);
    store.messages().drop(2, 1 * APART, 8_999 * APART);
    store.messages().drop(1, 4_500 * APART, 8_990 * APART);
    store.messages().commit(NOTHING);
    openCopy();
    store.audit();
    assertThat(positions(1)).hasSize(510).contains(4_000 * APART, 8_990 * APART);
    assertThat(positions(2)).containsExactly(0L, 8_999 * APART);
  }

  @Test
  void aDeletedQueueDoesNotComeBackUnderTheSameNumber() throws Exception {
    open("store");
    store.definitions().put(Messages.queue(1));
    append(1, 9_000);
    store.messages().remove(1);
    store.definitions().remove(Messages.queue(1));
    store.messages().commit(NOTHING);
    openCopy();
    store.audit();
    assertThat(store.info().segments()).isZero();
    assertThat(store.messages().logs()).isEmpty();
  }

  @Test
  void aLogRemovedWhoseQueueStaysIsEmptyAfterAKill() throws Exception {
    open("store");
    store.definitions().put(Messages.queue(1));
    append(1, 9_000);
    store.messages().remove(1);
    store.messages().commit(NOTHING);
    openCopy();
    store.audit();
    assertThat(positions(1)).isEmpty();
  }

  private static final Definition.Queue STREAM = Messages.stream(10);

  @ParameterizedTest
  @ValueSource(ints = {40, 9_000})
  void aSegmentThatAStreamGaveUpDoesNotComeBackInPart(int length) throws Exception {
    open("store");
    store.definitions().put(STREAM);
    append(11, length);
    append(12, length, length + 3);
    store.messages().remove(11);
    append(12, length + 3, length + 5);
    assertThat(store.tidy()).as("not all at once").isEqualTo(length > 5_000);
    openCopy();
    store.audit();
    assertThat(store.messages().logs()).extracting(MessageStore.Log::number).containsExactly(12L);
    assertThat(positions(12)).hasSize(5);
    assertThat(positions(11)).isEmpty();
    assertThat(store.info().segments()).isEqualTo(5);
  }

  @Test
  void aStreamDeletedWhileALongSegmentIsFreedLeavesNothing() throws Exception {
    open("store");
    store.definitions().put(STREAM);
    append(11, 9_000);
    append(12, 9_000, 18_000);
    store.messages().remove(11);
    store.messages().commit(NOTHING);
    store.messages().remove(12);
    store.definitions().remove(STREAM);
    store.messages().commit(NOTHING);
    assertThat(store.info().segments()).isPositive();
    openCopy();
    store.audit();
    assertThat(store.messages().logs()).isEmpty();
    assertThat(store.info().segments()).isZero();
  }

  @Test
  void droppedMessagesWithLargeBodiesGiveBackTheirSpace() {
    open("store");
    store.definitions().put(Messages.queue(1));
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      store.messages().append(1, i * APART, Messages.random(random, i, 40_000), true);
    }
    store.messages().commit(NOTHING);
    store.messages().drop(1, 0, Long.MAX_VALUE);
    store.messages().commit(NOTHING);
    while (store.tidy()) {
      store.audit();
    }
    store.audit();
    assertThat(store.info().liveBytes()).isLessThan(200_000);
  }
}
