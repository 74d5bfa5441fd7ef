package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two threads do with the same batches at the same time. */
class HandOverTest {
  private static final int BATCHES = 100_000;
  private static final StoreBatch END = new StoreBatch();

  private final HandOver handOver = new HandOver();
  private final BlockingQueue<StoreBatch> given = new LinkedBlockingQueue<>();
  private final List<StoreBatch> committed = new ArrayList<>();

  private void commitAll() {
    try {
      for (StoreBatch first = given.take(); first != END; first = given.take()) {
        for (StoreBatch next = first; next != null; next = handOver.next()) {
          committed.add(next);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean offer(StoreBatch batch) {
    boolean waits = handOver.offer(batch);
    if (!waits) {
      given.add(batch);
    }
    return waits;
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void eachBatchIsCommittedOnceInOrderAndNoneIsForgotten() throws InterruptedException {
    Thread store = new Thread(this::commitAll);
    store.start();
    List<StoreBatch> offered = new ArrayList<>();
    int takenBack = 0;
    while (offered.size() < BATCHES) {
      StoreBatch batch = new StoreBatch();
      offered.add(batch);
      for (int again = offered.size() % 3; offer(batch) && again > 0; again--) {
        if (!handOver.takeBack(batch)) {
          break;
        }
        takenBack++;
      }
      while (!handOver.isTaken(batch)) {
        Thread.onSpinWait();
      }
    }
    given.add(END);
    store.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(committed).hasSameSizeAs(offered);
    for (int i = 0; i < BATCHES; i++) {
      assertThat(committed.get(i)).isSameAs(offered.get(i));
    }
    assertThat(takenBack).as("the loop won some of the races").isPositive();
  }
}
