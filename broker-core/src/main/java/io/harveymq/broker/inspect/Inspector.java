package io.harveymq.broker.inspect;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.connection.OpenConnections;
import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.StoredStretch;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.stats.Retention;
import io.harveymq.broker.stats.Sampled;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at the objects of a loop, in slices of at most a millisecond, and has them sampled from the
 * first question on. Owned by the loop.
 */
final class Inspector {
  private static final long SLICE_NANOS = 1_000_000;
  private static final int CLOCK_EVERY = 16;

  /** Of messages that are read from the store at a time. */
  private static final int READ_BYTES = 256 << 10;

  private final HomeLoop home;
  private final Supplier<Collection<VirtualHost>> vhosts;
  private final OpenConnections connections;
  private final Counters past;
  private final Sampler sampler;

  /** The sums of each virtual host, kept so that they have a past. */
  private final Map<String, Counters> sums = new HashMap<>();

  /**
   * @param past what virtual hosts counted that are gone
   */
  Inspector(
      HomeLoop home,
      Supplier<Collection<VirtualHost>> vhosts,
      OpenConnections connections,
      Counters past) {
    this.home = home;
    this.vhosts = vhosts;
    this.connections = connections;
    this.past = past;
    this.sampler = new Sampler(home, this::allCounters);
  }

  HomeLoop home() {
    return home;
  }

  /** Begins to sample. */
  void start() {
    sampler.start();
  }

  // ---- one and many

  /** Makes a list of what there is, a slice at a time. */
  <S, T> CompletableFuture<List<T>> collect(Collection<S> objects, Function<S, T> look) {
    CompletableFuture<List<T>> done = new CompletableFuture<>();
    Iterator<S> all = new ArrayList<>(objects).iterator();
    List<T> found = new ArrayList<>(objects.size());
    slice(all, look, found, done);
    return done;
  }

  private <S, T> void slice(
      Iterator<S> all, Function<S, T> look, List<T> found, CompletableFuture<List<T>> done) {
    long end = System.nanoTime() + SLICE_NANOS;
    try {
      for (int i = 1; all.hasNext(); i++) {
        T seen = look.apply(all.next());
        if (seen != null) {
          found.add(seen);
        }
        if (i % CLOCK_EVERY == 0 && System.nanoTime() > end) {
          home.execute(() -> slice(all, look, found, done));
          return;
        }
      }
      done.complete(found);
    } catch (RuntimeException fault) {
      done.completeExceptionally(fault);
    }
  }

  QueueInfo queue(VirtualHost vhost, AmqpQueue queue) {
    return queue.isDeleted() ? null : QueueInfo.of(vhost, queue, sampler);
  }

  BusyQueue busyQueue(VirtualHost vhost, AmqpQueue queue) {
    return BusyQueue.of(vhost, queue, sampler);
  }

  ExchangeInfo exchange(VirtualHost vhost, Exchange exchange) {
    return ExchangeInfo.of(vhost, exchange, sampler);
  }

  /** What went from and to an object. */
  CompletableFuture<List<FlowInfo>> flows(String vhost, List<Flow> flows) {
    return collect(flows, flow -> flow(vhost, flow));
  }

  FlowInfo flow(String vhost, Flow flow) {
    return FlowInfo.of(vhost, flow, sampler);
  }

  ConnectionInfo connection(Connection connection) {
    return connection.view().info(sampler);
  }

  ChannelInfo channel(AmqpChannel channel) {
    return channel.info(sampler);
  }

  /** A message that was delivered and is not acknowledged. */
  private record Held(QueueEntry entry, AmqpChannel channel) {}

