package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.MemoryAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Changes that a home loop wants stored, in their order. Gathered by the home loop, then handed
 * over whole to the store thread, then handed back; never touched by both.
 */
final class StoreBatch {
  /** A wish to know what is in a log, served after the batch is committed. */
  static final class Read<T> {
    private final Function<MessageStore, T> look;
    private final Consumer<T> then;
    private T found;

    Read(Function<MessageStore, T> look, Consumer<T> then) {
      this.look = look;
      this.then = then;
    }

    /** Looks it up; store thread. */
    void serve(MessageStore store) {
      found = look.apply(store);
    }

    /** Hands it to who asked; home loop. */
    void handOut() {
      then.accept(found);
    }
  }

  private enum Kind {
    NOTHING,
    APPEND,
    APPEND_TRANSIENT,
    ACK,
    DROP,
    DELIVERED,
    RETURNED,
    REMOVE,
    REMOVE_AT_ONCE,
    PUT_DEFINITION,
    REMOVE_DEFINITION
  }

  private static final int FIRST_CAPACITY = 64;
  private static final int MOST_KEPT = 8_192;

  /** Bytes that an appended message takes besides its content, at most. */
  private static final int RECORD_OVERHEAD = 600;

  private Kind[] kinds = new Kind[FIRST_CAPACITY];
  private QueueLog[] logs = new QueueLog[FIRST_CAPACITY];
  private long[] positions = new long[FIRST_CAPACITY];
  private long[] numbers = new long[FIRST_CAPACITY];
  private Object[] subjects = new Object[FIRST_CAPACITY];
  private int size;
  private int live;
  private long bytes;
  private int definitions;
  private int needingSpace;
  private boolean atomic;
  private BitSet together;
  private final List<Read<?>> reads = new ArrayList<>(0);
  private final List<Runnable> whenCommitted = new ArrayList<>(0);

  private int add(Kind kind, QueueLog log, long position, long number, Object subject) {
    if (size == kinds.length) {
      grow();
    }
    kinds[size] = kind;
    logs[size] = log;
    positions[size] = position;
    numbers[size] = number;
    subjects[size] = subject;
    live++;
    if (needsSpace(kind)) {
      needingSpace++;
    }
    if (atomic && kind != Kind.REMOVE_AT_ONCE) {
      together = together == null ? new BitSet() : together;
      together.set(size);
    }
    return size++;
  }

  private void grow() {
    int capacity = 2 * size;
    kinds = Arrays.copyOf(kinds, capacity);
    logs = Arrays.copyOf(logs, capacity);
    positions = Arrays.copyOf(positions, capacity);
    numbers = Arrays.copyOf(numbers, capacity);
    subjects = Arrays.copyOf(subjects, capacity);
  }

  /** Adds a message; the place it has in this batch is what {@link #elide} wants. */
  int append(QueueLog log, long position, Message message, long due, boolean survives) {
    bytes += message.size() + RECORD_OVERHEAD;
    return add(survives ? Kind.APPEND : Kind.APPEND_TRANSIENT, log, position, due, message);
  }

  /** Takes back a message that was added. */
  void elide(int index, MemoryAccount memory) {
    Message message = (Message) subjects[index];
    bytes -= message.size() + RECORD_OVERHEAD;
    live--;
    needingSpace--;
    boolean survives = kinds[index] == Kind.APPEND;
    kinds[index] = Kind.NOTHING;
    subjects[index] = null;
    if (survives) {
      message.stored();
    }
    message.release(memory);
  }

  void ack(QueueLog log, long position, int messageSize) {
    add(Kind.ACK, log, position, messageSize, null);
  }

  void drop(QueueLog log, long from, long to) {
    add(Kind.DROP, log, from, to, null);
  }

  void delivered(QueueLog log, long upTo) {
    add(Kind.DELIVERED, log, upTo, 0, null);
  }

  void returned(QueueLog log, long position, int deliveries) {
    add(Kind.RETURNED, log, position, deliveries, null);
  }

  void remove(QueueLog log) {
    add(Kind.REMOVE, log, 0, 0, null);
  }

  /** The log goes also when the disk is full. */
  void removeAtOnce(QueueLog log) {
    add(Kind.REMOVE_AT_ONCE, log, 0, 0, null);
  }

  void put(Definition definition) {
    bytes += definition.size();
    definitions++;
    add(Kind.PUT_DEFINITION, null, 0, 0, definition);
  }

  void remove(Definition definition) {
    bytes += definition.size();
    definitions++;
    add(Kind.REMOVE_DEFINITION, null, 0, 0, definition);
  }

  void read(Read<?> read) {
    reads.add(read);
  }

  void whenCommitted(Runnable event) {
    whenCommitted.add(event);
  }

  /** Whether there is nothing to be done: all that was added, if any, was taken back. */
  boolean isEmpty() {
    return live == 0 && reads.isEmpty() && whenCommitted.isEmpty();
  }

