package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a home loop does when the store thread is done with a batch. */
class HomeStoreTest {
  private final TestBroker broker = TestBroker.on(new MemoryStore());

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
