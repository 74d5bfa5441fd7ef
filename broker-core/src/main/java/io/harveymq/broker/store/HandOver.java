package io.harveymq.broker.store;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a home loop lays its gathered batch while the store thread is busy with another of the same
 * loop. The store thread takes it as soon as it is done, without asking the loop first, which would
 * cost two wake-ups for each commit; until then the loop may take it back and go on gathering.
 */
final class HandOver {
  private static final StoreBatch STORE_IS_IDLE = new StoreBatch();

  private final AtomicReference<StoreBatch> waiting = new AtomicReference<>(STORE_IS_IDLE);

  /**
   * Home loop.
   *
   * @return false when the store thread would not look for it: it counts as busy from now on, and
   *     the batch is to be given to it
   */
  boolean offer(StoreBatch batch) {
    if (waiting.compareAndSet(null, batch)) {
      return true;
    }
    waiting.set(null);
    return false;
  }

  /**
   * Home loop.
   *
   * @return whether the batch is the loop's again; if not, the store thread has it
   */
  boolean takeBack(StoreBatch batch) {
    return waiting.compareAndSet(batch, null);
  }

  /** Whether the batch that was offered is the store thread's now. Home loop. */
  boolean isTaken(StoreBatch batch) {
    return waiting.get() != batch;
  }

  /** The store thread did not take a batch whole, and does not look for the next. Home loop. */
  void idle() {
    waiting.set(STORE_IS_IDLE);
  }

  /**
   * What the store thread, done with a batch, is to go on with.
   *
   * @return null when there is nothing; it counts as idle from now on. Store thread
   */
  StoreBatch next() {
    StoreBatch batch = null;
    while (batch == null) {
      batch = waiting.getAndSet(null);
      if (batch == null && waiting.compareAndSet(null, STORE_IS_IDLE)) {
        return null;
      }
    }
    return batch;
  }
}