  /**
   * The messages of a queue by their places, then those that may not be delivered yet. In a quorum
   * queue those that are not acknowledged come last: they do not come back to where they were.
   */
  CompletableFuture<QueueSight> browse(AmqpQueue queue) {
    if (!(queue instanceof MessageQueue whole)) {
      return CompletableFuture.completedFuture(new QueueSight("", List.of()));
    }
    long now = home.now();
    List<BrowsedMessage> last = new ArrayList<>();
    whole.lanes().delayed().forEach(one -> last.add(BrowsedMessage.delayed(one, now)));
    List<Held> held = new ArrayList<>();
    for (AmqpChannel channel : channels()) {
      List<QueueEntry> entries = new ArrayList<>();
      channel.outstanding(whole, entries);
      entries.forEach(entry -> held.add(new Held(entry, channel)));
    }
    List<StoredStretch> stored = StoredStretch.of(whole);
    String incarnation = BrowsedMessage.incarnation(whole);
    List<Waiting> waiting = whole.lanes().waiting();
    if (whole.isQuorum()) {
      held.forEach(one -> last.add(BrowsedMessage.unacked(one.entry, one.channel, now)));
      return collect(waiting, one -> BrowsedMessage.ready(one, whole, now))
          .thenApply(ready -> QueueSight.of(incarnation, ready, null, stored, last));
    }
    List<Integer> priorities = new ArrayList<>(waiting.size() + held.size());
    return collect(
            byPlace(waiting, held, priorities),
            one ->
                one instanceof Held taken
                    ? BrowsedMessage.unacked(taken.entry, taken.channel, now)
                    : BrowsedMessage.ready((Waiting) one, whole, now))
        .thenApply(all -> QueueSight.of(incarnation, all, priorities, stored, last));
  }

  /**
   * All in their order.
   *
   * @param waiting in order
   * @param priorities gets that of each
   */
  private static List<Object> byPlace(
      List<Waiting> waiting, List<Held> held, List<Integer> priorities) {
    held.sort(
        Comparator.comparingInt((Held one) -> -one.entry.priority())
            .thenComparingLong(one -> one.entry.position()));
    List<Object> all = new ArrayList<>(waiting.size() + held.size());
    int next = 0;
    for (Waiting one : waiting) {
      while (next < held.size() && isBefore(held.get(next).entry, one)) {
        priorities.add(held.get(next).entry.priority());
        all.add(held.get(next++));
      }
      priorities.add(one.priority());
      all.add(one);
    }
    for (Held one : held.subList(next, held.size())) {
      priorities.add(one.entry.priority());
      all.add(one);
    }
    return all;
  }

  private static boolean isBefore(QueueEntry one, Waiting other) {
    return one.priority() == other.priority()
        ? one.position() < other.position()
        : one.priority() > other.priority();
  }

  /**
   * Reads messages from the store, which stay there.
   *
   * @param from the lowest place that counts
   * @param skip so many from there on are passed over
   * @param count how many at most; fewer when they are large
   */
  CompletableFuture<QueueSight.Part> readOn(
      StoredStretch stretch, long from, long skip, int count) {
    CompletableFuture<QueueSight.Part> part = new CompletableFuture<>();
    stretch.read(
        from,
        skip,
        READ_BYTES,
        found -> {
          List<StoredMessage> some =
              found.stream().limit(count).filter(one -> one.position() < stretch.to()).toList();
          long next = some.isEmpty() ? stretch.to() : some.get(some.size() - 1).position() + 1;
          long now = home.now();
          collect(some, one -> BrowsedMessage.ready(stretch.seen(one), stretch.queue(), now))
              .thenAccept(seen -> part.complete(new QueueSight.Part(seen, next)));
        });
    return part;
  }

  /**
   * What there is to tell as {@link #binding}: the queues, which are bound to the default exchange,
   * and then the bindings.
   */
  static List<Object> bindings(VirtualHost vhost) {
    List<Object> all = new ArrayList<>(vhost.queues());
    vhost.exchanges().forEach(exchange -> all.addAll(exchange.bindings()));
    return all;
  }

  /** One of {@link #bindings}. */
  static BindingInfo binding(VirtualHost vhost, Object one) {
    return one instanceof AmqpQueue queue
        ? BindingInfo.toDefault(vhost, queue.name())
        : BindingInfo.of(vhost, (Binding) one);
  }

  Collection<Connection> connections() {
    return connections.all();
  }

  List<AmqpChannel> channels() {
    List<AmqpChannel> all = new ArrayList<>();
    connections.all().forEach(connection -> all.addAll(connection.view().channels()));
    return all;
  }

