package io.harveymq.broker.queue;

import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The messages of a queue that wait for a consumer and are in memory, in order, and the count of
 * its places. Fresh messages stand in chunks, so that the list grows and is dropped without
 * copying; what came back stands before them, sorted by its place, because everything that was ever
 * delivered was taken from the head. Owned by the home loop.
 */
final class ReadyList {
  private static final int FIRST_CHUNK = 16;
  private static final int CHUNK = 256;

  /** Messages at consecutive places, or entries that know their place. */
  private static final class Chunk {
    final Object[] slots;
    long firstPosition;
    Chunk next;

    Chunk(int size, long firstPosition) {
      this.slots = new Object[size];
      this.firstPosition = firstPosition;
    }
  }

  /** The first place of a chunk that holds entries. */
  private static final long OF_ENTRIES = Long.MIN_VALUE;

  private Chunk head;
  private Chunk tail;
  private int headIndex;
  private int tailIndex;
  private int fresh;
  private long nextPosition;
  private long polledPosition;
  private PriorityQueue<QueueEntry> returned;

  int size() {
    return fresh + (returned == null ? 0 : returned.size());
  }

  boolean isEmpty() {
    return fresh == 0 && !hasReturned();
  }

  /** Whether the next message is one that was delivered before. */
  boolean hasReturned() {
    return returned != null && !returned.isEmpty();
  }

  /** The place that the next message gets. */
  long nextPosition() {
    return nextPosition;
  }

  /** Sets the place that the next message gets; it lies after all others. */
  void nextPosition(long position) {
    nextPosition = position;
  }

  /** Whether the next place does not follow that of the last message. */
  boolean isAtGap() {
    return fresh > 0 && tail.firstPosition + tailIndex != nextPosition;
  }

  /** Adds a message at the end, at the next place. */
  void add(Message message) {
    if (tail == null
        || tailIndex == tail.slots.length
        || tail.firstPosition + tailIndex != nextPosition) {
      addChunk(nextPosition);
    }
    tail.slots[tailIndex++] = message;
    nextPosition++;
    fresh++;
  }

  /** Adds a message at the end that knows its place, which is the next one. */
  void add(QueueEntry entry) {
    assert entry.position() == nextPosition;
    addLoaded(entry);
    nextPosition++;
  }

  /** When the first message expires; 0 for never, or when there is none. */
  long headDue() {
    if (hasReturned()) {
      return returned.peek().due();
    }
    return fresh > 0 && peekFresh() instanceof QueueEntry entry ? entry.due() : 0;
  }

  /** The first message; null when there is none. */
  Message peek() {
    if (hasReturned()) {
      return returned.peek().message();
    }
    if (fresh == 0) {
      return null;
    }
    Object first = peekFresh();
    return first instanceof QueueEntry entry ? entry.message() : (Message) first;
  }

  /**
   * When the message came that waits for longest; 0 when none waits, or if that is not known. Those
   * whose arrival is not known were found in the store, and came before the others.
   */
  int oldest() {
    int ofReturned = hasReturned() ? returned.peek().message().arrived() : 0;
    if (fresh == 0) {
      return ofReturned;
    }
    Object first = peekFresh();
    int ofFresh = (first instanceof QueueEntry entry ? entry.message() : (Message) first).arrived();
    return hasReturned() && Integer.compareUnsigned(ofReturned, ofFresh) < 0 ? ofReturned : ofFresh;
  }

  private Object peekFresh() {
    skipTaken();
    return head.slots[headIndex];
  }

  private void skipTaken() {
    while (headIndex == head.slots.length || head.slots[headIndex] == null) {
      head = head.next;
      headIndex = 0;
    }
  }

  /** Adds a message that was read back from the store, after all others that are here. */
  void addLoaded(QueueEntry entry) {
    if (tail == null || tailIndex == tail.slots.length || tail.firstPosition != OF_ENTRIES) {
      addChunk(OF_ENTRIES);
    }
    tail.slots[tailIndex++] = entry;
    fresh++;
  }

  private void addChunk(long firstPosition) {
    if (fresh == 0 && tail != null) {
      restart(firstPosition);
      return;
    }
    Chunk chunk = new Chunk(tail == null ? FIRST_CHUNK : CHUNK, firstPosition);
    if (tail == null) {
      head = chunk;
    } else {
      tail.next = chunk;
    }
    tail = chunk;
    tailIndex = 0;
  }

  /** Empty: goes on with the last chunk. */
  private void restart(long firstPosition) {
    head = tail;
    headIndex = 0;
    tailIndex = 0;
    tail.firstPosition = firstPosition;
  }

