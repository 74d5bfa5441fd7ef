package io.harveymq.broker.queue;

import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One consumer's place in a stream, and what was read back from the store for it. Owned by the home
 * loop.
 */
final class StreamReader {
  /** What came of a {@link #deliver}. */
  enum Outcome {
    /** It goes on next time round. */
    MORE,
    /** It waits: for messages, for the store, or for its consumer. */
    WAITS,
    /** The turn has had enough. */
    TURN_OVER
  }

  private static final int MESSAGES_IN_A_ROW = 256;
  private static final int MOST_READ_BYTES = 256 << 10;
  private static final int LEAST_READ_BYTES = 16 << 10;

  /** What all readers of a stream may have been given by the store, roughly. */
  private static final int ALL_READ_BYTES = 4 << 20;

  private static final long TRY_AGAIN_MILLIS = 200;

  /** Leaving a message out takes about as long as delivering so many bytes. */
  private static final int SKIP_COST = 64;

  private final StreamQueue queue;
  private final StreamLog log;
  private final HomeLoop home;
  private final Consumer consumer;
  private final StreamFilter filter;
  private final ArrayDeque<StoredMessage> loaded = new ArrayDeque<>(0);
  private long loadedBytes;
  private long next;
  private boolean located;
  private boolean atEnd;
  private boolean active;
  private boolean reading;
  private boolean closed;

  /**
   * @param filter null to take all messages
   */
  StreamReader(StreamQueue queue, StreamLog log, Consumer consumer, StreamFilter filter) {
    this.queue = queue;
    this.log = log;
    this.home = queue.home;
    this.consumer = consumer;
    this.filter = filter;
  }

  /** The offset that it comes to next. */
  long next() {
    return next;
  }

  /** Whether it has seen all that can be seen. */
  boolean isAtEnd() {
    return atEnd;
  }

  /** Whether it is among those that have something to do. */
  boolean isActive() {
    return active;
  }

  void active(boolean now) {
    active = now;
  }

  // ---- where it begins

  /** Finds its place, then becomes active. */
  void locate(StreamOffset from) {
    next = log.next();
    switch (from.kind()) {
      case FIRST -> startAt(log.first());
      case LAST -> startAt(Math.max(log.first(), log.next() - 1));
      case NEXT -> startAt(log.next());
      case OFFSET -> startAt(Math.max(log.first(), from.value()));
      case TIMESTAMP -> log.find(from.value(), this::startAt);
      case AGO -> log.find(home.timeOfDay() - from.value(), this::startAt);
    }
  }

  private void startAt(long offset) {
    next = offset;
    located = true;
    queue.activate(this);
  }

  // ---- deliveries

  /** Hands out messages as long as there are some and the consumer and the turn allow. */
  Outcome deliver() {
    if (closed || !located) {
      return Outcome.WAITS;
    }
    atEnd = false;
    for (int i = 0; i < MESSAGES_IN_A_ROW; i++) {
      next = Math.max(next, log.first());
      if (next >= log.visible()) {
        atEnd = true;
        return Outcome.WAITS;
      }
      Consumer.Readiness readiness = consumer.readiness();
      if (readiness != Consumer.Readiness.READY) {
        consumer.park(readiness);
        forgetIfMemoryIsShort();
        return Outcome.WAITS;
      }
      Message message = message();
      if (message == null) {
        read(next);
        return Outcome.WAITS;
      }
      long offset = next++;
      int cost =
          filter == null || filter.matches(message)
              ? queue.deliver(consumer, message, offset)
              : SKIP_COST;
      if (!home.delivered(cost)) {
        return Outcome.TURN_OVER;
      }
    }
    return Outcome.MORE;
  }

  /** The next message, or null when it has to be read back. It may be behind a gap. */
  private Message message() {
    while (!loaded.isEmpty() && loaded.peek().position() < next) {
      drop(loaded.poll());
    }
    if (loaded.isEmpty()) {
      return log.inMemory(next);
    }
    StoredMessage first = loaded.poll();
    next = first.position();
    drop(first);
    readAhead();
    return first.message();
  }

  // ---- reading back

  private void readAhead() {
    StoredMessage last = loaded.peekLast();
    if (last != null
        && loadedBytes < MOST_READ_BYTES / 2
        && last.position() + 1 < Math.min(log.visible(), log.tailFirst())
        && !isMemoryShort()) {
      read(last.position() + 1);
    }
  }

  private void read(long offset) {
    if (reading) {
      return;
    }
    reading = true;
    int share = Math.min(MOST_READ_BYTES, ALL_READ_BYTES / queue.consumerCount());
    int bytes = (int) Math.max(LEAST_READ_BYTES, Math.min(share, home.memory().queueWindow()));
    home.memory().add(bytes);
    log.read(offset, bytes, found -> read(offset, bytes, found));
  }

  private void read(long offset, int bytes, List<StoredMessage> found) {
    home.memory().add(-bytes);
    reading = false;
    if (closed) {
      return;
    }
    if (offset > (loaded.isEmpty() ? next : loaded.peekLast().position() + 1)) {
      // What comes before it was forgotten meanwhile.
      queue.activate(this);
      return;
    }
    for (StoredMessage message : found) {
      message.message().retain(home.memory());
      home.memory().add(MemoryAccount.ENTRY_SIZE);
      loadedBytes += message.message().size();
      loaded.add(message);
    }
    if (!found.isEmpty()) {
      queue.activate(this);
    } else if (offset < log.first()) {
      queue.activate(this);
    } else {
      home.schedule(() -> skip(offset), TRY_AGAIN_MILLIS);
    }
  }

  /** What ought to be there is not. */
  private void skip(long offset) {
    if (!closed && next <= offset) {
      next = Math.max(next, log.nextSegmentAfter(offset));
      queue.activate(this);
    }
  }

  private void drop(StoredMessage message) {
    loadedBytes -= message.message().size();
    home.memory().add(-MemoryAccount.ENTRY_SIZE);
    message.message().release(home.memory());
  }

  private boolean isMemoryShort() {
    return home.memory().queueWindow() < MOST_READ_BYTES;
  }

  /** What its consumer does not take for now can be read again. */
  private void forgetIfMemoryIsShort() {
    if (!loaded.isEmpty() && isMemoryShort()) {
      forget();
    }
  }

  private void forget() {
    loaded.forEach(this::drop);
    loaded.clear();
  }

  /** Its consumer is gone. */
  void close() {
    closed = true;
    forget();
  }
}
