package io.harveymq.broker.inspect;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.channel.ConnectionLoss;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.fault.Fault;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.node.Refusals;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.StoredStretch;
import io.harveymq.broker.story.Stories;
import io.harveymq.broker.story.Story;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.MessageTail;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Shows what a running broker consists of at this moment. Answers come from the loops that own the
 * objects, which make long ones a millisecond at a time, so that clients don't notice; a list is
 * therefore not of one instant. From the first question on, rates are known, too.
 *
 * <p>Any thread. Answers are completed on a thread of the broker, which must not be kept waiting;
 * exceptionally with an IllegalStateException when the broker is closed.
 */
public final class Inspection {
  private final Node node;
  private final Inspector inspector;
  private final Executor answers;

  /** Of a node whose virtual hosts all live on its first loop. */
  public Inspection(Node node) {
    this(
        node,
        new Inspector(
            node.access().nodeLoop(),
            () -> node.vhosts().values(),
            node.connections(),
            node.access().past().ended()),
        Runnable::run);
  }

  /** The same with answers that are completed by another executor. */
  public Inspection answeringOn(Executor executor) {
    return new Inspection(node, inspector, executor);
  }

  private Inspection(Node node, Inspector inspector, Executor answers) {
    this.node = node;
    this.inspector = inspector;
    this.answers = answers;
  }

  /** Begins to sample what rates are made of, which otherwise begins with the first question. */
  public void start() {
    ask(() -> CompletableFuture.completedFuture(null));
  }

