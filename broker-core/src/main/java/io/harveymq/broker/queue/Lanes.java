package io.harveymq.broker.queue;

import io.harveymq.broker.store.LogNumbers;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The lanes of a queue, one for each level of priority, made when the first message of it comes.
 * Owned by the home loop.
 */
public final class Lanes {
  /** So many turns the messages above normal have before one of the others has its own. */
  private static final int HIGH_TURNS = 2;

  private final MessageQueue queue;
  private final HomeLoop home;
  private final Levels levels;
  private final long firstLog;
  private final Lane base;

  /** By level; null as long as there is only the base. */
  private Lane[] all;

  /** Messages that came back and wait for a while; null as long as none did. */
  private DelayedReturns delayed;

  /** All levels above are empty; of use in classic queues only. */
  private int top;

  private int count = 1;
  private int turn;
  private long nextPosition;
  private long nextReturn;
  private int ready;
  private long bodyBytes;
  private boolean hasDue;
  private final PersistentCount persistent;

  /** Those of them that are delivered and not acknowledged, or wait to be delivered again. */
  private final PersistentCount lent;

  /**
   * The lanes of a new queue.
   *
   * @param firstLog number of the queue's log, 0 when nothing is stored
   */
  Lanes(MessageQueue queue, HomeLoop home, long firstLog, Levels levels) {
    this(queue, home, firstLog, levels, Collections.emptyNavigableMap());
  }

  /** The lanes of a durable queue with what the store has of them, by number of log. */
  Lanes(
      MessageQueue queue,
      HomeLoop home,
      long firstLog,
      Levels levels,
      NavigableMap<Long, MessageStore.Log> found) {
    this.queue = queue;
    this.home = home;
    this.firstLog = firstLog;
    this.levels = levels;
    this.persistent = new PersistentCount(firstLog != 0, queue.isQuorum());
    this.lent = new PersistentCount(firstLog != 0, queue.isQuorum());
    this.base = newLane(levels.base(), found);
    if (!found.isEmpty() && (!levels.isOfQuorum() || found.lastKey() >= LogNumbers.LEAST_BESIDES)) {
      for (int level = 0; level < levels.count(); level++) {
        if (level != levels.base() && found.containsKey(levels.log(firstLog, level))) {
          add(level, newLane(level, found));
        }
      }
    }
    MessageStore.Log delays = found.get(LogNumbers.ofDelays(firstLog));
    if (delays != null) {
      delayed = new DelayedReturns(queue, home, delays);
    }
  }

  /** Goes on with what was found in the store. */
  void start() {
    if (delayed != null) {
      delayed.start();
    }
  }

  private Lane newLane(int level, Map<Long, MessageStore.Log> found) {
    long number = firstLog == 0 ? 0 : levels.log(firstLog, level);
    MessageStore.Log log = firstLog == 0 ? null : found.get(number);
    Lane lane;
    if (log != null) {
      lane = new Lane(queue, this, home, level, log);
      hasDue |= log.hasDue();
      nextPosition = Math.max(nextPosition, log.nextPosition());
    } else {
      lane = new Lane(queue, this, home, level, firstLog == 0 ? null : home.store().log(number));
    }
    // The store notes only of the first log of a queue how far it was delivered.
    if (level != levels.base() || levels.isOfQuorum()) {
      lane.countReturns();
    }
    return lane;
  }

  private Lane add(int level, Lane lane) {
    if (all == null) {
      all = new Lane[levels.count()];
      all[base.level()] = base;
      nextPosition = Math.max(nextPosition, base.nextPosition());
    }
    all[level] = lane;
    count++;
    top = Math.max(top, level);
    return lane;
  }

