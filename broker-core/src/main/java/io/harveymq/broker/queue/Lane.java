package io.harveymq.broker.queue;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The messages of one priority that wait in a queue, in order: those in memory, and behind them
 * those that are only in the store. A queue without priorities has one. Owned by the home loop.
 */
final class Lane {
  private final MessageQueue queue;
  private final Lanes lanes;
  private final HomeLoop home;
  private final MemoryAccount memory;
  private final int level;
  private final ReadyList ready = new ReadyList();
  private final Backlog backlog;
  private boolean countsReturns;
  private boolean isReordered;
  private long bytesInMemory;

  /** Of those taken out last, which stood before the others because they had been put back. */
  private final Set<QueueEntry> takenFromReturned = new HashSet<>(0);

  /**
   * An empty lane.
   *
   * @param level of its priority, see {@link Levels}
   * @param log of a durable queue, else null
   */
  Lane(MessageQueue queue, Lanes lanes, HomeLoop home, int level, QueueLog log) {
    this.queue = queue;
    this.lanes = lanes;
    this.level = level;
    this.home = home;
    this.memory = home.memory();
    this.backlog = new Backlog(this, ready, home, log);
  }

  /**
   * A lane with what the store has of it.
   *
   * @param found what that is
   */
  Lane(MessageQueue queue, Lanes lanes, HomeLoop home, int level, MessageStore.Log found) {
    this(queue, lanes, home, level, home.store().recovered(found));
    backlog.recovered(found);
    lanes.recovered(found.messages(), found.bytes());
  }

  /** Stores how often each message was given back. */
  void countReturns() {
    countsReturns = true;
  }

  MessageQueue queue() {
    return queue;
  }

  /** The level of its priority, see {@link Levels}. */
  int level() {
    return level;
  }

  /** The place that the next message gets. */
  long nextPosition() {
    return ready.nextPosition();
  }

  /**
   * The place of the first message that was not given back, or one before it; only if there is one.
   */
  long firstPosition() {
    return ready.freshSize() > 0 ? ready.firstFreshPosition() : backlog.nextPosition();
  }

  /** The message that was given back first; null when none was. */
  QueueEntry peekReturned() {
    return ready.peekReturned();
  }

  /** Whether the time of the first message was over by then. */
  boolean hasExpired(long upTo) {
    long due = ready.headDue();
    return due != 0 && due <= upTo;
  }

  /** Messages that wait. */
  int count() {
    return ready.size() + backlog.count();
  }

  /**
   * Adds the messages that wait and are in memory, in order.
   *
   * @param returned whether also those that were given back
   * @param fresh whether also the others
   */
  void addTo(List<Waiting> all, boolean returned, boolean fresh) {
    ready.forEach(
        (message, position, entry, putBack) -> {
          if (putBack ? returned : fresh) {
            all.add(new Waiting(level, position, message, entry));
          }
        });
  }

  /** Takes out those of these messages that are chosen. */
  void takeOut(Predicate<Waiting> chosen, List<QueueEntry> taken) {
    takenFromReturned.clear();
    ReadyList all = ready.detach();
    all.forEach(
        (message, position, entry, putBack) -> {
          if (!chosen.test(new Waiting(level, position, message, entry))) {
            ready.restore(message, position, entry, putBack);
          } else {
            QueueEntry out = entry == null ? entry(message, position, 0) : entry;
            bytesInMemory -= message.size();
            lanes.left(message);
            taken.add(out);
            if (putBack) {
              takenFromReturned.add(out);
            }
          }
        });
  }

  /** Puts messages back that were taken out, each to its place. */
  void putBackInPlace(List<QueueEntry> entries) {
    List<QueueEntry> fresh = new ArrayList<>();
    for (QueueEntry entry : entries) {
      if (takenFromReturned.contains(entry)) {
        ready.putBack(entry);
      } else {
        fresh.add(entry);
      }
      bytesInMemory += entry.message().size();
      lanes.cameBack(this, entry.message());
    }
    if (!fresh.isEmpty()) {
      fresh.sort(Comparator.comparingLong(QueueEntry::position));
      ready.putBackInPlace(fresh);
    }
  }

  /**
   * When the message came that waits for longest; 0 when none waits, or if that is not known: so
   * where a quorum queue put some back in the order in which they came back. Of a message that is
   * in the store only it is found out, for who asks again.
   */
  int oldest() {
    if (isReordered) {
      return 0;
    }
    return isHeadMissing() ? backlog.firstArrived() : ready.oldest();
  }