  /** Asks the loop. */
  <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
    try {
      return CompletableFuture.supplyAsync(
              () -> {
                inspector.start();
                return question.get();
              },
              inspector.home()::executeOrReject)
          .thenCompose(answer -> answer)
          .whenCompleteAsync((answer, failure) -> {}, answers);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the broker is closed", closed));
    }
  }

  List<VirtualHost> chosen(Predicate<String> vhosts) {
    return node.vhosts().values().stream()
        .filter(vhost -> vhosts.test(vhost.name()))
        .sorted(Comparator.comparing(VirtualHost::name))
        .toList();
  }

  record In<T>(VirtualHost vhost, T object) {}

  interface Objects<T> {
    Collection<? extends T> of(VirtualHost vhost);
  }

  <T> List<In<T>> all(Predicate<String> vhosts, Objects<T> objects) {
    List<In<T>> all = new ArrayList<>();
    for (VirtualHost vhost : chosen(vhosts)) {
      objects.of(vhost).forEach(object -> all.add(new In<>(vhost, object)));
    }
    return all;
  }

  // ---- queues, exchanges, bindings

  /** The queues of the virtual hosts that pass, in no order. */
  public CompletionStage<List<QueueInfo>> queues(Predicate<String> vhosts) {
    return ask(
        () ->
            inspector.collect(
                all(vhosts, VirtualHost::queues), one -> inspector.queue(one.vhost, one.object)));
  }

  /** The queues of the virtual hosts that pass that something may be the matter with. */
  public CompletionStage<List<BusyQueue>> busyQueues(Predicate<String> vhosts) {
    return ask(
        () ->
            inspector.collect(
                all(vhosts, VirtualHost::queues),
                one -> inspector.busyQueue(one.vhost, one.object)));
  }

  /** One queue; null when there is none. */
  public CompletionStage<QueueInfo> queue(String vhost, String name) {
    return ask(
        () -> {
          VirtualHost found = node.vhostOrNull(vhost);
          AmqpQueue queue = found == null ? null : found.queueOrNull(name);
          return CompletableFuture.completedFuture(
              queue == null ? null : inspector.queue(found, queue));
        });
  }

  /**
   * Who has exclusive use of queues.
   *
   * @param names that need not be those of queues
   * @return users by the names of those that are exclusive
   */
  public CompletionStage<Map<String, String>> exclusive(String vhost, Collection<String> names) {
    return ask(
        () -> {
          VirtualHost found = vhostOf(vhost);
          Map<String, String> users = new HashMap<>();
          for (String name : names) {
            AmqpQueue queue = found.queueOrNull(name);
            if (queue != null && queue.owner() instanceof Connection owner) {
              users.put(name, owner.access().user());
            }
          }
          return CompletableFuture.completedFuture(users);
        });
  }

  /** The exchanges of the virtual hosts that pass, in no order. */
  public CompletionStage<List<ExchangeInfo>> exchanges(Predicate<String> vhosts) {
    return ask(
        () ->
            inspector.collect(
                all(vhosts, VirtualHost::exchanges),
                one -> inspector.exchange(one.vhost, one.object)));
  }

  /** One exchange, by an empty name the default exchange; null when there is none. */
  public CompletionStage<ExchangeInfo> exchange(String vhost, String name) {
    return ask(
        () -> {
          VirtualHost found = node.vhostOrNull(vhost);
          var exchange = found == null ? null : found.exchangeOrNull(name);
          return CompletableFuture.completedFuture(
              exchange == null ? null : inspector.exchange(found, exchange));
        });
  }

  /** What went from one object to another. */
  public FlowInspection flows() {
    return new FlowInspection(this, node, inspector);
  }

  /** The bindings of the virtual hosts that pass, those to the default exchange first. */
  public CompletionStage<List<BindingInfo>> bindings(Predicate<String> vhosts) {
    return ask(
        () ->
            inspector.collect(
                all(vhosts, Inspector::bindings), one -> Inspector.binding(one.vhost, one.object)));
  }

  /**
   * The way that a message would take; nothing is published.
   *
   * @param exchange empty for the default exchange
   * @return completed exceptionally with a ChannelException 404 when there is no such exchange
   */
  public CompletionStage<RouteTrace> route(
      String vhost, String exchange, String routingKey, FieldTable headers) {
    return ask(
        () ->
            CompletableFuture.completedFuture(
                RouteTrace.of(vhostOf(vhost), exchange, routingKey, headers)));
  }

  VirtualHost vhostOf(String vhost) {
    VirtualHost found = node.vhostOrNull(vhost);
    if (found == null) {
      throw new ChannelException(ReplyCode.NOT_FOUND, "no vhost '" + vhost + "'");
    }
    return found;
  }

  /**
   * The messages of a queue, without changing anything; none of a stream.
   *
   * @return completed exceptionally with a ChannelException 404 when there is no such queue
   */
  public CompletionStage<QueueSight> browse(String vhost, String queue) {
    return ask(() -> inspector.browse(vhostOf(vhost).queue(queue)));
  }

  /**
   * Messages that were in the store only when {@link #browse} told of them; what has become of them
   * meanwhile is not told.
   *
   * @param from the lowest place that counts
   * @param skip so many from there on are passed over
   * @param count how many at most, from 1 on; fewer when they are large
   */
  public CompletionStage<QueueSight.Part> readOn(
      StoredStretch stretch, long from, long skip, int count) {
    return ask(() -> inspector.readOn(stretch, from, skip, count));
  }

  /** How many of those messages are before a place. */
  public CompletionStage<Long> countBefore(StoredStretch stretch, long place) {
    return ask(
        () -> {
          CompletableFuture<Long> count = new CompletableFuture<>();
          stretch.countBefore(place, count::complete);
          return count;
        });
  }

  /** What streams hold. */
  public StreamInspection streams() {
    return new StreamInspection(this);
  }

  /** What waits in delayed exchanges. */
  public DelayedInspection delayed() {
    return new DelayedInspection(this);
  }

  // ---- what went wrong

  /** What exchanges of the virtual hosts that pass dropped lately, by virtual host. */
  public CompletionStage<Map<String, List<DroppedMessages.Loss>>> dropped(
      Predicate<String> vhosts) {
    return ask(
        () -> {
          Map<String, List<DroppedMessages.Loss>> all = new TreeMap<>();
          chosen(vhosts).forEach(vhost -> all.put(vhost.name(), vhost.dropped().all()));
          return CompletableFuture.completedFuture(all);
        });
  }

  /** What is remembered of what happened lately. */
  public Lately lately() {
    return new Lately(this, node, inspector);
  }

  /**
   * What clients were refused, oldest first.
   *
   * @param time since when, in milliseconds since the epoch by the broker's clock
   */
  public List<Refusals.Refusal> refusals(long time) {
    return node.refusals().since(time);
  }

  /**
   * The faults of the virtual hosts that pass, by virtual host, each one's oldest first: those that
   * are on, and the last ones that are over.
   */
  public CompletionStage<List<Fault>> faults(Predicate<String> vhosts) {
    return ask(
        () ->
            CompletableFuture.completedFuture(
                chosen(vhosts).stream().flatMap(vhost -> vhost.faults().all().stream()).toList()));
  }

  // ---- messages as they pass

  /**
   * Begins to watch the messages of an exchange or of a queue. Who does not {@link #next take} for
   * a minute is forgotten.
   *
   * @param exchange empty for the default exchange; null for a queue
   * @param queue null for an exchange
   * @return completed exceptionally with a ChannelException 404 when it is not there
   */
  public CompletionStage<MessageTail> watch(String vhost, String exchange, String queue) {
    return ask(() -> CompletableFuture.completedFuture(vhostOf(vhost).watch(exchange, queue)));
  }

  /** What passed since the last time. */
  public CompletionStage<MessageTail.Batch> next(MessageTail tail) {
    return ask(() -> CompletableFuture.completedFuture(tail.take()));
  }

  /** Ends a {@link #watch}. */
  public CompletionStage<Void> unwatch(String vhost, MessageTail tail) {
    return ask(
        () -> {
          VirtualHost found = node.vhostOrNull(vhost);
          if (found != null) {
            found.unwatch(tail);
          }
          return CompletableFuture.completedFuture(null);
        });
  }

  // ---- life stories

  /** How far the recording of life stories is in a virtual host; null when there is none. */
  public CompletionStage<Stories.State> recording(String vhost) {
    return ask(
        () -> {
          Stories stories = vhostOf(vhost).stories();
          return CompletableFuture.completedFuture(stories == null ? null : stories.state());
        });
  }

  /** Records the life stories of messages that are published from now on. */
  public CompletionStage<Void> record(String vhost) {
    return ask(
        () -> {
          vhostOf(vhost).recordStories(System::nanoTime);
          return CompletableFuture.completedFuture(null);
        });
  }

  /** Ends {@link #record} and forgets the stories. */
  public CompletionStage<Void> endRecording(String vhost) {
    return ask(
        () -> {
          vhostOf(vhost).endStories();
          return CompletableFuture.completedFuture(null);
        });
  }

  /** All life stories of a virtual host, the newest first; none when they are not recorded. */
  public CompletionStage<List<Story>> stories(String vhost) {
    return ask(
        () -> {
          Stories stories = vhostOf(vhost).stories();
          if (stories == null) {
            return CompletableFuture.completedFuture(List.of());
          }
          stories.look();
          return inspector.collect(stories.ids(), stories::story);
        });
  }

  /** One life story; null when there is none, or it is forgotten. */
  public CompletionStage<Story> story(String vhost, long id) {
    return ask(
        () -> {
          Stories stories = vhostOf(vhost).stories();
          if (stories == null) {
            return CompletableFuture.completedFuture(null);
          }
          stories.look();
          return CompletableFuture.completedFuture(stories.story(id));
        });
  }

  // ---- clients

  /** All open connections. */
  public CompletionStage<List<ConnectionInfo>> connections() {
    return ask(() -> inspector.collect(inspector.connections(), inspector::connection));
  }

  /** One open connection, by the name it is listed with; null when there is none. */
  public CompletionStage<ConnectionInfo> connection(String name) {
    return ask(() -> first(inspector.connections(), name, Connection::name, inspector::connection));
  }

  /** One open channel, by the name it is listed with; null when there is none. */
  public CompletionStage<ChannelInfo> channel(String name) {
    Function<AmqpChannel, String> names =
        channel -> ChannelInfo.name(channel.connection().name(), channel.number());
    return ask(() -> first(inspector.channels(), name, names, inspector::channel));
  }

  private static <S, T> CompletionStage<T> first(
      Collection<S> all, String name, Function<S, String> names, Function<S, T> look) {
    for (S one : all) {
      if (names.apply(one).equals(name)) {
        return CompletableFuture.completedFuture(look.apply(one));
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  /** All open channels. */
  public CompletionStage<List<ChannelInfo>> channels() {
    return ask(() -> inspector.collect(inspector.channels(), inspector::channel));
  }

  /** The consumers of queues of the virtual hosts that pass. */
  public CompletionStage<List<ConsumerInfo>> consumers(Predicate<String> vhosts) {
    return ask(
        () ->
            inspector.collect(
                all(vhosts, Inspector::consumers),
                one -> ConsumerInfo.of(one.vhost.name(), one.object)));
  }

  /**
   * Closes a connection with 320 CONNECTION_FORCED.
   *
   * @param name as it is listed
   * @param reason told to the client
   * @param most with more queues and messages that would go it stays open, and this is completed
   *     with a {@link ChannelException}, 406
   * @return false when there is none with that name
   */
  public CompletionStage<Boolean> closeConnection(String name, String reason, LossBound most) {
    return ask(
        () -> {
          for (Connection connection : inspector.connections()) {
            if (connection.name().equals(name)) {
              String refusal =
                  most.refusal(
                      () -> "connection '" + name + "'",
                      () -> ConnectionLoss.of(Set.of(connection)));
              if (refusal != null) {
                throw new ChannelException(ReplyCode.PRECONDITION_FAILED, refusal);
              }
              connection.forceClose(ReplyCode.CONNECTION_FORCED, reason);
              return CompletableFuture.completedFuture(true);
            }
          }
          return CompletableFuture.completedFuture(false);
        });
  }

  // ---- virtual hosts and sums

  /** The virtual hosts that pass, by name. */
  public CompletionStage<List<VhostInfo>> vhosts(Predicate<String> vhosts) {
    return ask(
        () ->
            inspector.collect(
                chosen(vhosts),
                vhost ->
                    new VhostInfo(
                        vhost.definition(),
                        vhost.firehose() != null,
                        inspector.totals(List.of(vhost), false))));
  }

  /** What all queues and exchanges counted, those that are gone as well. */
  public CompletionStage<NodeCounts> counts() {
    return ask(
        () ->
            CompletableFuture.completedFuture(
                NodeCounts.of(node.vhosts().values(), node.access().past())));
  }

  /** The virtual hosts that pass, all together. */
  public CompletionStage<Totals> totals(Predicate<String> vhosts) {
    return ask(
        () -> {
          List<VirtualHost> chosen = chosen(vhosts);
          boolean all = chosen.size() == node.vhosts().size();
          return CompletableFuture.completedFuture(inspector.totals(chosen, all));
        });
  }
}
