package io.harveymq.broker.queue;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Destination;
import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.FlowEnd;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.vhost.DeadLetter;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A queue of any type, as channels and exchanges know it: takes messages, hands them out to its
 * consumers, hears what became of them. Owned by the home loop of its virtual host.
 */
public abstract sealed class AmqpQueue implements Destination permits MessageQueue, StreamQueue {
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

  final Definition definition;
  final VirtualHost vhost;
  final HomeLoop home;
  final MemoryAccount memory;
  final QueueWaiters waiters;
  private final Counters counters = new Counters();
  private final FlowEnd flows = new FlowEnd(this);
  private final RecentKeys recentKeys;
  private Set<Binding> incoming;
  private RepeatedDeliveries repeated;
  private DeadArrivals deadArrivals;
  private final int incarnation = ThreadLocalRandom.current().nextInt();
  private boolean deleted;

  AmqpQueue(Definition definition, VirtualHost vhost) {
    this.definition = definition;
    this.vhost = vhost;
    this.home = vhost.home();
    this.memory = home.memory();
    this.recentKeys = new RecentKeys(vhost.flows());
    this.waiters = new QueueWaiters(this, home);
  }

  /**
   * A new queue.
   *
   * @param owner the connection that has exclusive use, null unless exclusive
   */
  public static AmqpQueue create(Definition definition, Object owner, VirtualHost vhost) {
    return definition.arguments().queueType() == QueueType.STREAM
        ? new StreamQueue(definition, vhost)
        : new MessageQueue(definition, owner, vhost);
  }

  /**
   * A durable queue that was found in the store; {@link #start} has to follow on the home loop.
   *
   * @param log number of its log, or of the first of them
   * @param found what the store has of logs
   */
  public static AmqpQueue recovered(
      Definition definition,
      VirtualHost vhost,
      long log,
      NavigableMap<Long, MessageStore.Log> found) {
    return definition.arguments().queueType() == QueueType.STREAM
        ? new StreamQueue(definition, vhost, log, found)
        : new MessageQueue(definition, vhost, log, found);
  }

  @Override
  public final String name() {
    return definition.name();
  }

  @Override
  public final boolean isQueue() {
    return true;
  }

  /** The virtual host that it belongs to. */
  public final VirtualHost vhost() {
    return vhost;
  }

  public final Definition definition() {
    return definition;
  }

  /** What went through it. */
  public final Counters counters() {
    return counters;
  }

  /** What comes from exchanges and goes to channels. */
  public final FlowEnd flows() {
    return flows;
  }

  /** What messages came with lately. */
  public final RecentKeys recentKeys() {
    return recentKeys;
  }

  /** Classic, quorum or stream. */
  public final QueueType type() {
    return definition.arguments().queueType();
  }

  /** Whether it follows the rules of quorum queues. */
  public final boolean isQuorum() {
    return type() == QueueType.QUORUM;
  }

  /** The connection that has exclusive use; null when it is not exclusive. */
  public Object owner() {
    return null;
  }

  /** Begins to live by its settings: its times count from now on. */
  public abstract void start();

  /** Lives by its arguments and by the policies that are in force now. */
  public abstract void applyPolicies();

  /** The number of its log in the store, of the first if it has more; 0 when nothing is stored. */
  public abstract long log();

  /** Messages that wait for a consumer; in a stream, all that it holds and that are safe. */
  public abstract int readyCount();

  /** Bytes of the bodies of those messages; in a stream with what each takes besides. */
  public abstract long bodyBytes();

  /** Messages delivered and not yet acknowledged. */
  public abstract int unackedCount();

  public abstract int consumerCount();

  /** Its consumers, oldest first; a list that does not change. */
  public abstract List<Consumer> consumers();

  /** The consumer that alone gets messages, if one does; else any, or null. */
  public abstract Consumer firstConsumer();

  /** What went through it, with the messages that there are now. */
  public final Counters currentCounters() {
    counters.set(Counter.MESSAGES_READY, readyCount());
    counters.set(Counter.MESSAGES_UNACKNOWLEDGED, unackedCount());
    counters.set(Counter.MESSAGE_BYTES, allBytes());
    return counters;
  }

  /** Bytes of the bodies of all messages, wherever they are. */
  private long allBytes() {
    return this instanceof MessageQueue whole
        ? bodyBytes() + whole.unackedBytes() + whole.lanes().delayedBytes()
        : bodyBytes();
  }

  /**
   * What this queue is told by from others of its name, such as one declared after it was deleted,
   * or itself before a restart. A number by chance.
   */
  public final int incarnation() {
    return incarnation;
  }

