package io.harveymq.broker.vhost;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.Keeper;
import io.harveymq.broker.fault.Faults;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.DeathCounts;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.recording.Recorder;
import io.harveymq.broker.recording.Recordings;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.FlowBook;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.story.Stories;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.LongSupplier;

/**
 * A virtual host: its exchanges and queues, and what follows when one of them comes or goes. Owned
 * by its home loop.
 */
public final class VirtualHost {
  private final String name;
  private final HomeLoop home;
  private final StructureCount count;
  private final NameGenerator names;
  private final Compatibility compatibility;
  private final Map<String, Exchange> exchanges = new HashMap<>();
  private final Map<String, AmqpQueue> queues = new HashMap<>();
  private final ReplyQueues replyQueues = new ReplyQueues();
  private final Router router = new Router(this);
  private final UnroutableMessages unroutable;
  private final DeletedObjects deleted;
  private final StoredDefinitions definitions;
  private final DeadLetterer deadLetterer = new DeadLetterer(this);
  private final VhostPolicies policies = new VhostPolicies(this);
  private VirtualHostDefinition definition;
  private long routingEpoch = 1;
  private Onlookers onlookers;
  private Events events;
  private final Counters ended = new Counters();
  private final FlowBook flows = new FlowBook();
  private final Map<QueueType, Counters> endedQueues = new EnumMap<>(QueueType.class);
  private final DeathCounts deaths = new DeathCounts();
  private final Faults faults;
  private final Recordings recordings;

  /**
   * A virtual host with the predeclared exchanges. Called on its home loop, or before that runs
   * anything of it.
   */
  public VirtualHost(
      VirtualHostDefinition definition,
      HomeLoop home,
      NameGenerator names,
      Compatibility compatibility) {
    this.compatibility = compatibility;
    this.definition = definition;
    this.name = definition.name();
    this.home = home;
    this.faults = new Faults(this);
    this.recordings = new Recordings(this);
    this.count = new StructureCount(home.memory().structures());
    this.names = names;
    this.unroutable = new UnroutableMessages(this, home.loop().clock());
    this.deleted = new DeletedObjects(home.loop().clock());
    this.definitions = new StoredDefinitions(this);
    Predeclared.exchanges(name).forEach(this::predeclare);
  }

  void predeclare(Exchange made) {
    exchanges.put(made.name(), made);
    count.added(made);
  }

  /**
   * Takes up what a start found in the store. Called before its home loop runs anything of it,
   * once.
   *
   * @param found definitions of this virtual host
   * @param logs what the store has of the queues' messages
   */
  public void recover(List<Definition> found, NavigableMap<Long, MessageStore.Log> logs) {
    policies.recover(found);
    exchanges.values().forEach(count::removed);
    definitions.recover(found, logs, exchanges, queues);
    exchanges.values().forEach(count::found);
    queues.values().forEach(count::added);
    exchanges.values().forEach(policies::apply);
    routingEpoch++;
    List<AmqpQueue> recovered = new ArrayList<>(queues.values());
    home.execute(() -> recovered.forEach(AmqpQueue::start));
    for (Exchange exchange : exchanges.values()) {
      if (exchange instanceof Keeper keeper) {
        home.execute(keeper::start);
      }
    }
  }

  public String name() {
    return name;
  }

  /** The version of RabbitMQ to behave like. */
  public Compatibility compatibility() {
    return compatibility;
  }

  /** What is said about it. */
  public VirtualHostDefinition definition() {
    return definition;
  }

  /** What is said about it, or what somebody may do here, may have changed. */
  public void accessChanged(VirtualHostDefinition newDefinition) {
    definition = newDefinition;
    routingEpoch++;
  }

  /** The loop that owns this virtual host. */
  public HomeLoop home() {
    return home;
  }

  /** Makes up names for queues and consumers. */
  public NameGenerator names() {
    return names;
  }

  public Router router() {
    return router;
  }

  /** The policies, and what they make of queues and exchanges. */
  public VhostPolicies policies() {
    return policies;
  }

  /** Routes that are remembered don't hold any more. */
  void routesChanged() {
    routingEpoch++;
  }

  /** Takes what queues drop. */
  public DeadLetterer deadLetterer() {
    return deadLetterer;
  }

  /** Sees to messages that reach no queue. */
  public UnroutableMessages unroutable() {
    return unroutable;
  }

  /** The last messages that reached no queue. */
  public DroppedMessages dropped() {
    return unroutable.kept();
  }