  static List<Consumer> consumers(VirtualHost vhost) {
    List<Consumer> all = new ArrayList<>();
    vhost.queues().forEach(queue -> all.addAll(queue.consumers()));
    return all;
  }

  // ---- sums

  /**
   * All of some virtual hosts together.
   *
   * @param all whether they are to stand for the node, with what it counted in others before
   */
  Totals totals(List<VirtualHost> chosen, boolean all) {
    Counters sum = new Counters();
    int exchanges = 0;
    int queues = 0;
    int consumers = 0;
    int open = 0;
    int channels = 0;
    for (VirtualHost vhost : chosen) {
      exchanges += vhost.exchanges().size();
      queues += vhost.queues().size();
      for (AmqpQueue queue : vhost.queues()) {
        consumers += queue.consumerCount();
      }
      for (Connection connection : connections.all()) {
        if (connection.vhost() == vhost) {
          open++;
          channels += connection.view().channels().size();
        }
      }
    }
    String key = String.join("\n", chosen.stream().map(VirtualHost::name).sorted().toList());
    if (chosen.size() != 1 && !all) {
      chosen.forEach(vhost -> sum.addAll(sumOf(vhost)));
      return new Totals(open, channels, exchanges, queues, consumers, sum.figures(sampler));
    }
    Counters kept = sums.computeIfAbsent(all ? "" : key, Inspector::newSum);
    chosen.forEach(vhost -> sum.addAll(sumOf(vhost)));
    if (all) {
      sum.addAll(past);
    }
    kept.setAll(sum);
    return new Totals(open, channels, exchanges, queues, consumers, kept.figures(sampler));
  }

  private static Counters newSum(String name) {
    return new Counters(Retention.GLOBAL);
  }

  private Counters sumOf(VirtualHost vhost) {
    Counters sum = new Counters();
    sum.addAll(vhost.ended());
    for (Connection connection : connections.all()) {
      if (connection.vhost() == vhost) {
        connection.view().channels().forEach(channel -> sum.addAll(channel.counters()));
        sum.addAll(connection.view().counters());
      }
    }
    for (AmqpQueue queue : vhost.queues()) {
      sum.add(Counter.MESSAGES_READY, queue.readyCount());
      sum.add(Counter.MESSAGES_UNACKNOWLEDGED, queue.unackedCount());
    }
    return sum;
  }

  /** A pass of the sampler: objects that are there now, and the sums. */
  private Iterator<Sampled> allCounters() {
    List<Supplier<Sampled>> all = new ArrayList<>();
    Counters node = new Counters();
    sums.keySet().removeIf(name -> !name.isEmpty() && !isThere(name));
    for (VirtualHost vhost : vhosts.get()) {
      Counters sum = sumOf(vhost);
      node.addAll(sum);
      Counters kept = sums.computeIfAbsent(vhost.name(), Inspector::newSum);
      kept.setAll(sum);
      all.add(() -> kept);
      vhost.exchanges().forEach(exchange -> all.add(exchange::counters));
      vhost.queues().stream()
          .filter(queue -> !ReplyQueues.isReplyKey(queue.name()))
          .forEach(queue -> all.add(() -> both(queue.currentCounters(), queue.flows())));
    }
    Counters keptNode = sums.computeIfAbsent("", Inspector::newSum);
    node.addAll(past);
    keptNode.setAll(node);
    all.add(() -> keptNode);
    for (Connection connection : connections.all()) {
      all.add(connection.view()::counters);
      for (AmqpChannel channel : connection.view().channels()) {
        all.add(() -> both(channel.counters(), channel.deliveries().flows()));
      }
    }
    Iterator<Supplier<Sampled>> each = all.iterator();
    return new Iterator<Sampled>() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public Sampled next() {
        return each.next().get();
      }
    };
  }

  private static Sampled both(Sampled one, Sampled other) {
    return time -> {
      one.sample(time);
      other.sample(time);
    };
  }

  private boolean isThere(String vhost) {
    return vhosts.get().stream().anyMatch(one -> one.name().equals(vhost));
  }
}
