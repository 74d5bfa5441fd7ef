package io.harveymq.broker.queue;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a queue is in the store: copies of what must survive, and all messages behind a window at
 * the head, which alone is in memory. They are read back ahead of the consumers; as long as some
 * are not, new ones go behind them. Owned by the home loop.
 */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  /** Messages in memory from which on others stay in the store only. */
  private static final int WINDOW_MESSAGES = 131_072;

  private static final int MOST_READ_BYTES = 1 << 20;

  private static final int LEAST_READ_BYTES = 16 << 10;

  /** More is read when less than this is in memory. */
  private static final int LOW_BYTES = 2 << 20;

  private static final int LOW_MESSAGES = 16_384;

  private static final long TRY_AGAIN_MILLIS = 200;

  private final Lane lane;
  private final ReadyList ready;
  private final HomeLoop home;
  private final boolean durable;
  private QueueLog log;
  private int count;
  private long next;
  private long redeliveredBelow;
  private boolean reading;
  private boolean starved;
  private int generation;
  private int firstArrived;

  /** What {@link #next} was when that was found out. */
  private long arrivedOf = -1;

  /** Places of messages behind {@link #next} that are not to be read on from here. */
  private Set<Long> setAside = Set.of();

  /** Those of them that were dealt with while others may still have them from a read. */
  private final List<Long> gone = new ArrayList<>(0);

  /** Reads that are under way, or whose messages may be taken. */
  private int readers;

  private final Runnable tryAgain = this::tryAgain;

  /**
   * @param ready what is in memory
   * @param log of a durable queue, else null
   */
  Backlog(Lane lane, ReadyList ready, HomeLoop home, QueueLog log) {
    this.lane = lane;
    this.ready = ready;
    this.home = home;
    this.log = log;
    this.durable = log != null;
  }

  private void tryAgain() {
    if (starved) {
      readAhead(0, false);
    }
  }

  /** Takes note of what the store has from before the start. */
  void recovered(MessageStore.Log found) {
    count = found.messages();
    next = found.firstPosition();
    redeliveredBelow = found.deliveredUpTo();
    ready.nextPosition(found.nextPosition());
  }

  /** Messages that are in the store only. */
  int count() {
    return count;
  }

  /**
   * Whether a message that is in memory is in the store, too; quorum queues, as in RabbitMQ, know
   * no transient ones.
   */
  boolean stores(Message message) {
    return durable && (message.isPersistent() || lane.queue().isQuorum());
  }

  /** Changes what is stored at once, even on a full disk. */
  void atomically(Runnable change) {
    if (home.store() == null) {
      change.run();
    } else {
      home.store()
          .atomically(
              () -> {
                change.run();
                return true;
              });
    }
  }

  /**
   * Stores a new message if it has to survive or memory is short.
   *
   * @param due when it expires, in milliseconds since the epoch; 0 for never
   * @param readyBytes of what is in memory
   * @return whether it is in the store only, so that the ready list must not have it
   */
  boolean takes(Message message, long due, long readyBytes) {
    boolean survives = stores(message);
    boolean storeOnly = count > 0 || isWindowFull(readyBytes);
    if (survives || storeOnly) {
      if (log == null) {
        log = home.store().newTemporaryLog();
      }
      log.append(ready.nextPosition(), message, due, survives);
    }
    if (storeOnly) {
      if (count++ == 0) {
        next = ready.nextPosition();
      }
      ready.nextPosition(ready.nextPosition() + 1);
    }
    return storeOnly;
  }

  private boolean isWindowFull(long readyBytes) {
    return home.store() != null
        && (ready.size() >= WINDOW_MESSAGES || readyBytes > home.memory().queueWindow());
  }

  /**
   * Reads on if little is left in memory: the less at a time the shorter memory is. When there is
   * none left, messages wait that others are outstanding before, because only acknowledgements make
   * room then.
   *
   * @param readyBytes of what is in memory
   * @param urgent whether somebody waits for a message whatever it costs
   */
  void readAhead(long readyBytes, boolean urgent) {
    if (count == 0 || reading || ready.size() >= LOW_MESSAGES) {
      return;
    }
    MemoryAccount memory = home.memory();
    long window = Math.min(LOW_BYTES, memory.queueWindow());
    if (readyBytes >= window && !ready.isEmpty()) {
      return;
    }
    if (memory.overShare() && lane.queue().unackedCount() > 0 && !urgent) {
      starved = true;
      home.whenMemoryFreed(tryAgain);
      return;
    }
    starved = false;
    read((int) Math.max(LEAST_READ_BYTES, Math.min(MOST_READ_BYTES, window)));
  }

  private void read(int bytes) {
    reading = true;
    home.memory().add(bytes);
    int asked = generation;
    readers++;
    log.read(next, bytes, found -> loaded(found, asked, bytes));
  }

  private void loaded(List<StoredMessage> found, int asked, int bytes) {
    home.memory().add(-bytes);
    if (asked == generation) {
      reading = false;
      if (found.isEmpty() && count > 0) {
        // On a full disk they are not stored yet.
        home.schedule(this::readAgain, TRY_AGAIN_MILLIS);
      } else {
        load(found);
      }
    }
    readEnds();
  }

  private void readAgain() {
    if (count > 0) {
      readAhead(0, true);
    } else {
      lane.loadingDone();
    }
  }

  private void load(List<StoredMessage> found) {
    for (StoredMessage stored : found) {
      if (setAside.isEmpty() || !setAside.remove(stored.position())) {
        lane.loaded(entry(stored));
        count--;
      }
    }
    if (!found.isEmpty()) {
      next = found.get(found.size() - 1).position() + 1;
    }
    if (count < 0) {
      LOG.error("the store gave {} messages too many; this is a fault of the broker", -count);
      count = 0;
    }
    lane.loadingDone();
  }

  /** A message that was read. */
  QueueEntry entry(StoredMessage stored) {
    QueueEntry entry =
        new QueueEntry(lane, stored.message(), stored.position(), true, stored.due());
    boolean redelivered = stored.deliveries() > 0 || stored.position() < redeliveredBelow;
    entry.recovered(redelivered, ReturnCounts.of(stored.deliveries()));
    return entry;
  }

  /** The place of the next message that is in the store only, or one before it. */
  long nextPosition() {
    return next;
  }

  /**
   * When the first message came that is in the store only, as {@link Message#arrived} tells; 0
   * while that is not known. It is asked for once then, unless memory is short or too many are.
   */
  int firstArrived() {
    if (arrivedOf == next) {
      return firstArrived;
    }
    if (!reading && !home.memory().overShare()) {
      int asked = generation;
      long first = next;
      log.arrival(first, found -> noteArrival(found, first, asked));
    }
    return 0;
  }

  private void noteArrival(MessageStore.Arrival head, long first, int asked) {
    if (asked == generation && first == next && head != null) {
      arrivedOf = first;
      firstArrived = setAside.contains(head.position()) ? 0 : head.second();
    }
  }

  /**
   * Reads messages that stay in the store only.
   *
   * @param from the lowest place that counts
   * @param skip so many from there on are passed over
   * @param bytes how many, roughly; at least one message is read
   * @param then gets them; none of them is to be taken unless {@link #mayTake} was said before
   */
  void look(long from, long skip, int bytes, Consumer<List<StoredMessage>> then) {
    home.memory().add(bytes);
    log.read(
        from,
        skip,
        bytes,
        found -> {
          home.memory().add(-bytes);
          then.accept(found);
        });
  }

  /** How many messages are stored from one place up to another, not included. */
  void countStored(long from, long to, Consumer<Long> then) {
    log.count(from, to, then);
  }

  /** Messages that are read from now on may be taken, until {@link #readEnds} is said. */
  void mayTake() {
    readers++;
  }

  /** Those that a read gave are not taken any more. */
  void readEnds() {
    readers--;
    forgetGone();
  }

  private void forgetGone() {
    if (readers == 0 && !gone.isEmpty()) {
      gone.forEach(setAside::remove);
      gone.clear();
    }
  }

  /** Whether the message at a place waits here, and in the store only. */
  boolean has(long position) {
    return count > 0 && position >= next && !setAside.contains(position);
  }

  /** A message is not read on from here any more: it is dealt with otherwise. */
  void setAside(long position) {
    if (setAside.isEmpty()) {
      setAside = new HashSet<>();
    }
    setAside.add(position);
    count--;
  }

  /**
   * Reads a message that is stored and in no list.
   *
   * @param then gets it, or null when it is not stored yet
   */
  void readOne(long position, Consumer<QueueEntry> then) {
    log.read(
        position,
        1,
        found -> {
          boolean there = !found.isEmpty() && found.get(0).position() == position;
          then.accept(there ? entry(found.get(0)) : null);
        });
  }

  /** Nothing of the queue is outstanding any more: it may read on although memory is short. */
  void nothingUnacked() {
    if (starved) {
      readAhead(0, false);
    }
  }

  /** A message at a place up to this one was delivered. */
  void delivered(long position) {
    log.delivered(position + 1);
  }

  /** A message that is stored was given back. */
  void returned(long position, ReturnCounts counts) {
    log.returned(position, counts.stored());
  }

  /** A message that is stored was dealt with. */
  void ack(long position, int size) {
    log.ack(position, size);
    if (!setAside.isEmpty() && setAside.contains(position)) {
      gone.add(position);
      forgetGone();
    }
  }

  /** All messages are dropped that were not delivered since they were published or read back. */
  void dropAll() {
    if (log != null) {
      boolean allInStore = ready.freshSize() == 0 && count > 0;
      log.drop(allInStore ? next : ready.firstFreshPosition(), ready.nextPosition());
    }
    forget();
  }

  private void forget() {
    count = 0;
    reading = false;
    starved = false;
    home.forgetMemoryFreed(tryAgain);
    generation++;
  }

  /** The queue is gone. */
  void remove() {
    forget();
    if (log != null) {
      log.remove();
    }
  }
}
