package io.harveymq.broker.channel;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.inspect.BrowsedMessage.Place;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryStep;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Takes chosen messages out of a queue, in this process on behalf of a user: deletes them, or moves
 * them elsewhere. Whether all queues on its way take a message is known before it moves, so that it
 * is never in some of them only; it leaves its own queue when they have it safe, and keeps its
 * place if they don't take it. Works in slices. Owned by the home loop.
 */
public final class DirectRemoval {
  /** Messages dealt with in a turn. */
  private static final int PER_TURN = 512;

  /**
   * Which messages; only those that wait.
   *
   * @param ids as {@link BrowsedMessage} has them, or places alone, of whichever queue has the
   *     name; null for all
   * @param until of all, those up to a position, by priority; null for no end
   * @param incarnation of the queue that {@code until} was told of, as {@link BrowsedMessage} has
   *     it: of another none is chosen; null for whichever has the name
   * @param most with more messages nothing is done, and it is refused with 406
   */
  public record Selection(
      String queue, Set<String> ids, Map<Integer, Long> until, String incarnation, LossBound most) {
    private Predicate<Waiting> in(AmqpQueue looked) {
      if (ids != null) {
        return one ->
            ids.contains(BrowsedMessage.id(one, looked)) || ids.contains(BrowsedMessage.place(one));
      }
      if (!isOf(looked)) {
        return one -> false;
      }
      return one ->
          until == null || one.position() <= until.getOrDefault(one.priority(), Long.MIN_VALUE);
    }

    private boolean isOf(AmqpQueue looked) {
      return incarnation == null || incarnation.equals(BrowsedMessage.incarnation(looked));
    }
  }

  /**
   * What came of it.
   *
   * @param done messages that left the queue
   * @param failed those that stayed, counted by the reason
   * @param gone those that were chosen and did not wait in the queue any more
   */
  public record Outcome(int done, Map<String, Integer> failed, int gone) {}

  /** Where messages go. */
  public sealed interface Target {}

  /**
   * To an exchange; CC and BCC of the message do not count.
   *
   * @param routingKey null for the message's own
   */
  public record ToExchange(String exchange, String routingKey) implements Target {}

  /** To the queue in which it died last, as its header x-death tells, and to no other. */
  public record WhereItDied() implements Target {}

  /** A way for a message, or why there is none. */
  private record Way(String exchange, String key, AmqpQueue[] queues, String refusal) {
    static Way none(String refusal) {
      return new Way(null, null, null, refusal);
    }
  }

  private final VirtualHost vhost;
  private final AccessChecks access;
  private final Map<String, Integer> failures = new TreeMap<>();
  private final CompletableFuture<Outcome> whole = new CompletableFuture<>();
  private Selection selection;

  /** Null to delete. */
  private Target target;

  /** What is still to be looked at; null before the first slice. */
  private List<Place> places;

  /** Those of them that were in the store only. */
  private StoredSelection stored;

  /** Where the places are; null before the first slice. */
  private MessageQueue from;

  private boolean dealing;

  /** What was sent is to be safe before more is read. */
  private boolean waits;

  private int asked;
  private int awaited;
  private int done;

  /**
   * @param access what the user may do in the virtual host
   */
  public DirectRemoval(VirtualHost vhost, AccessChecks access) {
    this.vhost = vhost;
    this.access = access;
  }

  /** Deletes messages; once for each object. Completed exceptionally when the user may not. */
  public CompletableFuture<Outcome> delete(Selection which) {
    return move(which, null);
  }

  /** Moves messages; once for each object. Completed exceptionally when the user may not. */
  public CompletableFuture<Outcome> move(Selection which, Target where) {
    selection = which;
    target = where;
    slice();
    return whole;
  }

