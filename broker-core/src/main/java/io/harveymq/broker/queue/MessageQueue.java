package io.harveymq.broker.queue;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Destination;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A classic queue: takes messages, hands them out in order to its consumers or to basic.get, takes
 * them back to their place, drops them when they are acknowledged. Owned by the home loop of its
 * virtual host.
 */
public final class MessageQueue implements Destination {
  /**
   * What a queue was declared with.
   *
   * @param durable already false for an exclusive queue, as in RabbitMQ
   */
  public record Definition(
      String name,
      boolean durable,
      boolean autoDelete,
      boolean exclusive,
      QueueArguments arguments) {}

  /** Waiting messages, or bytes of them, from which on a queue with consumers counts as behind. */
  private static final int BEHIND_MESSAGES = 8_192;

  private static final int BEHIND_BYTES = 4 << 20;

  private final Definition definition;
  private final VirtualHost vhost;
  private final HomeLoop home;
  private final MemoryAccount memory;
  private final Object owner;
  private final Lanes lanes;
  private final QueueWaiters waiters;
  private QueueSettings settings;
  private Limits limits;
  private Consumers consumers;
  private Set<Binding> incoming;
  private int unacked;
  private boolean dirty;
  private boolean deleted;

  /**
   * @param owner the connection that has exclusive use, null unless exclusive
   */
  public MessageQueue(Definition definition, Object owner, VirtualHost vhost) {
    this.definition = definition;
    this.owner = owner;
    this.vhost = vhost;
    this.home = vhost.home();
    this.memory = home.memory();
    this.waiters = new QueueWaiters(this, home);
    int levels = maxPriority() + 1;
    boolean stored = definition.durable() && home.store() != null;
    this.lanes = new Lanes(this, home, stored ? home.store().newLogs(levels) : 0, maxPriority());
    start();
  }

  /**
   * A durable queue that was found in the store; {@link #start} has to follow on the home loop.
   *
   * @param log number of its log, or of the first of them
   * @param found what the store has of logs
   */
  public MessageQueue(
      Definition definition, VirtualHost vhost, long log, Map<Long, MessageStore.Log> found) {
    this.definition = definition;
    this.owner = null;
    this.vhost = vhost;
    this.home = vhost.home();
    this.memory = home.memory();
    this.waiters = new QueueWaiters(this, home);
    this.lanes = new Lanes(this, home, log, maxPriority(), found);
    if (lanes.hasDue()) {
      limits = new Limits(this, vhost, QueueSettings.NONE);
      limits.expectDue();
    }
  }

  private int maxPriority() {
    Integer most = definition.arguments().maxPriority();
    return most == null ? 0 : most;
  }

  /** Begins to live by its settings: its times count from now on. */
  public void start() {
    apply(
        ReplyQueues.isReplyKey(name())
            ? QueueSettings.NONE
            : vhost.policies().settingsOf(definition));
  }

  /** Lives by these settings from now on. */
  public void apply(QueueSettings newSettings) {
    if (limits == null && newSettings.limits()) {
      limits = new Limits(this, vhost, settings == null ? newSettings : settings);
    }
    settings = newSettings;
    if (limits != null) {
      limits.change(newSettings);
      markDirty();
    }
  }

  @Override
  public String name() {
    return definition.name();
  }

  @Override
  public boolean isQueue() {
    return true;
  }

  public Definition definition() {
    return definition;
  }

  /** Whether it follows the rules of quorum queues. */
  public boolean isQuorum() {
    return definition.arguments().queueType() == QueueType.QUORUM;
  }

  /** What its arguments and policies make of it. */
  public QueueSettings settings() {
    return settings;
  }

  /** The connection that has exclusive use; null when it is not exclusive. */
  public Object owner() {
    return owner;
  }

  /**
   * The number of its log in the store, of the first if it has priorities; 0 when it is not durable
   * or nothing is stored.
   */
  public long log() {
    return lanes.firstLog();
  }

  /** Messages that wait for a consumer. */
  public int readyCount() {
    return lanes.ready();
  }

  /** Bytes of the bodies of the messages that wait. */
  public long bodyBytes() {
    return lanes.bodyBytes();
  }

  /** Messages delivered and not yet acknowledged. */
  public int unackedCount() {
    return unacked;
  }

  public int consumerCount() {
    return consumers == null ? 0 : consumers.count();
  }

