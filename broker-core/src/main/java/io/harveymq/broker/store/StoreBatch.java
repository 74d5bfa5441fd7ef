package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Changes that a home loop wants stored, in their order. Gathered by the home loop, then handed
 * over whole to the store thread, then handed back; never touched by both.
 */
final class StoreBatch {
  /** A wish to get messages back from a log, served after the batch is committed. */
  static final class Read {
    final long log;
    final long from;
    final int maxBytes;
    private final Consumer<List<StoredMessage>> then;
    private List<StoredMessage> found;

    Read(long log, long from, int maxBytes, Consumer<List<StoredMessage>> then) {
      this.log = log;
      this.from = from;
      this.maxBytes = maxBytes;
      this.then = then;
    }

    /** Looks them up; store thread. */
    void serve(MessageStore store) {
      found = store.read(log, from, maxBytes);
    }

    /** Hands them to who asked; home loop. */
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
    PUT_DEFINITION,
    REMOVE_DEFINITION
  }

  private static final int FIRST_CAPACITY = 64;

  /** Bytes that an appended message takes besides its content, at most. */
  private static final int RECORD_OVERHEAD = 600;

  private static final int DEFINITION_SIZE = 4_096;

  private Kind[] kinds = new Kind[FIRST_CAPACITY];
  private long[] logs = new long[FIRST_CAPACITY];
  private long[] positions = new long[FIRST_CAPACITY];
  private long[] numbers = new long[FIRST_CAPACITY];
  private Object[] subjects = new Object[FIRST_CAPACITY];
  private int size;
  private long bytes;
  private final List<Read> reads = new ArrayList<>(0);
  private final List<Runnable> whenCommitted = new ArrayList<>(0);

  private int add(Kind kind, long log, long position, long number, Object subject) {
    if (size == kinds.length) {
      grow();
    }
    kinds[size] = kind;
    logs[size] = log;
    positions[size] = position;
    numbers[size] = number;
    subjects[size] = subject;
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
  int append(long log, long position, Message message, boolean survives) {
    bytes += message.size() + RECORD_OVERHEAD;
    return add(survives ? Kind.APPEND : Kind.APPEND_TRANSIENT, log, position, 0, message);
  }

  /** Takes back a message that was added. */
  Message elide(int index) {
    Message message = (Message) subjects[index];
    bytes -= message.size() + RECORD_OVERHEAD;
    kinds[index] = Kind.NOTHING;
    subjects[index] = null;
    return message;
  }

  void ack(long log, long position, int messageSize) {
    add(Kind.ACK, log, position, messageSize, null);
  }

  void drop(long log, long from, long to) {
    add(Kind.DROP, log, from, to, null);
  }

  void delivered(long log, long upTo) {
    add(Kind.DELIVERED, log, upTo, 0, null);
  }

  void returned(long log, long position, int deliveries) {
    add(Kind.RETURNED, log, position, deliveries, null);
  }

  void remove(long log) {
    add(Kind.REMOVE, log, 0, 0, null);
  }

  void put(Definition definition) {
    bytes += DEFINITION_SIZE;
    add(Kind.PUT_DEFINITION, 0, 0, 0, definition);
  }

  void remove(Definition definition) {
    add(Kind.REMOVE_DEFINITION, 0, 0, 0, definition);
  }

  void read(Read read) {
    reads.add(read);
  }

  void whenCommitted(Runnable event) {
    whenCommitted.add(event);
  }

  /** Whether there is nothing to be done. */
  boolean isEmpty() {
    return size == 0 && reads.isEmpty() && whenCommitted.isEmpty();
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
  List<Read> reads() {
    return reads;
  }

  /** Who waits for its commit. */
  List<Runnable> whenCommitted() {
    return whenCommitted;
  }

  /** Makes the changes. Store thread. */
  void replay(MessageStore messages, DefinitionStore definitions) {
    for (int i = 0; i < size; i++) {
      switch (kinds[i]) {
        case NOTHING -> {}
        case APPEND -> messages.append(logs[i], positions[i], (Message) subjects[i], true);
        case APPEND_TRANSIENT ->
            messages.append(logs[i], positions[i], (Message) subjects[i], false);
        case ACK -> messages.ack(logs[i], positions[i], (int) numbers[i]);
        case DROP -> messages.drop(logs[i], positions[i], numbers[i]);
        case DELIVERED -> messages.delivered(logs[i], positions[i]);
        case RETURNED -> messages.returned(logs[i], positions[i], (int) numbers[i]);
        case REMOVE -> messages.remove(logs[i]);
        case PUT_DEFINITION -> definitions.put((Definition) subjects[i]);
        case REMOVE_DEFINITION -> definitions.remove((Definition) subjects[i]);
      }
    }
  }

  /** Goes through the messages that were added and not elided. Home loop. */
  void forEachMessage(Consumer<Message> action) {
    for (int i = 0; i < size; i++) {
      if (kinds[i] == Kind.APPEND || kinds[i] == Kind.APPEND_TRANSIENT) {
        action.accept((Message) subjects[i]);
      }
    }
  }
}