  /** The number of the queue's log; 0 when nothing is stored. */
  long firstLog() {
    return firstLog;
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** The lane of messages without a priority. */
  Lane base() {
    return base;
  }

  /** The lane of a level; null when there is none. */
  Lane at(int level) {
    if (all == null) {
      return level == base.level() ? base : null;
    }
    return all[level];
  }

  /** The lane that a message goes to. */
  Lane of(Message message) {
    int level = levels.of(message);
    if (all == null && level == base.level()) {
      return base;
    }
    Lane lane = at(level);
    if (lane == null) {
      return add(level, newLane(level, Map.of()));
    }
    top = Math.max(top, level);
    return lane;
  }

  /** Whether a message would come before others that wait. */
  boolean isOvertakenBy(Message message) {
    return levels.count() > 1 && ready > 0 && levels.of(message) > first().level();
  }

  /** Whether the places of all lanes are counted through. */
  boolean countsThrough() {
    return all != null && levels.takeTurns();
  }

  /** The next place, if they are counted through. */
  long nextPosition() {
    return nextPosition;
  }

  /** The same once that was given away. */
  void nextPosition(long position) {
    nextPosition = position;
  }

  /** Where a message of a quorum queue that comes back stands among those that came back. */
  long nextReturn() {
    return nextReturn++;
  }

  /** A message that had not been delivered before went from a lane. */
  void tookFresh() {
    turn = turn == HIGH_TURNS ? 0 : turn + 1;
  }

  /** The messages that survive a restart, delivered ones included. */
  public PersistentCount persistent() {
    return persistent;
  }

  /** A message that was taken is with a client. */
  void lent(Message message) {
    persistent.add(message);
    lent.add(message);
  }

  /** It is not any more: put back, acknowledged or dropped. */
  void lentNoMore(Message message) {
    persistent.remove(message);
    lent.remove(message);
  }

  /** Messages that wait in all lanes. */
  int ready() {
    return ready;
  }

  /** Bytes of their bodies. */
  long bodyBytes() {
    return bodyBytes;
  }

  /** Messages that wait and are in memory. */
  public int inMemory() {
    int[] count = {0};
    forEach(lane -> count[0] += lane.inMemory());
    return count[0];
  }

  /** Bytes of bodies and properties of those. */
  public long bytesInMemory() {
    long[] bytes = {0};
    forEach(lane -> bytes[0] += lane.bytesInMemory());
    return bytes[0];
  }

  /** The messages that wait and are in memory, in the order in which they would be delivered. */
  public List<Waiting> waiting() {
    List<Waiting> waiting = new ArrayList<>();
    if (!levels.isOfQuorum()) {
      forEach(lane -> lane.addTo(waiting, true, true));
      return waiting;
    }
    forEach(lane -> lane.addTo(waiting, true, false));
    waiting.sort(Comparator.comparing(Waiting::entry));
    List<Waiting> above = new ArrayList<>();
    List<Waiting> others = new ArrayList<>();
    forEach(lane -> lane.addTo(levels.isHighTurn(lane.level()) ? above : others, false, true));
    int next = 0;
    int at = turn;
    for (Waiting other : others) {
      while (next < above.size()
          && (at != HIGH_TURNS || above.get(next).position() < other.position())) {
        waiting.add(above.get(next++));
        at = at == HIGH_TURNS ? 0 : at + 1;
      }
      waiting.add(other);
      at = at == HIGH_TURNS ? 0 : at + 1;
    }
    waiting.addAll(above.subList(next, above.size()));
    return waiting;
  }

  /**
   * Takes out messages that wait and are in memory, to be acknowledged or put back.
   *
   * @param chosen which
   */
  List<QueueEntry> takeOut(Predicate<Waiting> chosen) {
    List<QueueEntry> taken = new ArrayList<>();
    forEach(lane -> lane.takeOut(chosen, taken));
    return taken;
  }

  /** Puts messages back that were taken out, each to its place. */
  void putBackInPlace(List<QueueEntry> entries) {
    forEach(
        lane -> lane.putBackInPlace(entries.stream().filter(one -> one.lane() == lane).toList()));
  }

  /** The first message, or null when none waits or it is not in memory. */
  public Message peek() {
    return first().peek();
  }

  /**
   * When the message came that waits for longest, as {@link Message#arrived} tells; 0 if that is
   * not known.
   */
  public int oldest() {
    int[] oldest = {-1};
    forEach(
        lane -> {
          if (lane.count() > 0 && Integer.compareUnsigned(lane.oldest(), oldest[0]) < 0) {
            oldest[0] = lane.oldest();
          }
        });
    return oldest[0] == -1 ? 0 : oldest[0];
  }

  /** Whether messages with a due time were found in the store. */
  boolean hasDue() {
    return hasDue;
  }

  /** A lane found messages in the store, with so many bytes of bodies. */
  void recovered(int messages, long bytes) {
    ready += messages;
    bodyBytes += bytes;
    persistent.recovered(messages, bytes);
  }

  /** A message was added to a lane. */
  void came(Message message) {
    ready++;
    bodyBytes += message.body().length;
    persistent.add(message);
  }

  /** A message was taken from a lane. */
  void left(Message message) {
    ready--;
    bodyBytes -= message.body().length;
    persistent.remove(message);
  }

  /**
   * Drops all messages that wait, be it for their time; their memory is freed over the next turns.
   *
   * @return how many
   */
  int dropAll() {
    queue.allGo();
    int later = delayed == null ? 0 : delayed.dropAll();
    StoryTaps.emptied(queue);
    int count = ready;
    if (count > 0) {
      forEach(
          lane -> {
            ReadyList all = lane.dropAll();
            home.startBulk(units -> lane.discard(all, units));
          });
      ready = 0;
      bodyBytes = 0;
      persistent.keepOnly(lent);
    }
    return count + later;
  }

  /** The queue is gone; what waited has been dropped. */
  void remove() {
    forEach(Lane::remove);
    if (delayed != null) {
      delayed.remove();
    }
  }

  /** A message that was taken comes back: to the head, to the end, or to neither yet. */
  void comeBack(QueueEntry entry, ComeBack why) {
    QueueSettings settings = queue.settings();
    DelayedRetry retry = settings.delayedRetry();
    long delay = retry == null ? 0 : retry.delay(why.isFailure(), entry.failures());
    if (delay > 0) {
      if (delayed == null) {
        long number = LogNumbers.ofDelays(firstLog);
        delayed = new DelayedReturns(queue, home, firstLog == 0 ? null : home.store().log(number));
      }
      entry.lane().noteReturn(entry);
      delayed.add(entry, delay);
    } else if (queue.isQuorum() && why.isAsked() && settings.deliveryLimit() == null) {
      base.addAgain(entry);
    } else {
      entry.lane().noteReturn(entry);
      entry.lane().putBack(entry);
    }
  }

  /** Messages that came back and wait until they may be delivered again. */
  public int delayedCount() {
    return delayed == null ? 0 : delayed.count();
  }

  /** Bytes of the bodies of those. */
  public long delayedBytes() {
    return delayed == null ? 0 : delayed.bodyBytes();
  }

  /** Those of them that are in memory, in the order in which they will go on. */
  public List<Waiting> delayed() {
    return delayed == null ? List.of() : delayed.waiting();
  }

  /** A message that was taken came back to its lane. */
  void cameBack(Lane lane, Message message) {
    came(message);
    top = Math.max(top, lane.level());
  }

  /** Messages that were found waiting do so elsewhere for the time being. */
  void setAside(int messages, long bytes) {
    ready -= messages;
    bodyBytes -= bytes;
    persistent.remove(messages, bytes);
  }

  /** A message that is stored waits to be delivered again. */
  void delayed(int bodyBytes) {
    persistent.add(bodyBytes);
    lent.add(bodyBytes);
  }

  /** So many do not any more. */
  void delayedNoMore(int messages, long bytes) {
    persistent.remove(messages, bytes);
    lent.remove(messages, bytes);
  }

  /** The lane that the next message comes from; any if there is none. */
  Lane first() {
    if (all == null) {
      return base;
    }
    if (levels.isOfQuorum()) {
      return firstOfQuorum();
    }
    while (top > 0 && (all[top] == null || all[top].count() == 0)) {
      top--;
    }
    return all[top];
  }

  /** What came back is first, in the order in which it did (rabbit_fifo:take_next_msg). */
  private Lane firstOfQuorum() {
    Lane highest = null;
    Lane normal = null;
    QueueEntry returned = null;
    for (int level = all.length - 1; level >= 0; level--) {
      Lane lane = all[level];
      if (lane == null || lane.count() == 0) {
        continue;
      }
      QueueEntry back = lane.peekReturned();
      if (back != null && (returned == null || back.compareTo(returned) < 0)) {
        returned = back;
      }
      if (highest == null) {
        highest = lane;
      }
      if (normal == null && !Levels.isHigh(level)) {
        normal = lane;
      }
    }
    if (returned != null) {
      return returned.lane();
    }
    if (highest == null) {
      return base;
    }
    boolean gives = levels.takeTurns() && turn == HIGH_TURNS && normal != null;
    return gives && normal.firstPosition() < highest.firstPosition() ? normal : highest;
  }

  /** The lanes at whose head messages expire. */
  void forEachThatExpires(Consumer<Lane> action) {
    if (all != null && levels.expireEach()) {
      forEach(action);
    } else {
      action.accept(first());
    }
  }

  /** A lane whose first message was to go by then; null when there is none. */
  Lane expired(long upTo) {
    if (all != null && levels.expireEach()) {
      for (int level = all.length - 1; level >= 0; level--) {
        if (all[level] != null && all[level].hasExpired(upTo)) {
          return all[level];
        }
      }
      return null;
    }
    Lane first = first();
    return first.hasExpired(upTo) ? first : null;
  }

  /** Does something with each lane, the highest priority first. */
  void forEach(Consumer<Lane> action) {
    if (all == null) {
      action.accept(base);
      return;
    }
    for (int level = all.length - 1; level >= 0; level--) {
      if (all[level] != null) {
        action.accept(all[level]);
      }
    }
  }
}