  /** Whether the queue is gone; what is outstanding can still be acknowledged, to no effect. */
  public boolean isDeleted() {
    return deleted;
  }

  /**
   * Adds a message at the end.
   *
   * @return false when the queue is full and does not take it
   */
  public boolean publish(Message message) {
    assert home.loop().inLoop();
    long due = 0;
    if (limits != null || message.hasExpiration()) {
      if (limits == null) {
        limits = new Limits(this, vhost, settings);
      }
      if (limits.refuses(message)) {
        return false;
      }
      if (limits.dropsAtOnce()) {
        return true;
      }
      due = limits.dueOf(message);
    }
    if (dirty && lanes.isOvertakenBy(message)) {
      settle();
    }
    lanes.of(message).add(message, due);
    markDirty();
    return true;
  }

  /** Whether there are consumers, and more messages waiting than keep them busy for a while. */
  public boolean isBehind() {
    return hasMoreThan(BEHIND_MESSAGES, BEHIND_BYTES)
        && (consumerCount() > 0 || limits != null && limits.isBehind());
  }

  private boolean hasMoreThan(int messages, int bytes) {
    return lanes.ready() > messages || lanes.first().bytesInMemory() > bytes;
  }

  private void tellIfCaughtUp() {
    if (waiters.awaitCatchingUp() && !hasMoreThan(BEHIND_MESSAGES / 2, BEHIND_BYTES / 2)) {
      waiters.tellCaughtUp();
    }
  }

  // ---- messages go

  /**
   * Hands out messages as long as there are some, someone can take them and the turn allows; then
   * drops what is over the limits.
   *
   * @return false when the turn has had enough
   */
  public boolean deliver() {
    dirty = false;
    if (waiters.isHeld()) {
      return true;
    }
    boolean room = consumers == null || deliverAsLongAsPossible();
    if (limits != null) {
      boolean wasBehind = limits.isBehind();
      room = limits.enforce() && room;
      if (wasBehind && !limits.isBehind()) {
        waiters.tellReleased();
      }
    }
    if (!room) {
      markDirty();
    }
    if (consumerCount() > 0) {
      lanes.first().readAhead(false);
    }
    tellIfCaughtUp();
    return room;
  }

  private boolean deliverAsLongAsPossible() {
    while (lanes.ready() > 0) {
      if (limits != null && !limits.dropExpired()) {
        return false;
      }
      Lane lane = lanes.first();
      if (lane.isReadyEmpty()) {
        return true;
      }
      Consumer consumer = consumers.next();
      if (consumer == null) {
        return true;
      }
      int bytes = consumer.noAck() ? lane.handOver(consumer) : lend(lane, consumer);
      if (!home.delivered(bytes)) {
        return false;
      }
    }
    return true;
  }

  private int lend(Lane lane, Consumer consumer) {
    QueueEntry entry = take(lane);
    return consumer.took(entry);
  }

  private QueueEntry take(Lane lane) {
    QueueEntry entry = lane.take();
    unacked++;
    memory.add(MemoryAccount.UNACKED_SIZE);
    return entry;
  }

  /** The lane that the next message comes from. */
  Lane firstLane() {
    return lanes.first();
  }

  /** Drops a message that was taken, for this reason. */
  void letGo(QueueEntry entry, DeathReason reason) {
    if (settings.deadLetterExchange() == null || deleted) {
      entry.lane().settle(entry);
    } else {
      vhost.deadLetterer().replace(entry.message(), reason, this, () -> entry.lane().settle(entry));
    }
  }

  /** Whether basic.get has to wait for the first message to be read back; it is being read then. */
  public boolean isHeadMissing() {
    return lanes.first().waitsForHead();
  }

  /**
   * Takes the first message for basic.get. It counts as unacknowledged; {@link #ack} it at once for
   * no-ack.
   *
   * @return null when there is none
   */
  public QueueEntry get() {
    assert !waiters.isHeld();
    assert !isHeadMissing();
    used();
    Lane lane = lanes.first();
    if (lane.isReadyEmpty()) {
      return null;
    }
    QueueEntry entry = take(lane);
    if (limits != null) {
      limits.changed();
    }
    lanes.first().readAhead(false);
    return entry;
  }