  /** Queues and exchanges that went lately. */
  public DeletedObjects deleted() {
    return deleted;
  }

  /** What goes from where to where. */
  public FlowBook flows() {
    return flows;
  }

  /** What channels counted that are closed, and what else has no object left to count it. */
  public Counters ended() {
    return ended;
  }

  /** What queues of a type counted that are deleted. */
  public Counters endedQueues(QueueType type) {
    return endedQueues.computeIfAbsent(type, none -> new Counters());
  }

  /** Messages that queues dropped. */
  public DeathCounts deaths() {
    return deaths;
  }

  /** Tells what happens here; null unless the event exchange is switched on. */
  public Events events() {
    return events;
  }

  /** Tells the event exchange what happens here from now on, and gets it if it is {@code /}. */
  public void enableEvents(EventExchange exchange) {
    if (name.equals(EventExchange.VHOST)) {
      predeclare(Predeclared.ofEvents(name));
      exchange.isIn(this);
    }
    events = new Events(this, exchange);
  }

  /** The faults that clients are tested with. */
  public Faults faults() {
    return faults;
  }

  /** What was recorded of what is published, and what is replayed. */
  public Recordings recordings() {
    return recordings;
  }

  /** These recordings take what is published from now on, and no others. */
  public void recorders(List<Recorder> running) {
    onlookers = Onlookers.with(onlookers, running);
  }

  /** What copies of all messages go to; null while it is switched off, as it is at first. */
  public Firehose firehose() {
    return Onlookers.firehose(onlookers);
  }

  /** Who looks at messages as they pass; null for nobody. */
  public Onlookers onlookers() {
    return onlookers;
  }

  /**
   * Begins to watch the messages of an exchange or of a queue.
   *
   * @param exchange null for a queue
   * @param queue null for an exchange
   * @throws ChannelException 404 when it is not there, 406 when too many watch
   */
  public MessageTail watch(String exchange, String queue) {
    MessageTail tail = new MessageTail(exchange, queue, this);
    onlookers = Onlookers.with(onlookers, tail);
    return tail;
  }

  /** Ends a {@link #watch}. */
  public void unwatch(MessageTail tail) {
    onlookers = Onlookers.without(onlookers, tail);
  }

  /** The life stories of messages; null unless they are recorded. */
  public Stories stories() {
    return Onlookers.stories(onlookers);
  }

  /**
   * Records the life stories of messages that are published from now on; goes on if it does.
   *
   * @param nanos the machine's time, by which it ends when nobody looks
   */
  public Stories recordStories(LongSupplier nanos) {
    if (stories() == null) {
      onlookers = Onlookers.recording(onlookers, new Stories(this, nanos));
    }
    stories().look();
    return stories();
  }

  /** Ends {@link #recordStories} and forgets them. */
  public void endStories() {
    Stories before = stories();
    onlookers = Onlookers.recording(onlookers, null);
    if (before != null) {
      before.end();
    }
  }

  /**
   * Switches the firehose on or off.
   *
   * @param node the name of the broker for its messages; null for off
   */
  public void trace(String node) {
    assert home.loop().inLoop();
    onlookers = Onlookers.with(onlookers, node == null ? null : new Firehose(this, node));
  }

  /** Changes with every change of exchanges, queues, bindings and permissions. */
  public long routingEpoch() {
    return routingEpoch;
  }

  /** All exchanges, in no order. */
  public Collection<Exchange> exchanges() {
    return Collections.unmodifiableCollection(exchanges.values());
  }

  /** All queues, in no order. */
  public Collection<AmqpQueue> queues() {
    return Collections.unmodifiableCollection(queues.values());
  }

  /** The queues of direct reply-to, which are not among {@link #queues}. */
  public ReplyQueues replyQueues() {
    return replyQueues;
  }

  public Exchange exchangeOrNull(String exchange) {
    return exchanges.get(exchange);
  }

  public AmqpQueue queueOrNull(String queue) {
    return queues.get(queue);
  }

  /**
   * The exchange with this name.
   *
   * @throws ChannelException 404 when there is none
   */
  public Exchange exchange(String exchange) {
    Exchange found = exchanges.get(exchange);
    if (found == null) {
      throw new ChannelException(
          ReplyCode.NOT_FOUND, "no " + ResourceName.exchange(name, exchange));
    }
    return found;
  }

  /**
   * The queue with this name.
   *
   * @throws ChannelException 404 when there is none
   */
  public AmqpQueue queue(String queue) {
    AmqpQueue found = queues.get(queue);
    if (found == null) {
      throw new ChannelException(ReplyCode.NOT_FOUND, "no " + ResourceName.queue(name, queue));
    }
    return found;
  }

