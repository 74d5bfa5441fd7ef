package io.harveymq.broker.exchange;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The messages that wait in a delayed exchange, in the order in which they are due, those due at
 * the same time as they came. Persistent ones of a durable exchange are stored with their time.
 * When many wait, or memory is short, messages are in the store only, and are read back when they
 * are due. Owned by the home loop.
 */
public final class DelayedMessages {
  /** Messages that are let go in one turn. */
  private static final int PER_TURN = 256;

  private static final int READ_BYTES = 256 << 10;
  private static final int RECOVERY_BYTES = 1 << 20;
  private static final long TRY_AGAIN_MILLIS = 200;

  /** Bytes counted for a place in the order. */
  private static final int ENTRY_SIZE = 96;

  private final DelayedExchange exchange;
  private final VirtualHost vhost;
  private final HomeLoop home;
  private final MemoryAccount memory;
  private final QueueLog durable;
  private final Deadline deadline = new Deadline(this::letGo);
  private QueueLog temporary;
  private TreeSet<DelayedMessage> waiting = new TreeSet<>();
  private long nextPosition;
  private long bytesInMemory;
  private long recoverFrom = Long.MAX_VALUE;
  private long recoverTo;
  private boolean reading;
  private boolean removed;

  private DelayedMessages(DelayedExchange exchange, VirtualHost vhost, QueueLog durable) {
    this.exchange = exchange;
    this.vhost = vhost;
    this.home = vhost.home();
    this.memory = home.memory();
    this.durable = durable;
  }

  static DelayedMessages create(DelayedExchange exchange, VirtualHost vhost) {
    HomeLoop home = vhost.home();
    boolean stored = exchange.definition().durable() && home.store() != null;
    QueueLog log = stored ? home.store().log(home.store().newLogs(1)) : null;
    return new DelayedMessages(exchange, vhost, log);
  }

  static DelayedMessages recovered(
      DelayedExchange exchange, VirtualHost vhost, long log, MessageStore.Log found) {
    HomeLoop home = vhost.home();
    QueueLog known = found == null ? home.store().log(log) : home.store().recovered(found);
    DelayedMessages messages = new DelayedMessages(exchange, vhost, known);
    if (found != null && found.messages() > 0) {
      messages.recoverFrom = found.firstPosition();
    }
    if (found != null) {
      messages.recoverTo = found.nextPosition();
      messages.nextPosition = found.nextPosition();
    }
    return messages;
  }

  /** The number of the log of a durable exchange; 0 when nothing is stored. */
  long log() {
    return durable == null ? 0 : durable.number();
  }

  /** How many messages wait, as far as they have been read back after a start. */
  public int count() {
    return waiting.size();
  }

  /** The messages that are due first. */
  public List<DelayedMessage> first(int limit) {
    return waiting.stream().limit(limit).toList();
  }

  /** Some of them, in the order in which they are due. */
  public List<DelayedMessage> some(int offset, int limit) {
    return waiting.stream().skip(offset).limit(limit).toList();
  }

  /**
   * One that waits; null when it does not wait any more.
   *
   * @param id see {@link DelayedMessage#id}
   */
  public DelayedMessage byId(String id) {
    DelayedMessage named = DelayedMessage.named(id);
    return named == null ? null : find(named.due(), named.position());
  }

  /**
   * The one that is due next after another.
   *
   * @param before which need not wait any more; null for the first one
   * @return null when there is none
   */
  public DelayedMessage after(DelayedMessage before) {
    if (before != null) {
      return waiting.higher(before);
    }
    return waiting.isEmpty() ? null : waiting.first();
  }

  /** Above the positions of all that wait now. */
  public long endPosition() {
    return nextPosition;
  }

  /**
   * Reads a message back if it is only in the store; it stays there.
   *
   * @param then gets it, now or in an event of the home loop; null when it is gone, or, on a full
   *     disk, not to be had yet
   */
  public void content(DelayedMessage entry, Consumer<Message> then) {
    if (entry.message() != null) {
      then.accept(entry.message());
      return;
    }
    entry
        .log()
        .read(
            entry.position(),
            1,
            found -> {
              boolean isIt = !found.isEmpty() && found.get(0).position() == entry.position();
              then.accept(isIt ? found.get(0).message() : null);
            });
  }

  // ---- messages come

  void add(Message message, long delay) {
    long now = home.now();
    long due = delay > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delay;
    boolean survives = durable != null && message.isPersistent();
    boolean storeOnly =
        home.store() != null && bytesInMemory + message.size() > memory.queueWindow();
    QueueLog log = null;
    if (survives) {
      log = durable;
    } else if (storeOnly) {
      if (temporary == null) {
        temporary = home.store().newTemporaryLog();
      }
      log = temporary;
    }
    DelayedMessage entry = new DelayedMessage(due, nextPosition++, message, log);
    if (log != null) {
      log.append(entry.position(), message, due, survives);
    }
    if (!storeOnly) {
      load(entry, message);
    }
    insert(entry);
    arm();
  }

  private void insert(DelayedMessage entry) {
    waiting.add(entry);
    memory.add(ENTRY_SIZE);
  }

