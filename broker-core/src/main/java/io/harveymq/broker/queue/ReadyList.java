package io.harveymq.broker.queue;

import java.util.PriorityQueue;

/**
 * The messages of a queue that wait for a consumer, in order. Fresh messages stand in chunks, so
 * that the list grows and is dropped without copying; what came back stands before them, sorted by
 * its place, because everything that was ever delivered was taken from the head. Owned by the home
 * loop.
 */
final class ReadyList {
  private static final int FIRST_CHUNK = 16;
  private static final int CHUNK = 256;

  private static final class Chunk {
    final Message[] messages;
    Chunk next;

    Chunk(int size) {
      messages = new Message[size];
    }
  }

  private Chunk head;
  private Chunk tail;
  private int headIndex;
  private int tailIndex;
  private int fresh;
  private long headPosition;
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

  /** Adds a message at the end. */
  void add(Message message) {
    if (tail == null) {
      head = new Chunk(FIRST_CHUNK);
      tail = head;
    } else if (tailIndex == tail.messages.length) {
      Chunk chunk = new Chunk(CHUNK);
      tail.next = chunk;
      tail = chunk;
      tailIndex = 0;
    }
    tail.messages[tailIndex++] = message;
    fresh++;
  }

  /** Puts a message back to its place. */
  void putBack(QueueEntry entry) {
    if (returned == null) {
      returned = new PriorityQueue<>();
    }
    returned.add(entry);
  }

  /** Takes the first message; only when {@link #hasReturned}. */
  QueueEntry pollReturned() {
    QueueEntry entry = returned.poll();
    if (returned.isEmpty()) {
      returned = null;
    }
    return entry;
  }

  /** Takes the first fresh message; there has to be one. Its place is {@link #polledPosition}. */
  Message pollFresh() {
    Message message = head.messages[headIndex];
    head.messages[headIndex++] = null;
    headPosition++;
    if (--fresh == 0) {
      reset();
    } else if (headIndex == head.messages.length) {
      head = head.next;
      headIndex = 0;
    }
    return message;
  }

  private void reset() {
    headIndex = 0;
    tailIndex = 0;
    head = tail;
  }

  /** The place of the message that {@link #pollFresh} gave last. */
  long polledPosition() {
    return headPosition - 1;
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
    headPosition += fresh;
    head = null;
    tail = null;
    headIndex = 0;
    tailIndex = 0;
    fresh = 0;
    returned = null;
    return all;
  }

  /** Takes some message, in no particular order, from a detached list; null when there is none. */
  Message pollAny() {
    if (fresh > 0) {
      return pollFresh();
    }
    return hasReturned() ? pollReturned().message() : null;
  }
}
