package io.harveymq.broker.queue;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Predicate;

/**
 * A classic or quorum queue: takes messages, hands them out in order to its consumers or to
 * basic.get, takes them back to their place, drops them when they are acknowledged. Owned by the
 * home loop of its virtual host.
 */
public final class MessageQueue extends AmqpQueue {
  /** Waiting messages, or bytes of them, from which on a queue with consumers counts as behind. */
  private static final int BEHIND_MESSAGES = 8_192;

  private static final int BEHIND_BYTES = 4 << 20;

  private final Object owner;
  private final Lanes lanes;
  private final DeadLetters letters;
  private QueueSettings settings = QueueSettings.NONE;
  private Limits limits;
  private Consumers consumers;
  private int unacked;
  private long unackedBytes;
  private boolean dirty;

  /**
   * @param owner the connection that has exclusive use, null unless exclusive
   */
  public MessageQueue(Definition definition, Object owner, VirtualHost vhost) {
    super(definition, vhost);
    this.owner = owner;
    this.letters = new DeadLetters(this, vhost);
    Levels levels = levels();
    boolean stored = definition.durable() && home.store() != null;
    this.lanes = new Lanes(this, home, stored ? home.store().newLogs(levels.logs()) : 0, levels);
    start();
  }

  /**
   * A durable queue that was found in the store; {@link #start} has to follow on the home loop.
   *
   * @param log number of its log, or of the first of them
   * @param found what the store has of logs
   */
  public MessageQueue(
      Definition definition,
      VirtualHost vhost,
      long log,
      NavigableMap<Long, MessageStore.Log> found) {
    super(definition, vhost);
    this.owner = null;
    this.letters = new DeadLetters(this, vhost);
    this.lanes = new Lanes(this, home, log, levels(), found);
    if (lanes.hasDue()) {
      limits = new Limits(this, vhost, QueueSettings.NONE);
      limits.expectDue();
    }
  }

  private Levels levels() {
    return Levels.of(definition.arguments(), vhost.compatibility().quorum());
  }

  @Override
  public void start() {
    lanes.start();
    apply(
        ReplyQueues.isReplyKey(name())
            ? QueueSettings.NONE
            : vhost.policies().settingsOf(definition));
  }

  @Override
  public void applyPolicies() {
    apply(vhost.policies().settingsOf(definition));
  }

  /** Lives by these settings from now on. */
  public void apply(QueueSettings newSettings) {
    if (limits == null && newSettings.limits()) {
      limits = new Limits(this, vhost, settings);
    }
    settings = newSettings;
    letters.settingsChanged();
    if (limits != null) {
      limits.change(newSettings);
      markDirty();
    }
  }

  /** What its arguments and policies make of it. */
  public QueueSettings settings() {
    return settings;
  }

  @Override
  public Object owner() {
    return owner;
  }

  @Override
  public long log() {
    return lanes.firstLog();
  }

  @Override
  public int readyCount() {
    return lanes.ready();
  }

  @Override
  public long bodyBytes() {
    return lanes.bodyBytes();
  }

  @Override
  public int unackedCount() {
    return unacked;
  }

  @Override
  public int consumerCount() {
    return consumers == null ? 0 : consumers.count();
  }

  @Override
  public List<Consumer> consumers() {
    return consumers == null ? List.of() : consumers.all();
  }

  @Override
  public Consumer firstConsumer() {
    return consumers == null ? null : consumers.first();
  }

  @Override
  boolean isActive(Consumer consumer) {
    return consumers.isActive(consumer);
  }

  /** Bytes of the bodies of the messages that are not acknowledged. */
  public long unackedBytes() {
    return unackedBytes;
  }

  /** What the lanes hold. */
  public Lanes lanes() {
    return lanes;
  }