  private void slice() {
    try {
      MessageQueue queue = queue();
      if (queue.isHeld()) {
        queue.waiters().whenReleased(this::slice);
        return;
      }
      if (places == null) {
        choose(queue);
        from = queue;
      } else if (queue != from) {
        places.clear();
        stored.end();
      }
      dealing = true;
      AccessPending pending = places.isEmpty() ? dealStored(queue) : dealInMemory(queue);
      dealing = false;
      if (pending == null) {
        goOn();
      } else {
        pending.whenKnown(this::slice);
      }
    } catch (AccessPending pending) {
      pending.whenKnown(this::slice);
    } catch (RuntimeException refusal) {
      if (stored != null) {
        stored.end();
      }
      whole.completeExceptionally(refusal);
    }
  }

  private void goOn() {
    if (!places.isEmpty() || stored.hasPart()) {
      vhost.home().execute(this::slice);
    } else if (!stored.hasMore()) {
      completeIfDone();
    } else if (awaited > 0) {
      waits = true;
    } else {
      stored.read(this::slice);
    }
  }

  private AccessPending dealInMemory(MessageQueue queue) {
    List<Place> next = places.subList(0, Math.min(PER_TURN, places.size()));
    Set<Place> now = new HashSet<>(next);
    Map<Message, Place> taken = new IdentityHashMap<>();
    next.clear();
    return deal(
        queue,
        queue.takeOut(
            waiting -> {
              Place place = Place.of(waiting);
              return now.contains(place) && taken.put(waiting.message(), place) == null;
            }),
        taken);
  }

  /**
   * Deals with some of what was read from the store; what came to memory meanwhile is dealt with
   * there.
   *
   * @return what has to be known before the next one can be dealt with; null for nothing
   */
  private AccessPending dealStored(MessageQueue queue) {
    try {
      for (int i = 0; i < PER_TURN && stored.hasPart(); i++) {
        Waiting one = stored.peek();
        if (stored.stretch().has(one)) {
          dealStored(queue, one);
        } else {
          places.add(Place.of(one));
        }
        stored.pass();
      }
      return null;
    } catch (AccessPending notYet) {
      return notYet;
    }
  }

  private void dealStored(MessageQueue queue, Waiting one) {
    if (target == null) {
      delete(queue, stored.stretch().take(one));
      return;
    }
    Way way = way(one.message());
    if (way.refusal == null) {
      send(stored.stretch().take(one), way);
    } else {
      failures.merge(way.refusal, 1, Integer::sum);
    }
  }