  private void load(DelayedMessage entry, Message message) {
    entry.message(message);
    message.retain(memory);
    bytesInMemory += message.size();
  }

  // ---- messages go

  private void arm() {
    if (!waiting.isEmpty() && !reading) {
      home.deadlines().set(deadline, waiting.first().due());
    }
  }

  private void letGo() {
    long now = home.now();
    for (int i = 0; i < PER_TURN && goesOn(); i++) {
      DelayedMessage first = waiting.first();
      if (first.due() > now) {
        break;
      }
      if (first.message() == null) {
        readBack(first);
        return;
      }
      release(first);
    }
    arm();
  }

  private boolean goesOn() {
    return !waiting.isEmpty() && !removed && !home.hasRoutedEnough();
  }

  /** A crash finds the message waiting, or where it is routed to, even if the disk is full. */
  private void release(DelayedMessage first) {
    Message waited = first.message();
    BooleanSupplier both =
        () -> {
          Message released = DelayedExchange.released(waited);
          vhost.publish(exchange, released);
          released.replaces(waited);
          drop(first);
          return true;
        };
    if (home.store() == null) {
      both.getAsBoolean();
    } else {
      home.store().atomically(both);
    }
  }

  /**
   * Routes a message now, as if its time had come.
   *
   * @param then told, now or in an event of the home loop, whether it was there
   */
  public void letGo(DelayedMessage entry, Consumer<Boolean> then) {
    content(
        entry,
        message -> {
          boolean waits = message != null && !removed && byId(entry.id()) == entry;
          if (waits) {
            if (entry.message() == null) {
              load(entry, message);
            }
            release(entry);
          }
          then.accept(waits);
        });
  }

  private void drop(DelayedMessage entry) {
    waiting.remove(entry);
    memory.add(-ENTRY_SIZE);
    if (entry.message() != null) {
      bytesInMemory -= entry.message().size();
      entry.message().release(memory);
    }
    if (entry.log() != null) {
      entry.log().ack(entry.position(), entry.bodySize());
    }
  }

  private void readBack(DelayedMessage first) {
    reading = true;
    memory.add(READ_BYTES);
    first.log().read(first.position(), READ_BYTES, found -> onReadBack(first, found));
  }

  private void onReadBack(DelayedMessage first, List<StoredMessage> found) {
    memory.add(-READ_BYTES);
    reading = false;
    if (removed) {
      return;
    }
    long now = home.now();
    for (StoredMessage stored : found) {
      if (stored.due() <= now) {
        DelayedMessage entry = find(stored.due(), stored.position());
        if (entry != null && entry.message() == null && entry.log() == first.log()) {
          load(entry, stored.message());
        }
      }
    }
    if (!waiting.isEmpty() && waiting.first() == first && first.message() == null) {
      // On a full disk it is not stored yet.
      home.deadlines().set(deadline, now + TRY_AGAIN_MILLIS);
    } else {
      arm();
    }
  }

  private DelayedMessage find(long due, long position) {
    DelayedMessage sought = new DelayedMessage(due, position);
    DelayedMessage found = waiting.floor(sought);
    return found != null && found.compareTo(sought) == 0 ? found : null;
  }

  /**
   * Drops a message, which then goes nowhere.
   *
   * @return false when it does not wait any more
   */
  public boolean cancel(DelayedMessage message) {
    DelayedMessage found = find(message.due(), message.position());
    if (found == null) {
      return false;
    }
    drop(found);
    return true;
  }

  /** The exchange is gone. */
  void remove() {
    removed = true;
    home.deadlines().clear(deadline);
    if (durable != null) {
      durable.remove();
    }
    if (temporary != null) {
      temporary.remove();
    }
    TreeSet<DelayedMessage> all = waiting;
    waiting = new TreeSet<>();
    home.startBulk(units -> discard(all, units));
  }

  private boolean discard(TreeSet<DelayedMessage> all, int units) {
    for (int i = 0; i < units && !all.isEmpty(); i++) {
      DelayedMessage entry = all.pollFirst();
      memory.add(-ENTRY_SIZE);
      if (entry.message() != null) {
        entry.message().release(memory);
      }
    }
    return all.isEmpty();
  }

  // ---- after a start

  /** Finds out what waits and when it is due, from what the store has. */
  void start() {
    if (recoverFrom < recoverTo && !removed) {
      memory.add(RECOVERY_BYTES);
      durable.read(recoverFrom, RECOVERY_BYTES, this::onRecovered);
    }
  }

  private void onRecovered(List<StoredMessage> found) {
    memory.add(-RECOVERY_BYTES);
    if (removed) {
      return;
    }
    if (found.isEmpty()) {
      recoverFrom = Long.MAX_VALUE;
    }
    for (StoredMessage stored : new ArrayList<>(found)) {
      recoverFrom = stored.position() + 1;
      if (stored.position() < recoverTo) {
        Message message = stored.message();
        DelayedMessage entry =
            new DelayedMessage(stored.due(), stored.position(), message, durable);
        if (bytesInMemory + message.size() <= memory.queueWindow()) {
          load(entry, message);
        }
        insert(entry);
      }
    }
    arm();
    start();
  }
}