  /** Messages that wait and are in memory. */
  int inMemory() {
    return ready.size();
  }

  /** The first message; null when it is not in memory. */
  Message peek() {
    return ready.peek();
  }

  /** Bytes of the messages that wait and are in memory. */
  long bytesInMemory() {
    return bytesInMemory;
  }

  /** Whether messages wait, but the first has to be read back. */
  boolean isHeadMissing() {
    return ready.isEmpty() && backlog.count() > 0;
  }

  /** Whether the first message has to be read back; then that is urgent. */
  boolean waitsForHead() {
    boolean missing = isHeadMissing();
    if (missing) {
      readAhead(true);
    }
    return missing;
  }

  /** See {@link Backlog#readAhead}. */
  void readAhead(boolean urgent) {
    backlog.readAhead(bytesInMemory, urgent);
  }

  /**
   * Adds a message at the end.
   *
   * @param due when it expires, in milliseconds since the epoch; 0 for never
   */
  void add(Message message, long due) {
    lanes.came(message);
    if (isReordered && isReadyEmpty()) {
      isReordered = false;
    }
    int second = home.second();
    if (message.arrived() == 0) {
      message.arrived(second);
    }
    queue.recentKeys().came(message, second, home);
    boolean through = lanes.countsThrough();
    if (through) {
      ready.nextPosition(lanes.nextPosition());
    }
    long place = ready.nextPosition();
    boolean storeOnly = backlog.takes(message, due, share());
    StoryTaps.entered(queue, message, level, storeOnly ? place : -1, lanes.ready() - 1L);
    if (!storeOnly) {
      message.retain(memory);
      memory.add(MemoryAccount.ENTRY_SIZE);
      if (due == 0 && !(through && ready.isAtGap())) {
        ready.add(message);
      } else {
        ready.add(entry(message, ready.nextPosition(), due));
      }
      bytesInMemory += message.size();
    }
    if (through) {
      lanes.nextPosition(ready.nextPosition());
    }
  }

  /** Bytes in memory, as many times as there are lanes that share what the queue may have. */
  private long share() {
    return bytesInMemory * lanes.count();
  }

  private QueueEntry entry(Message message, long position, long due) {
    return new QueueEntry(this, message, position, backlog.stores(message), due);
  }

  /** A message came back from the store: it can be delivered now. */
  void loaded(QueueEntry entry) {
    Message message = entry.message();
    StoryTaps.readBack(queue, message, level, entry.position(), false);
    message.retain(memory);
    memory.add(MemoryAccount.ENTRY_SIZE);
    ready.addLoaded(entry);
    bytesInMemory += message.size();
  }

  /** All that the store gave has been {@link #loaded}. */
  void loadingDone() {
    queue.released();
  }

  /** Whether nothing can be taken at this time, nor read ahead. */
  boolean isReadyEmpty() {
    return ready.isEmpty();
  }

  /** When the first message expires; 0 for never, or if it is not in memory. */
  long headDue() {
    return ready.headDue();
  }

  /** Takes the first message for a consumer that does not acknowledge; it is gone then. */
  int handOver(Consumer consumer) {
    if (ready.hasReturned()) {
      QueueEntry entry = ready.pollReturned();
      consumer.channel().deliveries().deliver(consumer, entry.shown(), true);
      queue.goes(entry);
      return handedOver(entry.message(), entry.position(), entry.stored());
    }
    Object first = pollFresh();
    if (first instanceof QueueEntry entry) {
      consumer.channel().deliveries().deliver(consumer, entry.shown(), entry.redelivered());
      queue.goes(entry);
      return handedOver(entry.message(), entry.position(), entry.stored());
    }
    Message message = (Message) first;
    consumer.channel().deliveries().deliver(consumer, message, false);
    return handedOver(message, ready.polledPosition(), backlog.stores(message));
  }

  private Object pollFresh() {
    lanes.tookFresh();
    return ready.pollFresh();
  }

  private int handedOver(Message message, long position, boolean stored) {
    bytesInMemory -= message.size();
    lanes.left(message);
    if (stored) {
      backlog.ack(position, message.body().length);
    }
    drop(message);
    return message.size();
  }

  /** Takes the first message; it is settled or put back later. */
  QueueEntry take() {
    QueueEntry entry = ready.hasReturned() ? ready.pollReturned() : takeFresh();
    bytesInMemory -= entry.message().size();
    lanes.left(entry.message());
    return entry;
  }

