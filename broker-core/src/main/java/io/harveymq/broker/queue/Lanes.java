package io.harveymq.broker.queue;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The lanes of a queue, one for each priority, made when the first message of it comes. The lane of
 * priority <em>p</em> has the queue's log number plus <em>p</em>. Owned by the home loop.
 */
public final class Lanes {
  private final MessageQueue queue;
  private final HomeLoop home;
  private final long firstLog;
  private final Lane[] byPriority;
  private int top;
  private int ready;
  private long bodyBytes;
  private boolean hasDue;
  private final PersistentCount persistent;

  /** Those of them that are delivered and not acknowledged. */
  private final PersistentCount lent;

  /**
   * @param firstLog number of the log of the lowest priority, 0 when nothing is stored
   * @param maxPriority the highest priority, from 0 to 255
   */
  Lanes(MessageQueue queue, HomeLoop home, long firstLog, int maxPriority) {
    this.queue = queue;
    this.home = home;
    this.firstLog = firstLog;
    this.byPriority = new Lane[maxPriority + 1];
    this.persistent = new PersistentCount(firstLog != 0, queue.isQuorum());
    this.lent = new PersistentCount(firstLog != 0, queue.isQuorum());
    byPriority[0] = newLane(0);
  }

  /** The lanes of a durable queue with what the store has of them, by number of log. */
  Lanes(
      MessageQueue queue,
      HomeLoop home,
      long firstLog,
      int maxPriority,
      Map<Long, MessageStore.Log> found) {
    this.queue = queue;
    this.home = home;
    this.firstLog = firstLog;
    this.byPriority = new Lane[maxPriority + 1];
    this.persistent = new PersistentCount(firstLog != 0, queue.isQuorum());
    this.lent = new PersistentCount(firstLog != 0, queue.isQuorum());
    for (int priority = 0; priority <= maxPriority; priority++) {
      MessageStore.Log log = found.get(firstLog + priority);
      if (log != null) {
        byPriority[priority] = counting(new Lane(queue, this, home, log), priority);
        hasDue |= log.hasDue();
        top = priority;
      }
    }
    if (byPriority[0] == null) {
      byPriority[0] = newLane(0);
    }
  }

  private Lane newLane(int priority) {
    QueueLog log = firstLog == 0 ? null : home.store().log(firstLog + priority);
    return counting(new Lane(queue, this, home, log), priority);
  }

  /** The store notes only of the first log of a queue how far it was delivered. */
  private Lane counting(Lane lane, int priority) {
    if (priority > 0 || queue.isQuorum()) {
      lane.countReturns();
    }
    return lane;
  }

  /** The number of the log of the lowest priority; 0 when nothing is stored. */
  long firstLog() {
    return firstLog;
  }

  /** The lane that a message goes to: without a priority it has the lowest. */
  Lane of(Message message) {
    if (byPriority.length == 1) {
      return byPriority[0];
    }
    int priority = Math.min(message.priority(), byPriority.length - 1);
    if (byPriority[priority] == null) {
      byPriority[priority] = newLane(priority);
    }
    top = Math.max(top, priority);
    return byPriority[priority];
  }

  /** Whether a message would come before others that wait. */
  boolean isOvertakenBy(Message message) {
    return byPriority.length > 1
        && ready > 0
        && Math.min(message.priority(), byPriority.length - 1) > priorityOfFirst();
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
    int count = 0;
    for (Lane lane : byPriority) {
      count += lane == null ? 0 : lane.inMemory();
    }
    return count;
  }

  /** Bytes of bodies and properties of those. */
  public long bytesInMemory() {
    long bytes = 0;
    for (Lane lane : byPriority) {
      bytes += lane == null ? 0 : lane.bytesInMemory();
    }
    return bytes;
  }

  /** The messages that wait and are in memory, in the order in which they would be delivered. */
  public List<Waiting> waiting() {
    List<Waiting> all = new ArrayList<>();
    for (int priority = byPriority.length - 1; priority >= 0; priority--) {
      if (byPriority[priority] != null) {
        byPriority[priority].addTo(all, priority);
      }
    }
    return all;
  }

  /**
   * Takes out messages that wait and are in memory, to be acknowledged or put back.
   *
   * @param chosen which
   */
  List<QueueEntry> takeOut(Predicate<Waiting> chosen) {
    List<QueueEntry> taken = new ArrayList<>();
    for (int priority = byPriority.length - 1; priority >= 0; priority--) {
      if (byPriority[priority] != null) {
        byPriority[priority].takeOut(chosen, priority, taken);
      }
    }
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
   * Drops all messages that wait; their memory is freed over the next turns.
   *
   * @return how many
   */
  int dropAll() {
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
    return count;
  }

  /** A message that was taken came back to its lane. */
  void cameBack(Lane lane, Message message) {
    came(message);
    for (int priority = byPriority.length - 1; priority > top; priority--) {
      if (byPriority[priority] == lane) {
        top = priority;
      }
    }
  }

  /** The lane with the highest priority in which messages wait; any if there are none. */
  Lane first() {
    return byPriority[priorityOfFirst()];
  }

  private int priorityOfFirst() {
    while (top > 0 && (byPriority[top] == null || byPriority[top].count() == 0)) {
      top--;
    }
    return top;
  }

  /** Does something with each lane, the highest priority first. */
  void forEach(Consumer<Lane> action) {
    for (int priority = byPriority.length - 1; priority >= 0; priority--) {
      if (byPriority[priority] != null) {
        action.accept(byPriority[priority]);
      }
    }
  }
}