  /** Puts a message back to its place. */
  void putBack(QueueEntry entry) {
    if (returned == null) {
      returned = new PriorityQueue<>();
    }
    returned.add(entry);
  }

  /** The first message that came back; null when none did. */
  QueueEntry peekReturned() {
    return returned == null ? null : returned.peek();
  }

  /** Takes the first message; only when {@link #hasReturned}. */
  QueueEntry pollReturned() {
    QueueEntry entry = returned.poll();
    if (returned.isEmpty()) {
      returned = null;
    }
    return entry;
  }

  /**
   * Takes the first message that was not put back; there has to be one.
   *
   * @return a {@link Message}, then its place is {@link #polledPosition}, or the {@link QueueEntry}
   *     of one that was read back
   */
  Object pollFresh() {
    skipTaken();
    Object first = head.slots[headIndex];
    head.slots[headIndex] = null;
    polledPosition = head.firstPosition + headIndex++;
    if (--fresh == 0) {
      restart(nextPosition);
    }
    return first;
  }

  /** The place of the message that {@link #pollFresh} gave last. */
  long polledPosition() {
    return polledPosition;
  }

  /** The place of the first message that was not put back; the next place when there is none. */
  long firstFreshPosition() {
    if (fresh == 0) {
      return nextPosition;
    }
    Chunk chunk = head;
    int index = headIndex;
    while (index == chunk.slots.length || chunk.slots[index] == null) {
      chunk = chunk.next;
      index = 0;
    }
    return chunk.slots[index] instanceof QueueEntry entry
        ? entry.position()
        : chunk.firstPosition + index;
  }

  /** Gets each message of a list. */
  interface Visitor {
    /**
     * @param entry null for one that was never delivered nor read back, and has no time to expire
     * @param putBack whether it stands before the others because it was put back
     */
    void visit(Message message, long position, QueueEntry entry, boolean putBack);
  }

  /** Visits all messages in order. */
  void forEach(Visitor visitor) {
    if (returned != null) {
      returned.stream().sorted().forEach(e -> visitor.visit(e.message(), e.position(), e, true));
    }
    int left = fresh;
    int index = headIndex;
    for (Chunk chunk = head; left > 0; chunk = chunk.next, index = 0) {
      for (; left > 0 && index < chunk.slots.length && chunk.slots[index] != null; index++) {
        if (chunk.slots[index] instanceof QueueEntry entry) {
          visitor.visit(entry.message(), entry.position(), entry, false);
        } else {
          visitor.visit((Message) chunk.slots[index], chunk.firstPosition + index, null, false);
        }
        left--;
      }
    }
  }

  /** Adds a message that was here before, after all others that were restored; places go on. */
  void restore(Message message, long position, QueueEntry entry, boolean wasPutBack) {
    if (wasPutBack) {
      putBack(entry);
    } else if (entry != null) {
      addLoaded(entry);
    } else {
      long next = nextPosition;
      nextPosition = position;
      add(message);
      nextPosition = next;
    }
  }

  /**
   * Puts entries that were taken from among the fresh ones back to their places.
   *
   * @param entries in ascending order of their places
   */
  void putBackInPlace(List<QueueEntry> entries) {
    PriorityQueue<QueueEntry> before = returned;
    returned = null;
    long next = nextPosition;
    ReadyList all = detach();
    returned = before;
    Iterator<QueueEntry> rest = entries.iterator();
    QueueEntry[] first = {rest.hasNext() ? rest.next() : null};
    all.forEach(
        (message, position, entry, putBack) -> {
          while (first[0] != null && first[0].position() < position) {
            addLoaded(first[0]);
            first[0] = rest.hasNext() ? rest.next() : null;
          }
          restore(message, position, entry, putBack);
        });
    while (first[0] != null) {
      addLoaded(first[0]);
      first[0] = rest.hasNext() ? rest.next() : null;
    }
    nextPosition = next;
  }

  /** Takes all messages away at once; this list is empty afterwards and goes on counting places. */
  ReadyList detach() {
    ReadyList all = new ReadyList();
    all.head = head;
    all.tail = tail;
    all.headIndex = headIndex;
    all.tailIndex = tailIndex;
    all.fresh = fresh;
    all.returned = returned;
    head = null;
    tail = null;
    headIndex = 0;
    tailIndex = 0;
    fresh = 0;
    returned = null;
    return all;
  }

  /** How many were not put back. */
  int freshSize() {
    return fresh;
  }
}
