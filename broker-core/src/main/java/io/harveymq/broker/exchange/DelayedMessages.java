package io.harveymq.broker.exchange;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final int RADIX = 36;
  private static final Pattern ID = Pattern.compile("(\\d{1,18}):([0-9a-z]{1,13})@(\\w{1,7})");
  private static final int INCARNATION = 3;
  private static final Pattern UNTIL = Pattern.compile("(\\d{1,18})@(\\w{1,7})");

  /** Who publishes what falls due: its publisher may have gone long ago. */
  private static final DroppedMessages.Publisher NOBODY =
      new DroppedMessages.Publisher("none", "delayed", null);

  private final DelayedExchange exchange;
  private final VirtualHost vhost;
  private final HomeLoop home;
  private final MemoryAccount memory;
  private final QueueLog durable;
  private final String incarnation =
      Integer.toUnsignedString(ThreadLocalRandom.current().nextInt(), RADIX);
  private final Deadline deadline = new Deadline(this::letGo);
  private QueueLog temporary;
  private TreeSet<DelayedMessage> waiting = new TreeSet<>();
  private long nextPosition;
  private long bytesInMemory;
  private long recoverFrom = Long.MAX_VALUE;
  private long recoverTo;
  private boolean reading;
  private boolean removed;

  /** Messages from before the start that have not been read back. */
  private int unknown;

  private final List<Runnable> awaitingStart = new ArrayList<>();

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
      messages.unknown = found.messages();
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

  /** How many messages wait. */
  public int count() {
    return waiting.size() + unknown;
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
   * @param id see {@link #id}
   */
  public DelayedMessage byId(String id) {
    DelayedMessage sought = placeOf(id);
    return sought == null ? null : find(sought.due(), sought.position());
  }

  /**
   * The place in the order that an id stands for, see {@link #after}.
   *
   * @param id of one that need not wait any more, see {@link #id}
   * @return null when the id names none of this exchange
   */
  public DelayedMessage placeOf(String id) {
    Matcher parts = ID.matcher(id);
    if (!parts.matches() || !parts.group(INCARNATION).equals(incarnation)) {
      return null;
    }
    try {
      long due = Long.parseLong(parts.group(2), RADIX);
      return new DelayedMessage(due, Long.parseLong(parts.group(1)));
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  /**
   * Names a message: its position, a colon, when it is due, an at sign, and the incarnation of the
   * exchange, so that it names none of one that was declared again, nor of one before a restart.
   */
  public String id(DelayedMessage waiting) {
    return waiting.position() + ":" + Long.toString(waiting.due(), RADIX) + "@" + incarnation;
  }

  /** Names the end of those that have come by now, see {@link #endOf}. */
  public String until() {
    return nextPosition + "@" + incarnation;
  }

  /**
   * The position that an {@link #until} names.
   *
   * @return 0, before all, when it was told of another exchange, or is none
   */
  public long endOf(String until) {
    Matcher parts = UNTIL.matcher(until);
    boolean ours = parts.matches() && parts.group(2).equals(incarnation);
    return ours ? Long.parseLong(parts.group(1)) : 0;
  }

  /** Above the positions of all that have come by now. */
  public long end() {
    return nextPosition;
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

  /** Whether a message waits here still. */
  public boolean waits(DelayedMessage message) {
    return !removed && find(message.due(), message.position()) == message;
  }

  /**
   * Runs something once all that the store has from before the start is known: now, or in an event
   * of the home loop.
   */
  public void whenKnown(Runnable then) {
    if (unknown == 0 || removed) {
      then.run();
    } else {
      awaitingStart.add(then);
    }
  }

  /**
   * Reads messages back that are in the store, from one of them on; they stay there.
   *
   * @param bytes how many, roughly; at least the one is read
   * @param then gets them in an event of the home loop; without the one when it is gone, or, on a
   *     full disk, not stored yet
   */
  public void read(DelayedMessage from, int bytes, Consumer<List<StoredMessage>> then) {
    memory.add(bytes);
    from.log()
        .read(
            from.position(),
            bytes,
            found -> {
              memory.add(-bytes);
              then.accept(found);
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
          route(released);
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

  private Route routeOf(Message released) {
    return vhost.router().route(exchange, released.routingKey(), released.properties());
  }

  private void route(Message released) {
    Route route = routeOf(released);
    exchange.counters().add(Counter.PUBLISH_OUT, route.queues().length);
    route.countPublished(vhost.flows());
    for (AmqpQueue queue : route.queues()) {
      queue.counters().add(Counter.PUBLISH);
      queue.publish(released);
    }
    home.routed(route.queues().length);
    vhost.keep(released, route);
    if (route.isEmpty()) {
      vhost.unroutable().dropped(released, exchange, vhost.ended(), NOBODY);
    }
  }

  /**
   * Routes a message now, as if its time had come; unless it would be lost.
   *
   * @param waiting one that {@link #waits}
   * @param content of it; it may have been read back
   * @return why it stays; null when it went
   */
  public String letGo(DelayedMessage waiting, Message content) {
    Message released = DelayedExchange.released(content);
    Route route = routeOf(released);
    if (route.isEmpty()) {
      return "no queue takes it";
    }
    for (AmqpQueue queue : route.queues()) {
      if (queue.wouldRefuse(released)) {
        return "the queue is full";
      }
    }
    if (waiting.message() == null) {
      load(waiting, content);
    }
    release(waiting);
    return null;
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
    unknown = 0;
    home.startBulk(units -> discard(all, units));
    tellIfKnown();
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
      unknown = 0;
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
        unknown = Math.max(0, unknown - 1);
      }
    }
    arm();
    if (recoverFrom >= recoverTo) {
      unknown = 0;
    }
    start();
    tellIfKnown();
  }

  private void tellIfKnown() {
    if (unknown == 0 || removed) {
      List<Runnable> all = List.copyOf(awaitingStart);
      awaitingStart.clear();
      all.forEach(Runnable::run);
    }
  }
}