  private QueueEntry takeFresh() {
    Object first = pollFresh();
    QueueEntry entry =
        first instanceof QueueEntry whole
            ? whole
            : entry((Message) first, ready.polledPosition(), 0);
    if (entry.stored()) {
      backlog.delivered(entry.position());
    }
    return entry;
  }

  /** A message that was taken is dealt with for good. */
  void settle(QueueEntry entry) {
    queue.goes(entry);
    if (entry.stored()) {
      backlog.ack(entry.position(), entry.message().body().length);
    }
    drop(entry.message());
  }

  /** A message that was taken goes nowhere any more. */
  void drop(Message message) {
    memory.add(-MemoryAccount.ENTRY_SIZE);
    message.release(memory);
  }

  /** Stores how often a message was given back, if need be. */
  void noteReturn(QueueEntry entry) {
    if (countsReturns && entry.stored()) {
      backlog.returned(entry.position(), entry.counts());
    }
  }

  /**
   * A message that was taken comes back to its place; in a quorum queue before all others in the
   * order of the returns.
   */
  void putBack(QueueEntry entry) {
    if (queue.isQuorum()) {
      entry.order(lanes.nextReturn());
      isReordered |= !isReadyEmpty();
    }
    ready.putBack(entry);
    bytesInMemory += entry.message().size();
    lanes.cameBack(this, entry.message());
  }

  /** A message of a quorum queue that was taken from any lane comes back behind all of this. */
  void addAgain(QueueEntry entry) {
    backlog.atomically(() -> append(entry));
  }

  private void append(QueueEntry entry) {
    Message message = entry.message();
    isReordered |= !isReadyEmpty();
    if (lanes.countsThrough()) {
      ready.nextPosition(lanes.nextPosition());
      lanes.nextPosition(ready.nextPosition() + 1);
    }
    long position = ready.nextPosition();
    boolean storeOnly = backlog.takes(message, entry.due(), share());
    if (storeOnly || backlog.stores(message)) {
      backlog.returned(position, entry.counts());
    }
    if (!storeOnly) {
      message.retain(memory);
      memory.add(MemoryAccount.ENTRY_SIZE);
      QueueEntry again = entry(message, position, entry.due());
      again.takesOver(entry);
      queue.comesBack(again);
      ready.add(again);
      bytesInMemory += message.size();
    }
    lanes.cameBack(this, message);
    entry.lane().settle(entry);
  }

  /** What is in the store only. */
  Backlog backlog() {
    return backlog;
  }

  /** Takes a message that is in the store only, and was read; it is settled later. */
  QueueEntry takeStored(QueueEntry entry) {
    backlog.setAside(entry.position());
    lanes.left(entry.message());
    tookBack(entry);
    return entry;
  }

  /** A message that was found in the store does not wait here, but elsewhere for a while. */
  void setAside(long position, int bodyBytes) {
    backlog.setAside(position);
    lanes.setAside(1, bodyBytes);
  }

  /**
   * Reads a message back that is stored and was taken from here.
   *
   * @param then gets it, or null when it is not stored yet
   */
  void readTaken(long position, java.util.function.Consumer<QueueEntry> then) {
    backlog.readOne(position, then);
  }

  /** A message that {@link #readTaken} gave is in memory from now on. */
  void tookBack(QueueEntry entry) {
    entry.message().retain(memory);
    memory.add(MemoryAccount.ENTRY_SIZE);
  }

  /** A message that was taken and is only in the store is dealt with for good. */
  void settleStored(long position, int bodyBytes) {
    queue.goes(this, position);
    backlog.ack(position, bodyBytes);
  }

  /**
   * Drops all messages that wait.
   *
   * @return those whose memory is to be freed by {@link #discard}
   */
  ReadyList dropAll() {
    backlog.dropAll();
    bytesInMemory = 0;
    return ready.detach();
  }

  /** Frees the memory of dropped messages; true when all is done. */
  boolean discard(ReadyList all, int units) {
    for (int i = 0; i < units; i++) {
      if (all.hasReturned()) {
        settle(all.pollReturned());
      } else if (all.freshSize() > 0) {
        Object first = all.pollFresh();
        drop(first instanceof QueueEntry entry ? entry.message() : (Message) first);
      } else {
        return true;
      }
    }
    return false;
  }

  /** Nothing of the queue is outstanding any more: it may read on although memory is short. */
  void nothingUnacked() {
    backlog.nothingUnacked();
  }

  /** The queue is gone. */
  void remove() {
    backlog.remove();
  }
}
