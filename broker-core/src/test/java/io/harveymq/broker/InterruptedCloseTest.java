package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.FullStore;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.FieldTable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InterruptedCloseTest {
  @Test
  void theStoreIsNotClosedUnderItsThread() throws Exception {
    MemoryStore kept = new MemoryStore();
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FullStore store = new FullStore(kept);
    store.slow(committing, goOn);
    Broker broker = Broker.start(BrokerConfig.builder().build(), store);
    Definition queue = new Definition.Queue("/", "q", false, FieldTable.EMPTY, 1);
    broker.home().execute(() -> broker.home().store().put(queue));
    assertThat(committing.await(30, TimeUnit.SECONDS)).isTrue();
    Thread closing = new Thread(broker::close);
    closing.start();
    closing.interrupt();
    closing.join(2_000);
    assertThat(closing.isAlive()).as("waits for the commit").isTrue();
    goOn.countDown();
    closing.join();
    assertThat(store.closedInCommit()).isFalse();
    assertThat(kept.load()).contains(queue);
  }
}
