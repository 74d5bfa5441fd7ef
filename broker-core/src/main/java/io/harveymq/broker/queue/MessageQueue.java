package io.harveymq.broker.queue;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Destination;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
  private final HomeLoop home;
  private final MemoryAccount memory;
  private final Object owner;
  private final ReadyList ready = new ReadyList();
  private final Backlog backlog;
  private Consumers consumers;
  private Set<Binding> incoming;
  private List<Runnable> whenReleased;
  private Set<Runnable> whenCaughtUp;
  private long readyBytes;
  private int unacked;
  private int holds;
  private boolean dirty;
  private boolean deleted;

  /**
   * @param owner the connection that has exclusive use, null unless exclusive
   */
  public MessageQueue(Definition definition, Object owner, HomeLoop home) {
    this.definition = definition;
    this.owner = owner;
    this.home = home;
    this.memory = home.memory();
    QueueLog log = definition.durable() && home.store() != null ? home.store().newLog() : null;
    this.backlog = new Backlog(this, ready, home, log);
  }

  /**
   * A durable queue that was found in the store.
   *
   * @param found what the store has of it, null for nothing but the definition
   */
  public MessageQueue(Definition definition, HomeLoop home, MessageStore.Log found) {
    this.definition = definition;
    this.owner = null;
    this.home = home;
    this.memory = home.memory();
    this.backlog = new Backlog(this, ready, home, home.store().recovered(found));
    backlog.recovered(found);
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

  /** The connection that has exclusive use; null when it is not exclusive. */
  public Object owner() {
    return owner;
  }

  /** The number of its log in the store; 0 when it is not durable or nothing is stored. */
  public long log() {
    return backlog.durableLog();
  }

  /** Messages that wait for a consumer. */
  public int readyCount() {
    return ready.size() + backlog.count();
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

  /** Adds a message at the end. */
  public void publish(Message message) {
    assert home.loop().inLoop();
    if (backlog.takes(message, readyBytes)) {
      markDirty();
      return;
    }
    message.retain(memory);
    memory.add(MemoryAccount.ENTRY_SIZE);
    ready.add(message);
    readyBytes += message.size();
    markDirty();
  }

  /** Messages came back from the store: they can be delivered now. */
  void loaded(QueueEntry entry) {
    entry.message().retain(memory);
    memory.add(MemoryAccount.ENTRY_SIZE);
    ready.addLoaded(entry);
    readyBytes += entry.message().size();
  }

  /** All that the store gave has been {@link #loaded}. */
  void loadingDone() {
    markDirty();
    tellReleased();
  }

  /** Whether there are consumers, and more messages waiting than keep them busy for a while. */
  public boolean isBehind() {
    return consumers != null
        && (readyCount() > BEHIND_MESSAGES || readyBytes > BEHIND_BYTES)
        && consumers.count() > 0;
  }

  /** Calls back in an event of its own once at most half as much is waiting as makes it behind. */
  public void whenCaughtUp(Runnable event) {
    if (whenCaughtUp == null) {
      whenCaughtUp = new LinkedHashSet<>(2);
    }
    whenCaughtUp.add(event);
  }

  /** Takes a {@link #whenCaughtUp} back. */
  public void caughtUpIsOfNoInterest(Runnable event) {
    if (whenCaughtUp != null) {
      whenCaughtUp.remove(event);
    }
  }

  private void tellIfCaughtUp() {
    if (whenCaughtUp != null
        && readyCount() <= BEHIND_MESSAGES / 2
        && readyBytes <= BEHIND_BYTES / 2) {
      Set<Runnable> waiting = whenCaughtUp;
      whenCaughtUp = null;
      waiting.forEach(home::execute);
    }
  }

  /**
   * Hands out messages as long as there are some, someone can take them and the turn allows.
   *
   * @return false when the turn has had enough deliveries
   */
  public boolean deliver() {
    dirty = false;
    if (consumers == null || holds > 0) {
      return true;
    }
    boolean room = deliverAsLongAsPossible();
    if (consumers.count() > 0) {
      backlog.readAhead(readyBytes, false);
    }
    tellIfCaughtUp();
    return room;
  }

  private boolean deliverAsLongAsPossible() {
    while (!ready.isEmpty()) {
      Consumer consumer = consumers.next();
      if (consumer == null) {
        return true;
      }
      int bytes = consumer.noAck() ? handOver(consumer) : lend(consumer);
      if (!home.delivered(bytes)) {
        markDirty();
        return false;
      }
    }
    return true;
  }

  private int handOver(Consumer consumer) {
    if (ready.hasReturned()) {
      QueueEntry entry = ready.pollReturned();
      consumer.channel().deliver(consumer, entry.message(), true);
      return handedOver(entry.message(), entry.position(), entry.stored());
    }
    Object first = ready.pollFresh();
    if (first instanceof QueueEntry entry) {
      consumer.channel().deliver(consumer, entry.message(), entry.redelivered());
      return handedOver(entry.message(), entry.position(), true);
    }
    Message message = (Message) first;
    consumer.channel().deliver(consumer, message, false);
    return handedOver(message, ready.polledPosition(), backlog.stores(message));
  }

  private int handedOver(Message message, long position, boolean stored) {
    readyBytes -= message.size();
    if (stored) {
      backlog.ack(position, message.size());
    }
    drop(message);
    return message.size();
  }

  private int lend(Consumer consumer) {
    QueueEntry entry = take();
    consumer.took();
    consumer.channel().deliver(consumer, entry);
    return entry.message().size();
  }

  /** Drops a message that left the ready list for good. */
  private void drop(Message message) {
    memory.add(-MemoryAccount.ENTRY_SIZE);
    message.release(memory);
  }

  private QueueEntry take() {
    QueueEntry entry = ready.hasReturned() ? ready.pollReturned() : takeFresh();
    readyBytes -= entry.message().size();
    unacked++;
    memory.add(MemoryAccount.UNACKED_SIZE);
    return entry;
  }

  private QueueEntry takeFresh() {
    Object first = ready.pollFresh();
    QueueEntry entry = first instanceof QueueEntry loaded ? loaded : entryOf((Message) first);
    if (entry.stored()) {
      backlog.delivered(entry.position());
    }
    return entry;
  }

  private QueueEntry entryOf(Message message) {
    return new QueueEntry(this, message, ready.polledPosition(), backlog.stores(message), false);
  }

  /** Whether basic.get has to wait for the first message to be read back; it is being read then. */
  public boolean isHeadMissing() {
    if (ready.isEmpty() && backlog.count() > 0) {
      backlog.readAhead(0, true);
      return true;
    }
    return false;
  }

  /**
   * Takes the first message for basic.get. It counts as unacknowledged; {@link #ack} it at once for
   * no-ack.
   *
   * @return null when there is none
   */
  public QueueEntry get() {
    assert holds == 0;
    assert !isHeadMissing();
    if (ready.isEmpty()) {
      return null;
    }
    QueueEntry entry = take();
    backlog.readAhead(readyBytes, false);
    return entry;
  }

  /** The message was dealt with. */
  public void ack(QueueEntry entry) {
    leaveUnacked(entry);
    if (entry.stored()) {
      backlog.ack(entry.position(), entry.message().size());
    }
    drop(entry.message());
  }

  /** The message goes back to its place, flagged redelivered. */
  public void requeue(QueueEntry entry) {
    leaveUnacked(entry);
    if (deleted) {
      drop(entry.message());
    } else {
      entry.returned();
      ready.putBack(entry);
      readyBytes += entry.message().size();
      markDirty();
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
      backlog.nothingUnacked();
    }
  }

  /**
   * Drops all messages that wait.
   *
   * @return how many
   */
  public int purge() {
    assert holds == 0;
    return dropReady();
  }

  private int dropReady() {
    int count = readyCount();
    if (count > 0) {
      backlog.dropAll();
      ReadyList all = ready.detach();
      readyBytes = 0;
      tellIfCaughtUp();
      tellReleased();
      home.startBulk(units -> discard(all, units));
    }
    return count;
  }

  private boolean discard(ReadyList all, int units) {
    for (int i = 0; i < units; i++) {
      if (all.hasReturned()) {
        QueueEntry entry = all.pollReturned();
        if (entry.stored()) {
          backlog.ack(entry.position(), entry.message().size());
        }
        drop(entry.message());
      } else if (all.freshSize() > 0) {
        Object first = all.pollFresh();
        drop(first instanceof QueueEntry entry ? entry.message() : (Message) first);
      } else {
        return true;
      }
    }
    return false;
  }

  /** Whether another consumer may join, and none is exclusive. */
  public boolean acceptsConsumer(boolean exclusive) {
    return consumers == null || !consumers.isExclusive() && !(exclusive && consumers.count() > 0);
  }

  public void addConsumer(Consumer consumer) {
    if (consumers == null) {
      consumers = new Consumers();
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
    int count = dropReady();
    backlog.remove();
    if (consumers != null) {
      for (Consumer consumer : consumers.removeAll()) {
        consumer.channel().cancelledByQueue(consumer);
      }
    }
    return count;
  }

  /** Holds deliveries back while messages are being put back in several turns. */
  public void hold() {
    holds++;
  }

  /** Ends a {@link #hold}. */
  public void releaseHold() {
    if (--holds == 0) {
      markDirty();
      tellReleased();
    }
  }

  private void tellReleased() {
    if (whenReleased != null && holds == 0) {
      List<Runnable> waiting = whenReleased;
      whenReleased = null;
      waiting.forEach(home::execute);
    }
  }

  /** Whether messages are being put back at this time, so that only part of them can be seen. */
  public boolean isHeld() {
    return holds > 0;
  }

  /** Runs an event once the queue is not held any more, or once its head was read back. */
  public void whenReleased(Runnable event) {
    if (whenReleased == null) {
      whenReleased = new ArrayList<>(1);
    }
    whenReleased.add(event);
  }

  private void markDirty() {
    if (!dirty && consumers != null) {
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
