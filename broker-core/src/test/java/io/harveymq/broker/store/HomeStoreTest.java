package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.codec.FieldTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a home loop and the store thread hand batches to and fro. */
class HomeStoreTest {
  private final MemoryStore kept = new MemoryStore();
  private final FullStore disk = new FullStore(kept);
  private final TestBroker broker = TestBroker.on(disk);
  private final List<String> told = new ArrayList<>();

  private void store(String queue) {
    broker
        .home()
        .run(
            () -> {
              HomeStore store = broker.home().store();
              store.put(new Definition.Queue("/", queue, false, FieldTable.EMPTY, 0));
              store.whenCommitted(() -> told.add(queue));
            });
  }

  private List<String> stored() {
    return kept.load().stream()
        .filter(Definition.Queue.class::isInstance)
        .map(queue -> ((Definition.Queue) queue).name())
        .toList();
  }

  @Test
  void theStoreThreadGoesOnWithWhatGatheredMeanwhileWithoutAskingTheLoop() {
    broker.holdStore(true);
    store("a");
    broker.run();
    store("b");
    store("c");
    broker.run();
    assertThat(stored()).isEmpty();
    broker.runStore();
    assertThat(stored()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(told).as("the loop stood still").isEmpty();
    assertThat(broker.home().store().hasUnstoredDefinitions()).isTrue();
    broker.run();
    assertThat(told).containsExactly("a", "b", "c");
    assertThat(broker.home().store().isIdle()).isTrue();
  }

  @Test
  void whatWasOfferedIsTakenBackToAddToIt() {
    broker.holdStore(true);
    store("a");
    broker.run();
    store("b");
    broker.run();
    long number = broker.home().store().batchNumber();
    store("c");
    assertThat(broker.home().store().batchNumber()).as("of the same batch").isEqualTo(number);
    broker.runStore();
    assertThat(stored()).as("its turn is not over").containsExactly("a");
    broker.holdStore(false);
    broker.run();
    assertThat(stored()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(told).containsExactly("a", "b", "c");
  }

  @Test
  void whatTheStoreThreadHasTakenIsNotAddedTo() {
    broker.holdStore(true);
    store("a");
    broker.run();
    store("b");
    broker.run();
    long number = broker.home().store().batchNumber();
    store("c");
    broker.run();
    broker.runStore();
    assertThat(broker.home().store().batchNumber()).isGreaterThan(number);
    store("d");
    broker.holdStore(false);
    broker.run();
    assertThat(stored()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(told).containsExactly("a", "b", "c", "d");
  }

  /** The loop hears of the first commit before the second batch is taken, or after that. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsTakenWhenTheDiskHasBecomeFullIsStoredLater(boolean heardBefore) {
    broker.holdStore(true);
    store("a");
    broker.run();
    store("b");
    broker.run();
    disk.whenCommitted(
        () -> {
          disk.full(true);
          if (heardBefore) {
            broker.run();
          }
        });
    broker.runStore();
    disk.whenCommitted(() -> {});
    store("c");
    broker.holdStore(false);
    broker.run();
    broker.advance(1_000);
    assertThat(stored()).containsExactly("a");
    assertThat(told).containsExactly("a");
    disk.full(false);
    broker.advance(1_000);
    assertThat(stored()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(told).containsExactly("a", "b", "c");
    assertThat(broker.home().store().isIdle()).isTrue();
  }

  @Test
  void whoWaitsForALaterCommitIsToldLater() {
    List<Integer> order = new ArrayList<>();
    broker.holdStore(true);
    for (int batch = 0; batch < 3; batch++) {
      int first = 1_000 * batch;
      broker
          .home()
          .run(
              () -> {
                for (int i = 0; i < 200; i++) {
                  int number = first + i;
                  broker.home().store().whenCommitted(() -> order.add(number));
                }
              });
      broker.run();
      if (batch == 1) {
        broker.runStore();
      }
    }
    broker.holdStore(false);
    broker.run();
    assertThat(order).hasSize(600).isSorted();
  }

  @Test
  void manyWhoWaitForACommitAreToldInOrderOverManyTurns() {
    int count = 10_000;
    List<Integer> told = new ArrayList<>();
    broker
        .home()
        .run(
            () -> {
              for (int i = 0; i < count; i++) {
                int number = i;
                broker.home().store().whenCommitted(() -> told.add(number));
              }
            });
    int[] last = {0};
    int[] most = {0};
    broker.afterTurn(
        () -> {
          most[0] = Math.max(most[0], told.size() - last[0]);
          last[0] = told.size();
        });
    broker.run();
    assertThat(told).hasSize(count).isSorted();
    assertThat(most[0]).isBetween(1, 100);
  }
}