  /** Forgets everything, to be used again. */
  void clear() {
    Arrays.fill(logs, 0, size, null);
    Arrays.fill(subjects, 0, size, null);
    size = 0;
    live = 0;
    bytes = 0;
    definitions = 0;
    needingSpace = 0;
    together = null;
    reads.clear();
    whenCommitted.clear();
  }

  /** Whether it is too large to be kept for another time. */
  boolean isLarge() {
    return kinds.length > MOST_KEPT;
  }

  /** Changes in it, elided ones included. */
  int size() {
    return size;
  }

  /** Bytes that it takes in the store, at most, roughly. */
  long bytes() {
    return bytes;
  }

  /** The reads it carries. */
  List<Read<?>> reads() {
    return reads;
  }

  /** Who waits for its commit. */
  List<Runnable> whenCommitted() {
    return whenCommitted;
  }

  /**
   * The changes from here to {@link #endAtomic} are made together, if need be later.
   *
   * @return false when that was so already
   */
  boolean beginAtomic() {
    boolean before = atomic;
    atomic = true;
    return !before;
  }

  void endAtomic() {
    atomic = false;
  }

  /** Whether there is a change that a full disk stands against. */
  boolean needsSpace() {
    return needingSpace > 0;
  }

  /**
   * Whether a change has to wait on a full disk: one that needs space, those that go together with
   * such a one, and those of definitions, whose order counts.
   */
  private boolean waitsForSpace(int i) {
    return needsSpace(kinds[i])
        || kinds[i] == Kind.REMOVE
        || kinds[i] == Kind.REMOVE_DEFINITION
        || together != null && together.get(i);
  }

  /** Whether definitions change with it. */
  boolean hasDefinitions() {
    return definitions > 0;
  }

  /**
   * Makes the changes. Store thread.
   *
   * @param all false makes only those that need not wait for space
   */
  void replay(MessageStore messages, DefinitionStore definitionStore, boolean all) {
    for (int i = 0; i < size; i++) {
      if (all || !waitsForSpace(i)) {
        replay(i, messages, definitionStore);
      }
    }
  }

  private static boolean needsSpace(Kind kind) {
    return switch (kind) {
      case APPEND, APPEND_TRANSIENT, PUT_DEFINITION -> true;
      default -> false;
    };
  }

  private void replay(int i, MessageStore messages, DefinitionStore definitionStore) {
    long log = logs[i] == null ? 0 : logs[i].number();
    switch (kinds[i]) {
      case NOTHING -> {}
      case APPEND -> messages.append(log, positions[i], (Message) subjects[i], numbers[i], true);
      case APPEND_TRANSIENT ->
          messages.append(log, positions[i], (Message) subjects[i], numbers[i], false);
      case ACK -> messages.ack(log, positions[i], (int) numbers[i]);
      case DROP -> messages.drop(log, positions[i], numbers[i]);
      case DELIVERED -> messages.delivered(log, positions[i]);
      case RETURNED -> messages.returned(log, positions[i], (int) numbers[i]);
      case REMOVE, REMOVE_AT_ONCE -> messages.remove(log);
      case PUT_DEFINITION -> definitionStore.put((Definition) subjects[i]);
      case REMOVE_DEFINITION -> definitionStore.remove((Definition) subjects[i]);
    }
  }

  /**
   * All changes in it are safe: the messages are told, and nobody here holds them any more. Home
   * loop.
   */
  void settle(MemoryAccount memory) {
    for (int i = 0; i < size; i++) {
      Kind kind = kinds[i];
      if (kind == Kind.APPEND || kind == Kind.APPEND_TRANSIENT) {
        Message message = (Message) subjects[i];
        if (kind == Kind.APPEND) {
          message.stored();
        }
        message.release(memory);
      }
    }
  }

  /**
   * Repeats in another batch what needs space, or everything, because this one was refused for lack
   * of space. Home loop.
   *
   * @param all false for what needs space only
   */
  void repeat(HomeStore store, boolean all) {
    for (int i = 0; i < size; i++) {
      if (all || waitsForSpace(i)) {
        store.gathering().atomic = together != null && together.get(i);
        repeat(i, store);
      }
    }
    store.gathering().atomic = false;
    if (all) {
      reads.forEach(store::repeatRead);
    }
    whenCommitted.forEach(store::whenCommitted);
  }

  private void repeat(int i, HomeStore store) {
    QueueLog log = logs[i];
    switch (kinds[i]) {
      case NOTHING -> {}
      case APPEND -> log.appendAgain(positions[i], (Message) subjects[i], numbers[i], true);
      case APPEND_TRANSIENT ->
          log.appendAgain(positions[i], (Message) subjects[i], numbers[i], false);
      case ACK -> log.ack(positions[i], (int) numbers[i]);
      case DROP -> log.drop(positions[i], numbers[i]);
      case DELIVERED -> log.note();
      case RETURNED -> log.returned(positions[i], (int) numbers[i]);
      case REMOVE -> store.gathering().remove(log);
      case REMOVE_AT_ONCE -> store.gathering().removeAtOnce(log);
      case PUT_DEFINITION -> store.put((Definition) subjects[i]);
      case REMOVE_DEFINITION -> store.remove((Definition) subjects[i]);
    }
  }
}
