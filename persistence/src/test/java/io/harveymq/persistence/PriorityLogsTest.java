package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.codec.FieldTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue with priorities has a log for each of them and only one definition. */
class PriorityLogsTest {
  private static final Runnable NOTHING = () -> {};
  private static final Definition.Queue QUEUE =
      new Definition.Queue(
          "/", "q", false, FieldTable.builder().put("x-max-priority", 3).build(), 10);

  @TempDir Path home;
  private final Random random = new Random(1);
  private MapDbStore store;

  @BeforeEach
  void fill() {
    store = MapDbStore.open(home.resolve("store"), StoreOptions.defaults());
    store.definitions().put(QUEUE);
    for (long log : new long[] {10, 12, 13}) {
      for (int i = 0; i < log; i++) {
        store.messages().append(log, i, Messages.random(random, i, (int) log), true);
      }
    }
    store.messages().append(14, 0, Messages.random(random, 0, 5), true);
    store.messages().append(9, 0, Messages.random(random, 0, 5), true);
    store.messages().commit(NOTHING);
  }

  private Map<Long, Long> reopened() {
    store.close();
    store = MapDbStore.open(home.resolve("store"), StoreOptions.defaults());
    return bytes();
  }

  private Map<Long, Long> bytes() {
    Map<Long, Long> bytes = new TreeMap<>();
    for (MessageStore.Log log : store.messages().logs()) {
      assertThat(log.bytes()).isEqualTo((long) log.messages() * log.number());
      bytes.put(log.number(), log.bytes());
    }
    return bytes;
  }

  @Test
  void allOfItsLogsAreThereAgainAndNoOthers() {
    assertThat(reopened()).isEqualTo(Map.of(10L, 100L, 12L, 144L, 13L, 169L));
    store.close();
  }

  @Test
  void compactionKeepsThemAll() throws Exception {
    store.close();
    MapDbStore.compact(home.resolve("store"), StoreOptions.defaults());
    store = MapDbStore.open(home.resolve("store"), StoreOptions.defaults());
    assertThat(bytes()).isEqualTo(Map.of(10L, 100L, 12L, 144L, 13L, 169L));
    store.close();
  }

  @Test
  void theyGoWithTheirQueue() {
    store.definitions().remove(QUEUE);
    store.messages().commit(NOTHING);
    assertThat(reopened()).isEmpty();
    store.close();
  }
}
