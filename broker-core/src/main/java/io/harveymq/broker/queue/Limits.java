package io.harveymq.broker.queue;

import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.DeadLetterer;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;

/**
 * Keeps a queue within its limits: drops messages whose time is over when they come to the head,
 * and those at the head that are too many; deletes the queue when nobody used it for long enough.
 * It works at the end of turns, when consumers have taken what they can, in slices that the turn
 * allows. Owned by the home loop.
 */
final class Limits {
  /** Dropping a message counts as delivering so many bytes, with a dead letter more. */
  private static final int DROP_COST = 512;

  private static final int DEAD_LETTER_COST = 16 << 10;

  /** So many milliseconds a message may live longer when the turns have no room for its queue. */
  private static final long MOST_LATE = 100;

  private final MessageQueue queue;
  private final VirtualHost vhost;
  private final HomeLoop home;
  private final Deadline head;
  private final Deadline unused;
  private QueueSettings settings;
  private boolean hasDue;
  private boolean behind;
  private boolean trims;
  private boolean goesFirst;
  private long waitingSince;

  Limits(MessageQueue queue, VirtualHost vhost, QueueSettings settings) {
    this.queue = queue;
    this.vhost = vhost;
    this.home = vhost.home();
    this.settings = settings;
    this.head = new Deadline(queue::markDirty);
    this.unused = new Deadline(this::expire);
  }

  /**
   * Goes by other settings from now on; messages keep the times that they have. A classic queue
   * that begins to refuse messages keeps to its length first as it did before
   * (rabbit_amqqueue_process:init_max_length). A change of policies that makes none of these does
   * not begin the time without use anew (rabbit_policy:update_queue).
   */
  void change(QueueSettings newSettings) {
    if (newSettings.equals(settings)) {
      return;
    }
    trims = dropsHead() && !queue.isQuorum();
    settings = newSettings;
    home.deadlines().clear(unused);
    used();
  }

  /** There are messages with a due time, or may be. */
  void expectDue() {
    hasDue = true;
  }

  /** Whether it could not do in the last turn all there was to do. */
  boolean isBehind() {
    return behind;
  }

  /** The queue was used, or the last of its consumers went: its time without use begins now. */
  void used() {
    if (settings.expires() != null && queue.consumerCount() == 0) {
      home.deadlines().set(unused, later(settings.expires()));
    }
  }

  private void expire() {
    if (queue.consumerCount() == 0) {
      vhost
          .deleted()
          .queue(queue.name(), DeletedObjects.Cause.EXPIRED, DeletedObjects.Actor.NOBODY);
      vhost.deleteQueue(queue);
    }
  }

  /** So many milliseconds from now; policies allow any number. */
  private long later(long millis) {
    return millis > Long.MAX_VALUE - home.now() ? Long.MAX_VALUE : home.now() + millis;
  }

  /** When a message that comes now expires; 0 for never. */
  long dueOf(Message message) {
    long ttl = settings.messageTtl() == null ? Long.MAX_VALUE : settings.messageTtl();
    long least = Math.min(ttl, message.expiration());
    if (least == Long.MAX_VALUE) {
      return 0;
    }
    hasDue = true;
    waitingSince = waitingSince == 0 ? home.now() : waitingSince;
    return later(least);
  }

  /** Whether one message more is too many and has to stay outside; it may be a dead letter then. */
  boolean refuses(Message message) {
    if (dropsHead() || !isFullFor(message) || !isFullForAfterDelivery(message)) {
      return false;
    }
    queue.counters().add(Counter.REJECTED_MAXLEN);
    StoryTaps.happened(queue, message, StoryEvent.REFUSED);
    if (settings.overflow() == OverflowBehaviour.REJECT_PUBLISH_DLX) {
      vhost.deaths().died(queue, DeathReason.MAXLEN);
      vhost
          .deadLetterer()
          .publish(message, new DeadLetterer.Death(queue, DeathReason.MAXLEN, null));
    }
    return true;
  }

  /** The same, and nothing comes of it. */
  boolean wouldRefuse(Message message) {
    return !dropsHead() && isFullFor(message) && isFullForAfterDelivery(message);
  }

  /** What came in this turn may have found consumers by now. */
  private boolean isFullForAfterDelivery(Message message) {
    queue.settle();
    return isFullFor(message);
  }