  /** Whether the queue is gone; what is outstanding can still be acknowledged, to no effect. */
  public final boolean isDeleted() {
    return deleted;
  }

  final void markDeleted() {
    deleted = true;
    recentKeys.end();
  }

  /**
   * Adds a message at the end.
   *
   * @return false when the queue is full and does not take it
   */
  public abstract boolean publish(Message message);

  /** Whether it would not take a message now; a stream takes all. */
  public boolean wouldRefuse(Message message) {
    return false;
  }

  /** Whether there are consumers, and more messages waiting than keep them busy for a while. */
  public abstract boolean isBehind();

  /**
   * Hands out messages as long as there are some, someone can take them and the turn allows.
   *
   * @return false when the turn has had enough
   */
  public abstract boolean deliver();

  /** Whether a fault keeps what there is from its consumers. */
  final boolean isHeldByFault() {
    return vhost.faults().areOn(FaultKind.HOLD_DELIVERIES) && vhost.faults().holds(this);
  }

  /** Somebody declared it or asked it for a message. */
  public abstract void used();

  /** The message was dealt with. */
  public abstract void ack(QueueEntry entry);

  /** The message was refused for good. */
  public abstract void reject(QueueEntry entry);

  /** What came in this turn finds its consumers now, not at the end of the turn. */
  public void settle() {
    // A queue that hands out at the end of turns only has nothing to do.
  }

  /** The message comes back. */
  public abstract void requeue(QueueEntry entry, ComeBack why);

  /** Whether another consumer may join, and none is exclusive. */
  public abstract boolean acceptsConsumer(boolean exclusive);

  public abstract void addConsumer(Consumer consumer);

  /**
   * Removes a consumer; what it holds stays with its channel.
   *
   * @return true when it was the last one and the queue is to be deleted for it
   */
  public abstract boolean removeConsumer(Consumer consumer);

  /** Whether a consumer gets messages; not while it waits for a single active one to go. */
  boolean isActive(Consumer consumer) {
    return true;
  }

  /** A consumer that could take nothing can do so again. */
  abstract void activate(Consumer consumer);

  /**
   * Makes the queue go: its messages are dropped, its consumers are told by their channels.
   *
   * @return the messages that queue.delete-ok tells of
   */
  public abstract int delete();

  /** Who waits for this queue. */
  public final QueueWaiters waiters() {
    return waiters;
  }

  // ---- what went wrong

  /** A message comes back. */
  final void comesBack(QueueEntry entry) {
    if (entry.returns() >= RepeatedDeliveries.FROM) {
      repeated = repeated == null ? new RepeatedDeliveries() : repeated;
      repeated.note(entry);
    }
  }

  /** A message that was delivered before goes for good. */
  final void goes(QueueEntry entry) {
    if (entry.returns() >= RepeatedDeliveries.FROM) {
      goes(entry.lane(), entry.position());
    }
  }

  /** The same of one that is only in the store. */
  final void goes(Lane lane, long position) {
    if (repeated != null) {
      repeated.forget(lane.level(), position);
    }
  }

  /** All that wait go. */
  final void allGo() {
    repeated = null;
  }

  /** The message that consumers gave back most often, if that is often; else null. */
  public final RepeatedDeliveries.Repeated mostRepeated() {
    return repeated == null ? null : repeated.worst();
  }

  /**
   * It took a dead letter.
   *
   * @param source the queue where it died
   */
  public final void tookDeadLetter(DeadLetter letter, AmqpQueue source) {
    deadArrivals = deadArrivals == null ? new DeadArrivals() : deadArrivals;
    if (readyCount() + unackedCount() <= 1) {
      deadArrivals.clear();
    }
    deadArrivals.note(letter.reason(), source.name(), letter.client());
  }

  /** What most of the dead letters died of that came since it was empty; null for nothing. */
  public final DeadArrivals.Most mostDeadArrivals() {
    return deadArrivals == null ? null : deadArrivals.most();
  }

  /** Nothing holds it any more. */
  abstract void released();

  /**
   * Whether messages are being put back or dropped at this time, so that only part of them can be
   * seen. What came in this turn is handed out or dropped before.
   */
  public abstract boolean isHeld();

  @Override
  public final void bindingAdded(Binding binding) {
    if (incoming == null) {
      incoming = new LinkedHashSet<>(2);
    }
    incoming.add(binding);
  }

  @Override
  public final void bindingRemoved(Binding binding) {
    incoming.remove(binding);
  }

  @Override
  public final Collection<Binding> incoming() {
    return incoming == null ? List.of() : incoming;
  }
}