  public void addExchange(Exchange exchange) {
    assert home.loop().inLoop();
    if (exchange instanceof Keeper keeper) {
      keeper.created(this);
    }
    policies.apply(exchange);
    exchanges.put(exchange.name(), exchange);
    count.added(exchange);
    routingEpoch++;
    definitions.added(exchange);
    if (events != null) {
      events.created(exchange);
    }
  }

  public void addQueue(AmqpQueue queue) {
    assert home.loop().inLoop();
    queues.put(queue.name(), queue);
    count.added(queue);
    ended.add(Counter.QUEUE_CREATED);
    routingEpoch++;
    definitions.added(queue);
    if (events != null) {
      events.created(queue);
    }
  }

  /** A new queue for direct reply-to, which goes with its consumer. */
  public MessageQueue addReplyQueue() {
    assert home.loop().inLoop();
    MessageQueue queue = replyQueues.add(this);
    count.added(queue);
    routingEpoch++;
    return queue;
  }

  /**
   * Adds a binding; nothing happens when it is there.
   *
   * @throws ChannelException 406 when there is no memory for one more
   */
  public void bind(Binding binding) {
    count.requireRoomFor(binding);
    if (binding.source().bind(binding)) {
      count.added(binding);
      routingEpoch++;
      definitions.added(binding);
      if (events != null) {
        events.created(binding);
      }
      if (binding.source() instanceof Keeper keeper) {
        keeper.bound(binding, this);
      }
    }
  }

  /**
   * Removes a binding; nothing happens when it is not there. An auto-delete source without bindings
   * goes, too.
   */
  public void unbind(Binding binding) {
    if (binding.source().unbind(binding)) {
      count.removed(binding);
      routingEpoch++;
      definitions.removed(binding);
      if (events != null) {
        events.deleted(binding);
      }
      deleteIfAbandoned(binding.source());
    }
  }

  private void deleteIfAbandoned(Exchange exchange) {
    if (exchange.definition().autoDelete() && exchange.isUnused()) {
      deleted.abandoned(exchange.name());
      deleteExchange(exchange);
    }
  }

  /** Deletes an exchange with all bindings from and to it. */
  public void deleteExchange(Exchange exchange) {
    if (exchanges.remove(exchange.name(), exchange)) {
      count.removed(exchange);
      routingEpoch++;
      exchange.flows().end();
      ended.add(Counter.PUBLISH_OUT, exchange.counters().get(Counter.PUBLISH_OUT));
      for (Binding binding : new ArrayList<>(exchange.bindings())) {
        exchange.unbind(binding);
        count.removed(binding);
        definitions.removed(binding);
        if (events != null) {
          events.deleted(binding);
        }
      }
      new ArrayList<>(exchange.incoming()).forEach(this::unbind);
      definitions.removed(exchange);
      dropped().forget(exchange.name());
      if (events != null) {
        events.deleted(exchange);
      }
      if (exchange instanceof Keeper keeper) {
        keeper.dropKept(this);
      }
    }
  }

  /** Publishes what the broker itself has to say, or kept, to an exchange. */
  public void publish(Exchange exchange, Message message) {
    Route route = router.route(exchange, message.routingKey(), message.properties());
    for (AmqpQueue queue : route.queues()) {
      queue.publish(message);
    }
    home.routed(route.queues().length);
    keep(message, route);
  }

  /** Lets the exchanges on the way of a message keep it that want to. */
  public void keep(Message message, Route route) {
    for (Keeper keeper : route.keepers()) {
      if (keeper.holds()) {
        StoryTaps.happened(this, message, StoryEvent.DELAYED, null);
      }
      keeper.keep(message, this);
    }
  }

  /**
   * Deletes a queue with its bindings; its consumers are told.
   *
   * @return the messages that waited in it
   */
  public int deleteQueue(AmqpQueue queue) {
    if (!queues.remove(queue.name(), queue) && !replyQueues.remove(queue)) {
      return 0;
    }
    count.removed(queue);
    routingEpoch++;
    ended.add(Counter.QUEUE_DELETED);
    new ArrayList<>(queue.incoming()).forEach(this::unbind);
    definitions.removed(queue);
    if (events != null && !ReplyQueues.isReplyKey(queue.name())) {
      events.deleted(queue);
    }
    endedQueues(queue.type()).addAll(queue.counters());
    queue.flows().end();
    return queue.delete();
  }
}