  @Override
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
      if (limits.dropsAtOnce(message)) {
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

  @Override
  public boolean wouldRefuse(Message message) {
    return limits != null && limits.wouldRefuse(message);
  }

  @Override
  public boolean isBehind() {
    return hasMoreThan(BEHIND_MESSAGES, BEHIND_BYTES)
        && (consumerCount() > 0 && !isPaused() && !isHeldByFault()
            || limits != null && limits.isBehind());
  }

  private boolean hasMoreThan(int messages, int bytes) {
    return lanes.ready() > messages || lanes.first().bytesInMemory() > bytes;
  }

  private void tellIfCaughtUp() {
    if (waiters.awaitCatchingUp()
        && (isPaused() || !hasMoreThan(BEHIND_MESSAGES / 2, BEHIND_BYTES / 2))) {
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
  @Override
  public boolean deliver() {
    dirty = false;
    return handOut();
  }

  private boolean handOut() {
    if (waiters.isHeld()) {
      return true;
    }
    boolean room = limits == null || limits.enforceFirst();
    room = room && (consumers == null || deliverAsLongAsPossible());
    room = (limits == null || limits.enforce()) && room;
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
      Consumer consumer = isHeldByFault() ? null : consumers.next();
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
    return consumer.took(entry, entry.shown());
  }

  private QueueEntry take(Lane lane) {
    return taken(lane.take());
  }

  /** A message left its lane; it counts as unacknowledged. */
  QueueEntry taken(QueueEntry entry) {
    unacked++;
    unackedBytes += entry.message().body().length;
    lanes.lent(entry.message());
    home.memory().add(MemoryAccount.UNACKED_SIZE);
    return entry;
  }

  /** What it keeps although it died. */
  DeadLetters letters() {
    return letters;
  }

  /** Drops a message that was taken, for this reason. */
  void letGo(QueueEntry entry, DeathReason reason) {
    letters.letGo(entry, reason);
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

  @Override
  public void used() {
    if (limits != null) {
      limits.used();
      markDirty();
    }
  }

  @Override
  public void ack(QueueEntry entry) {
    leaveUnacked(entry);
    entry.lane().settle(entry);
  }

  @Override
  public void reject(QueueEntry entry) {
    leaveUnacked(entry);
    letGo(entry, DeathReason.REJECTED);
  }

  @Override
  public void requeue(QueueEntry entry, ComeBack why) {
    leaveUnacked(entry);
    if (isDeleted()) {
      entry.lane().drop(entry.message());
    } else {
      entry.returned(why.isFailure() || !isQuorum());
      if (settings.deliveryLimit() != null && entry.failures() > settings.deliveryLimit()) {
        letGo(entry, DeathReason.DELIVERY_LIMIT);
      } else {
        comesBack(entry);
        lanes.comeBack(entry, why);
        markDirty();
        if (limits != null && !isQuorum() && !waiters.isHeld()) {
          limits.changed();
        }
      }
    }
  }

  private void leaveUnacked(QueueEntry entry) {
    unacked--;
    unackedBytes -= entry.message().body().length;
    lanes.lentNoMore(entry.message());
    home.memory().add(-MemoryAccount.UNACKED_SIZE);
    Consumer consumer = entry.consumer();
    if (consumer != null) {
      consumer.settled();
    }
    if (unacked == 0) {
      lanes.forEach(Lane::nothingUnacked);
    }
  }

  /**
   * Takes out messages that wait and are in memory. They count as unacknowledged; {@link #ack} or
   * {@link #putBackInPlace} them.
   *
   * @param chosen which; the queue must not be {@link #isHeld}
   */
  public List<QueueEntry> takeOut(Predicate<Waiting> chosen) {
    List<QueueEntry> taken = lanes.takeOut(chosen);
    taken.forEach(this::taken);
    if (limits != null) {
      limits.changed();
    }
    return taken;
  }

  /** Puts messages back that were taken out in this turn and that nobody was shown. */
  public void putBackInPlace(List<QueueEntry> entries) {
    entries.forEach(this::leaveUnacked);
    if (isDeleted()) {
      entries.forEach(entry -> entry.lane().drop(entry.message()));
    } else {
      lanes.putBackInPlace(entries);
      markDirty();
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

  @Override
  public boolean acceptsConsumer(boolean exclusive) {
    if (isQuorum() || definition.arguments().singleActiveConsumer()) {
      return !exclusive || isQuorum();
    }
    return consumers == null || !consumers.isExclusive() && !(exclusive && consumers.count() > 0);
  }

  @Override
  public void addConsumer(Consumer consumer) {
    canHaveConsumers().add(consumer);
    markDirty();
  }

  private Consumers canHaveConsumers() {
    if (consumers == null) {
      consumers = new Consumers(definition.arguments().singleActiveConsumer());
    }
    return consumers;
  }

  /** Gives consumers nothing until it is told otherwise; basic.get does as before. */
  public void pause(boolean on) {
    canHaveConsumers().pause(on);
    tellIfCaughtUp();
    markDirty();
  }

  /** Whether consumers get nothing. */
  public boolean isPaused() {
    return consumers != null && consumers.isPaused();
  }

  @Override
  public boolean removeConsumer(Consumer consumer) {
    consumers.remove(consumer);
    used();
    markDirty();
    return consumers.count() == 0 && definition.autoDelete() && !isDeleted();
  }

  @Override
  void activate(Consumer consumer) {
    consumers.activate(consumer);
    markDirty();
  }

  @Override
  public int delete() {
    markDeleted();
    letters.end();
    int count = purge();
    lanes.remove();
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

  @Override
  void released() {
    if (limits != null) {
      limits.cameBackTogether();
    }
    markDirty();
    waiters.tellReleased();
  }

  @Override
  public boolean isHeld() {
    settle();
    return waiters.isHeld() || limits != null && limits.isBehind();
  }

  @Override
  public void settle() {
    if (dirty || limits != null) {
      handOut();
    }
  }

  void markDirty() {
    if (!dirty && (consumers != null || limits != null) && !isDeleted()) {
      dirty = true;
      home.markDirty(this);
    }
  }
}
