package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.store.MemoryStore;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations, with restarts at random, against a simple model of what must be there. */
class StoreModelTest {
  private static final int STEPS = Integer.getInteger("store.model.steps", 1_500);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aStoreOnMapDbDoesWhatTheModelSays(long seed) {
    run(
        seed,
        MapDbStore.open(directory, StoreOptions.defaults()),
        store -> {
          store.close();
          return MapDbStore.open(directory, StoreOptions.defaults());
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aStoreInMemoryDoesWhatTheModelSays(long seed) {
    run(
        seed,
        new MemoryStore(),
        store -> {
          store.close();
          return store;
        });
  }

  private static void run(long seed, BrokerStore first, UnaryOperator<BrokerStore> restart) {
    BrokerStore store = first;
    StoreModel model = new StoreModel(seed);
    for (int step = 0; step < STEPS; step++) {
      model.change(store);
      if (model.random().nextInt(8) == 0) {
        model.commit(store);
        audit(store);
        model.checkSome(store);
      }
      if (model.random().nextInt(100) == 0) {
        model.commit(store);
        store = restart.apply(store);
        model.restarted();
        audit(store);
        model.checkAll(store);
      }
    }
    model.commit(store);
    store = restart.apply(store);
    model.restarted();
    model.checkAll(store);
    store.close();
    assertThat(model.appended()).isPositive();
  }

  private static void audit(BrokerStore store) {
    if (store instanceof MapDbStore onDisk) {
      onDisk.audit();
    }
  }

  static void assertSame(Message found, Message expected, String what) {
    assertThat(Messages.same(found, expected)).as(what).isTrue();
  }
}
