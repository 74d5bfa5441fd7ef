package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A store on a disk that is full, slow or broken when the test says so. */
public final class FullStore implements BrokerStore, MessageStore {
  private final MemoryStore store;
  private volatile CountDownLatch commitBegan;
  private volatile CountDownLatch commitEnd;
  private volatile boolean inCommit;
  private volatile boolean closedInCommit;
  private boolean full;
  private int reads;
  private int messagesRead;
  private long ackedBytes;
  private UncheckedIOException broken;
  private Runnable whenCommitted = () -> {};

  public FullStore(MemoryStore store) {
    this.store = store;
  }

  /** From now on there is no space, or there is again. */
  public void full(boolean isFull) {
    full = isFull;
  }

  /** The sizes of all messages that were acknowledged, as the broker gave them. */
  long ackedBytes() {
    return ackedBytes;
  }

  /** How often whole messages were asked for. */
  public int reads() {
    return reads;
  }

  /** How many messages were answered then, in all. */
  public int messagesRead() {
    return messagesRead;
  }

  /** Commits tell that they began, and wait. */
  public void slow(CountDownLatch began, CountDownLatch end) {
    commitBegan = began;
    commitEnd = end;
  }

  /** Whether it was closed while a commit was on its way. */
  public boolean closedInCommit() {
    return closedInCommit;
  }

  /** What happens at the end of each commit, when those who waited for it have been told. */
  void whenCommitted(Runnable action) {
    whenCommitted = action;
  }

  void breakWith(UncheckedIOException reason) {
    broken = reason;
  }

  @Override
  public DefinitionStore definitions() {
    return store;
  }

  @Override
  public MessageStore messages() {
    return this;
  }

  @Override
  public void whenFailed(Consumer<Throwable> listener) {}

  @Override
  public boolean tidy() {
    return store.tidy();
  }

  @Override
  public void close() {
    closedInCommit = inCommit;
    store.close();
  }

  @Override
  public List<Log> logs() {
    return store.logs();
  }

  @Override
  public boolean reserve(long bytes) {
    return !full;
  }

  @Override
  public void append(long log, long position, Message message, long due, boolean survives) {
    if (full) {
      throw new IllegalStateException("appended to a full disk");
    }
    store.append(log, position, message, due, survives);
  }

  @Override
  public void ack(long log, long position, int size) {
    ackedBytes += size;
    store.ack(log, position, size);
  }

  @Override
  public void drop(long log, long from, long to) {
    store.drop(log, from, to);
  }

  @Override
  public void delivered(long log, long upTo) {
    store.delivered(log, upTo);
  }

  @Override
  public void returned(long log, long position, int deliveries) {
    store.returned(log, position, deliveries);
  }

  @Override
  public void remove(long log) {
    store.remove(log);
  }

  @Override
  public List<StoredMessage> read(long log, long from, int maxBytes) {
    reads++;
    List<StoredMessage> found = store.read(log, from, maxBytes);
    messagesRead += found.size();
    return found;
  }

  @Override
  public long skip(long log, long from, long count) {
    return store.skip(log, from, count);
  }

  @Override
  public long count(long log, long from, long to) {
    return store.count(log, from, to);
  }

  @Override
  public Arrival arrival(long log, long from) {
    return store.arrival(log, from);
  }

  @Override
  public void commit(Runnable whenDurable) {
    if (broken != null) {
      throw broken;
    }
    if (commitBegan != null) {
      awaitEnd();
    }
    store.commit(whenDurable);
    whenCommitted.run();
  }

  private void awaitEnd() {
    inCommit = true;
    commitBegan.countDown();
    try {
      commitEnd.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      inCommit = false;
    }
  }
}