  /**
   * Whether a message that comes now has no time to wait behind those that do
   * (rabbit_amqqueue_process:deliver_or_enqueue).
   */
  boolean dropsAtOnce(Message message) {
    if (settings.messageTtl() == null
        || settings.messageTtl() > 0
        || settings.deadLetterExchange() != null
        || queue.isQuorum()
        || queue.readyCount() == 0) {
      return false;
    }
    queue.settle();
    boolean drops = queue.readyCount() > 0;
    if (drops) {
      StoryTaps.happened(queue, message, StoryEvent.DROPPED);
    }
    return drops;
  }

  private boolean isFullFor(Message message) {
    // A quorum queue tells its publishers only when it is over its limit.
    return queue.isQuorum()
        ? isOver(waiting() + queue.letters().held(), waitingBytes() + queue.letters().heldBytes())
        : isOver(queue.readyCount() + 1L, queue.bodyBytes() + message.body().length);
  }

  /** Messages that count, be it that they may not be delivered yet. */
  private long waiting() {
    return (long) queue.readyCount() + queue.lanes().delayedCount();
  }

  private long waitingBytes() {
    return queue.bodyBytes() + queue.lanes().delayedBytes();
  }

  private boolean isOver(long messages, long bodyBytes) {
    return settings.maxLength() != null && messages > settings.maxLength()
        || settings.maxLengthBytes() != null && bodyBytes > settings.maxLengthBytes();
  }

  /**
   * Drops the messages at the head whose time was over before this turn: those of this turn may
   * still find a consumer, and so may those that came when the turns had no room for this queue.
   *
   * @return false when the turn has had enough
   */
  boolean dropExpired() {
    long now = home.now();
    return dropExpired(waitingSince == 0 ? now : Math.max(waitingSince, now - MOST_LATE) - 1);
  }

  private boolean dropExpired(long upTo) {
    while (hasDue) {
      Lane lane = queue.lanes().expired(upTo);
      if (lane == null) {
        return true;
      }
      if (!dropHead(lane, DeathReason.EXPIRED)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Drops what has to go, and sees to it that it is called again.
   *
   * @return false when the turn has had enough
   */
  boolean enforce() {
    return !goesFirst && drop();
  }

  private boolean drop() {
    waitingSince = 0;
    boolean wasBehind = behind;
    behind = !dropExpired(home.now()) || !dropSurplus();
    if (!behind) {
      watchHead();
      if (wasBehind) {
        queue.waiters().tellReleased();
      }
    }
    return !behind;
  }

  /** A message was fetched or came back: what is over the limits goes before anybody gets it. */
  void changed() {
    if (!drop()) {
      queue.markDirty();
    }
  }

  /** Several messages came back: what is over the limits then goes before anybody gets it. */
  void cameBackTogether() {
    goesFirst = !queue.isQuorum();
  }

  /**
   * Drops what has to go before anything is delivered.
   *
   * @return false when the turn has had enough
   */
  boolean enforceFirst() {
    goesFirst = goesFirst && !drop();
    return !goesFirst;
  }

  private boolean dropSurplus() {
    if (dropsHead() || trims) {
      while (queue.readyCount() > 0 && isOver(waiting(), waitingBytes())) {
        Lane lane = queue.lanes().first();
        if (lane.isReadyEmpty()) {
          lane.readAhead(true);
          return true;
        }
        if (!dropHead(lane, DeathReason.MAXLEN)) {
          return false;
        }
      }
    }
    trims = false;
    return true;
  }

  private boolean dropsHead() {
    return settings.overflow() == OverflowBehaviour.DROP_HEAD;
  }

  private boolean dropHead(Lane lane, DeathReason reason) {
    QueueEntry entry = lane.take();
    // What is too much even alone goes for that, whenever it expires.
    boolean tooMuch = dropsHead() && isOver(1, entry.message().body().length);
    if (tooMuch || reason == DeathReason.MAXLEN) {
      queue.counters().add(Counter.DROPPED_MAXLEN);
    }
    queue.letGo(entry, tooMuch ? DeathReason.MAXLEN : reason);
    int cost = settings.deadLetterExchange() == null ? DROP_COST : DEAD_LETTER_COST;
    return home.delivered(cost + entry.message().size()) && !home.hasRoutedEnough();
  }

  private void watchHead() {
    if (!hasDue || queue.readyCount() == 0) {
      return;
    }
    queue.lanes().forEachThatExpires(this::watchHead);
  }

  private void watchHead(Lane lane) {
    if (lane.waitsForHead()) {
      return;
    }
    long due = lane.headDue();
    if (due != 0 && (!head.isSet() || head.due() > due)) {
      home.deadlines().set(head, due);
    }
  }

  /** The queue is gone. */
  void end() {
    settings = QueueSettings.NONE;
    hasDue = false;
    home.deadlines().clear(head);
    home.deadlines().clear(unused);
  }
}
