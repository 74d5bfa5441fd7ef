package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.LogNumbers;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.codec.FieldTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs that a quorum queue has besides its first belong to its definition, too. */
class QuorumLogsTest {
  private static final Runnable NOTHING = () -> {};
  private static final long FIRST = 10;
  private static final long HIGH = LogNumbers.ofPriority(FIRST, 31);
  private static final long LOW = LogNumbers.ofPriority(FIRST, 0);
  private static final long DELAYS = LogNumbers.ofDelays(FIRST);
  private static final long OF_NOBODY = LogNumbers.ofPriority(11, 31);
  private static final Definition.Queue QUEUE =
      new Definition.Queue(
          "/", "q", false, FieldTable.builder().put("x-queue-type", "quorum").build(), FIRST);

  @TempDir Path home;
  private final Random random = new Random(1);
  private MapDbStore store;

  @BeforeEach
  void fill() {
    store = open();
    store.definitions().put(QUEUE);
    for (long log : new long[] {FIRST, HIGH, LOW, DELAYS, OF_NOBODY}) {
      store.messages().append(log, 0, Messages.random(random, 0, 5), true);
      store.messages().append(log, 1_000_000, Messages.random(random, 1, 5), true);
    }
    store.messages().commit(NOTHING);
  }

  private MapDbStore open() {
    return MapDbStore.open(home.resolve("store"), StoreOptions.defaults());
  }

  private Map<Long, Integer> reopened() {
    store.close();
    store = open();
    Map<Long, Integer> messages = new TreeMap<>();
    for (MessageStore.Log log : store.messages().logs()) {
      messages.put(log.number(), log.messages());
    }
    return messages;
  }

  @Test
  void areThereAgainAndThoseOfNobodyAreNot() {
    assertThat(reopened()).isEqualTo(Map.of(FIRST, 2, HIGH, 2, LOW, 2, DELAYS, 2));
    store.close();
  }

  @Test
  void keepTheirMessagesWhenTheFirstHasNone() {
    store.messages().drop(FIRST, 0, 2_000_000);
    store.messages().commit(NOTHING);
    assertThat(reopened()).containsEntry(HIGH, 2).containsEntry(DELAYS, 2);
    assertThat(reopened()).containsEntry(HIGH, 2).containsEntry(DELAYS, 2);
    store.close();
  }

  @Test
  void compactionKeepsThem() throws Exception {
    store.close();
    MapDbStore.compact(home.resolve("store"), StoreOptions.defaults());
    store = open();
    assertThat(reopened()).isEqualTo(Map.of(FIRST, 2, HIGH, 2, LOW, 2, DELAYS, 2));
    store.close();
  }

  @Test
  void goWithTheDefinition() {
    store.definitions().remove(QUEUE);
    store.messages().commit(NOTHING);
    assertThat(reopened()).isEmpty();
    store.close();
  }

  @Test
  void numbersTellToWhichQueueTheyBelong() {
    for (long number : new long[] {FIRST, HIGH, LOW, DELAYS}) {
      assertThat(number).isPositive();
      assertThat(LogNumbers.first(number)).isEqualTo(FIRST);
      assertThat(LogNumbers.isBesides(number)).isEqualTo(number != FIRST);
    }
    store.close();
  }
}