  /** Somebody declared it or asked it for a message; its time without use begins again. */
  public void used() {
    if (limits != null) {
      limits.used();
      markDirty();
    }
  }

  /** The message was dealt with. */
  public void ack(QueueEntry entry) {
    leaveUnacked(entry);
    entry.lane().settle(entry);
  }

  /** The message was refused for good. */
  public void reject(QueueEntry entry) {
    leaveUnacked(entry);
    letGo(entry, DeathReason.REJECTED);
  }

  /** The message comes back, flagged redelivered, because a client asked for it or was lost. */
  public void requeue(QueueEntry entry, boolean asked) {
    leaveUnacked(entry);
    if (deleted) {
      entry.lane().drop(entry.message());
    } else {
      entry.returned();
      if (settings.deliveryLimit() != null && entry.returns() > settings.deliveryLimit()) {
        letGo(entry, DeathReason.DELIVERY_LIMIT);
      } else {
        entry.lane().putBack(entry, asked && settings.deliveryLimit() == null);
        markDirty();
        if (limits != null && !isQuorum()) {
          limits.changed();
        }
      }
    }
  }

  private void leaveUnacked(QueueEntry entry) {
    unacked--;
    memory.add(-MemoryAccount.UNACKED_SIZE);
    Consumer consumer = entry.consumer();
    if (consumer != null) {
      consumer.settled();
    }
    if (unacked == 0) {
      lanes.forEach(Lane::nothingUnacked);
    }
  }

  /**
   * Drops all messages that wait.
   *
   * @return how many
   */
  public int purge() {
    int count = lanes.dropAll();
    if (count > 0) {
      tellIfCaughtUp();
      waiters.tellReleased();
    }
    return count;
  }

  // ---- consumers

  /** Whether another consumer may join, and none is exclusive; in quorum queues, none ever is. */
  public boolean acceptsConsumer(boolean exclusive) {
    if (isQuorum() || definition.arguments().singleActiveConsumer()) {
      return !exclusive || isQuorum();
    }
    return consumers == null || !consumers.isExclusive() && !(exclusive && consumers.count() > 0);
  }

  public void addConsumer(Consumer consumer) {
    if (consumers == null) {
      consumers = new Consumers(definition.arguments().singleActiveConsumer());
    }
    consumers.add(consumer);
    markDirty();
  }

  /**
   * Removes a consumer; what it holds stays with its channel.
   *
   * @return true when it was the last one and the queue is to be deleted for it
   */
  public boolean removeConsumer(Consumer consumer) {
    consumers.remove(consumer);
    used();
    markDirty();
    return consumers.count() == 0 && definition.autoDelete() && !deleted;
  }

  void activate(Consumer consumer) {
    consumers.activate(consumer);
    markDirty();
  }

  /**
   * Makes the queue go: its messages are dropped, its consumers are told by their channels.
   *
   * @return the messages that waited
   */
  public int delete() {
    deleted = true;
    int count = purge();
    lanes.forEach(Lane::remove);
    if (limits != null) {
      limits.end();
    }
    if (consumers != null) {
      for (Consumer consumer : consumers.removeAll()) {
        consumer.channel().cancelledByQueue(consumer);
      }
    }
    return count;
  }

  /** Who waits for this queue. */
  public QueueWaiters waiters() {
    return waiters;
  }

  /** Nothing holds it any more, or messages that were read back can be delivered now. */
  void released() {
    markDirty();
    waiters.tellReleased();
  }

  /**
   * Whether messages are being put back or dropped at this time, so that only part of them can be
   * seen. What came in this turn is handed out or dropped before.
   */
  public boolean isHeld() {
    settle();
    return waiters.isHeld() || limits != null && limits.isBehind();
  }

  /** Hands out and drops what came in this turn. */
  public void settle() {
    if (dirty || limits != null) {
      deliver();
    }
  }

  void markDirty() {
    if (!dirty && (consumers != null || limits != null) && !deleted) {
      dirty = true;
      home.markDirty(this);
    }
  }

  @Override
  public void bindingAdded(Binding binding) {
    if (incoming == null) {
      incoming = new LinkedHashSet<>(2);
    }
    incoming.add(binding);
  }

  @Override
  public void bindingRemoved(Binding binding) {
    incoming.remove(binding);
  }

  @Override
  public Collection<Binding> incoming() {
    return incoming == null ? List.of() : incoming;
  }
}