  /** Those that wait now: what comes later is not dealt with. */
  private void choose(MessageQueue queue) {
    List<Place> chosen = new ArrayList<>();
    Predicate<Waiting> isChosen = selection.in(queue);
    for (Waiting waiting : queue.lanes().waiting()) {
      if (isChosen.test(waiting)) {
        chosen.add(Place.of(waiting));
      }
    }
    Set<String> ids = selection.ids();
    StoredSelection behind =
        ids == null
            ? StoredSelection.upTo(queue, selection.isOf(queue) ? selection.until() : Map.of())
            : StoredSelection.of(queue, ids);
    int count = chosen.size() + behind.count();
    String refusal =
        selection
            .most()
            .refusal(
                () -> ResourceName.queue(vhost.name(), queue.name()),
                () -> Map.of(LossBound.Kind.MESSAGES, (long) count));
    if (refusal != null) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, refusal);
    }
    asked = ids == null ? count : ids.size();
    places = chosen;
    stored = behind;
  }

  private MessageQueue queue() {
    access.checkQueue(AccessRight.READ, selection.queue());
    AmqpQueue named = vhost.queue(selection.queue());
    if (named.owner() != null) {
      throw QueueMethods.locked(vhost, named);
    }
    return QueueTypeRules.purgeable(named, vhost.name());
  }

  /**
   * Deals with messages that were taken out.
   *
   * @return what has to be known before those can be dealt with that stay and are looked at again;
   *     null for nothing
   */
  private AccessPending deal(MessageQueue queue, List<QueueEntry> taken, Map<Message, Place> at) {
    List<QueueEntry> stay = new ArrayList<>();
    AccessPending pending = null;
    for (QueueEntry entry : taken) {
      if (target == null) {
        delete(queue, entry);
        continue;
      }
      try {
        Way way = way(entry.message());
        if (way.refusal == null) {
          send(entry, way);
        } else {
          failures.merge(way.refusal, 1, Integer::sum);
          stay.add(entry);
        }
      } catch (AccessPending notYet) {
        pending = notYet;
        stay.add(entry);
        places.add(at.get(entry.message()));
      }
    }
    queue.putBackInPlace(stay);
    return pending;
  }

  private void delete(MessageQueue queue, QueueEntry entry) {
    StoryTaps.left(queue, entry.message(), StoryEvent.DELETED);
    queue.ack(entry);
    done++;
  }

  private Way way(Message message) {
    try {
      Way way = target instanceof ToExchange to ? toExchange(to, message) : whereItDied(message);
      if (way.refusal == null) {
        for (AmqpQueue queue : way.queues) {
          if (queue.wouldRefuse(message)) {
            return Way.none("the queue is full");
          }
        }
      }
      return way;
    } catch (AmqpException refusal) {
      return Way.none(refusal.replyText());
    }
  }

  private Way toExchange(ToExchange to, Message message) {
    String key = to.routingKey == null ? message.routingKey() : to.routingKey;
    access.checkExchange(AccessRight.WRITE, to.exchange);
    Exchange exchange = vhost.exchange(to.exchange);
    if (exchange.definition().internal()) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED,
          "cannot publish to internal " + ResourceName.exchange(vhost.name(), to.exchange));
    }
    PublishChecks.checkRoutingKey(key);
    access.checkTopic(AccessRight.WRITE, exchange, key);
    Route route = vhost.router().routeByKeyAlone(exchange, key, message.properties());
    return route.queues().length == 0
        ? Way.none("no queue takes it")
        : new Way(to.exchange, key, route.queues(), null);
  }

  private Way whereItDied(Message message) {
    String name = diedIn(message);
    if (name == null) {
      return Way.none("it does not say where it died");
    }
    access.checkExchange(AccessRight.WRITE, "");
    AmqpQueue queue = vhost.queueOrNull(name);
    return queue == null
        ? Way.none("the queue '" + name + "' is gone")
        : new Way("", name, new AmqpQueue[] {queue}, null);
  }

  private static String diedIn(Content message) {
    var headers = BasicProperties.trusted(message.properties()).headers();
    if (headers != null
        && headers.get("x-death") instanceof FieldValue.Array deaths
        && !deaths.values().isEmpty()
        && deaths.values().get(0) instanceof FieldValue.Table death
        && death.value().get("queue") instanceof FieldValue.LongString queue) {
      return queue.asString();
    }
    return null;
  }

  private void send(QueueEntry entry, Way way) {
    Message from = entry.message();
    Message moved =
        new Message(Content.address(way.exchange, way.key), from.properties(), from.body());
    moved.hiddenKeys(from.hiddenKeys());
    moved.story(from.story());
    StoryStep.Target to = new StoryStep.Target(way.exchange, way.key, way.queues.length);
    StoryTaps.left(entry.queue(), from, StoryEvent.MOVED, to);
    for (AmqpQueue queue : way.queues) {
      queue.counters().add(Counter.PUBLISH);
      queue.publish(moved);
    }
    vhost.home().routed(way.queues.length);
    awaited++;
    moved.whenStored(
        () -> {
          entry.queue().ack(entry);
          awaited--;
          done++;
          if (waits && awaited == 0) {
            waits = false;
            vhost.home().execute(this::slice);
          }
          completeIfDone();
        });
  }

  private void completeIfDone() {
    if (!dealing && awaited == 0 && places.isEmpty() && !stored.hasMore()) {
      int stayed = failures.values().stream().mapToInt(Integer::intValue).sum();
      whole.complete(new Outcome(done, failures, asked - done - stayed));
    }
  }
}
