package io.harveymq.broker.queue;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Destination;
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

  /** Messages that wait for a consumer. */
  public int readyCount() {
    return ready.size();
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
    message.retain(memory);
    memory.add(MemoryAccount.ENTRY_SIZE);
    ready.add(message);
    readyBytes += message.size();
    markDirty();
  }

  /** Whether there are consumers, and more messages waiting than keep them busy for a while. */
  public boolean isBehind() {
    return consumers != null
        && (ready.size() > BEHIND_MESSAGES || readyBytes > BEHIND_BYTES)
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
        && ready.size() <= BEHIND_MESSAGES / 2
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
    boolean redelivered = ready.hasReturned();
    Message message = redelivered ? ready.pollReturned().message() : ready.pollFresh();
    readyBytes -= message.size();
    consumer.channel().deliver(consumer, message, redelivered);
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
    QueueEntry entry = ready.hasReturned() ? ready.pollReturned() : freshEntry(ready.pollFresh());
    readyBytes -= entry.message().size();
    unacked++;
    memory.add(MemoryAccount.UNACKED_SIZE);
    return entry;
  }

  private QueueEntry freshEntry(Message message) {
    return new QueueEntry(this, message, ready.polledPosition());
  }

  /**
   * Takes the first message for basic.get. It counts as unacknowledged; {@link #ack} it at once for
   * no-ack.
   *
   * @return null when there is none
   */
  public QueueEntry get() {
    assert holds == 0;
    return ready.isEmpty() ? null : take();
  }

  /** The message was dealt with. */
  public void ack(QueueEntry entry) {
    leaveUnacked(entry);
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
    int count = ready.size();
    if (count > 0) {
      ReadyList all = ready.detach();
      readyBytes = 0;
      tellIfCaughtUp();
      home.startBulk(units -> discard(all, units));
    }
    return count;
  }

  private boolean discard(ReadyList all, int units) {
    for (int i = 0; i < units; i++) {
      Message message = all.pollAny();
      if (message == null) {
        return true;
      }
      drop(message);
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
      if (whenReleased != null) {
        List<Runnable> waiting = whenReleased;
        whenReleased = null;
        waiting.forEach(home::execute);
      }
    }
  }

  /** Whether messages are being put back at this time, so that only part of them can be seen. */
  public boolean isHeld() {
    return holds > 0;
  }

  /** Runs an event once the queue is not held any more. */
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
