package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.channel.DirectMessages.Publish;
import io.harveymq.broker.channel.DirectMessages.Published;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Takes chosen messages out of a queue, in this process on behalf of a user: deletes them, or moves
 * them elsewhere. A message that is moved leaves its queue when all its new ones have it safe, and
 * stays if none takes it. Owned by the home loop.
 */
public final class DirectRemoval {
  /**
   * Which messages; only those that wait and are in memory.
   *
   * @param chosen by what a browser knows of them
   */
  public record Selection(String queue, Predicate<Waiting> chosen) {}

  /**
   * What came of it.
   *
   * @param done messages that left the queue
   * @param failed those that stayed, counted by the reason
   */
  public record Outcome(int done, Map<String, Integer> failed) {}

  /** Where a message goes; null when there is no place for it. */
  public interface Target {
    Publish of(Content message);
  }

  private final VirtualHost vhost;
  private final AccessChecks access;

  /**
   * @param access what the user may do in the virtual host
   */
  public DirectRemoval(VirtualHost vhost, AccessChecks access) {
    this.vhost = vhost;
    this.access = access;
  }

  /** Moves each message to the same exchange; with a null key, by the key that it has. */
  public static Target to(String exchange, String routingKey) {
    return message ->
        new Publish(
            exchange,
            routingKey == null ? message.routingKey() : routingKey,
            message.properties(),
            message.body());
  }

  /** Moves each message to the queue in which it died last, as its header x-death tells. */
  public static Target whereItDied() {
    return message -> {
      String queue = diedIn(message);
      return queue == null ? null : new Publish("", queue, message.properties(), message.body());
    };
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

  /** Deletes messages; completed exceptionally when the user may not. */
  public CompletableFuture<Outcome> delete(Selection selection) {
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    take(
        selection,
        done,
        taken -> {
          taken.forEach(entry -> entry.queue().ack(entry));
          done.complete(new Outcome(taken.size(), Map.of()));
        });
    return done;
  }

  /** Moves messages; completed exceptionally when the user may not take them. */
  public CompletableFuture<Outcome> move(Selection selection, Target target) {
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    take(
        selection,
        done,
        taken -> {
          Move move = new Move(taken.size(), done);
          taken.forEach(entry -> move(entry, target, move));
          move.completeIfDone();
        });
    return done;
  }

  private interface Taken {
    void accept(List<QueueEntry> entries);
  }

  private void take(Selection selection, CompletableFuture<Outcome> done, Taken then) {
    try {
      access.checkQueue(AccessRight.READ, selection.queue());
      AmqpQueue named = vhost.queue(selection.queue());
      if (named.owner() != null) {
        throw QueueMethods.locked(vhost, named);
      }
      MessageQueue queue = QueueTypeRules.purgeable(named, vhost.name());
      if (queue.isHeld()) {
        queue.waiters().whenReleased(() -> take(selection, done, then));
        return;
      }
      then.accept(queue.takeOut(selection.chosen()));
    } catch (RuntimeException refusal) {
      done.completeExceptionally(refusal);
    }
  }

  private void move(QueueEntry entry, Target target, Move move) {
    Publish publish = target.of(entry.message());
    if (publish == null) {
      stays(entry, move, "it does not say where it died");
      return;
    }
    new DirectMessages(vhost, access)
        .publish(publish)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                stays(entry, move, failure.getMessage());
              } else if (outcome != Published.ROUTED) {
                stays(
                    entry,
                    move,
                    outcome == Published.REJECTED ? "the queue is full" : "no queue takes it");
              } else {
                entry.queue().ack(entry);
                move.moved();
              }
            });
  }

  private static void stays(QueueEntry entry, Move move, String reason) {
    ((MessageQueue) entry.queue()).putBackUnseen(entry);
    move.failed(reason);
  }

  /** Counts how a move goes on. */
  private static final class Move {
    private final CompletableFuture<Outcome> whole;
    private final Map<String, Integer> failures = new TreeMap<>();
    private int left;
    private int moved;

    Move(int messages, CompletableFuture<Outcome> whole) {
      this.left = messages;
      this.whole = whole;
    }

    void moved() {
      moved++;
      left--;
      completeIfDone();
    }

    void failed(String reason) {
      failures.merge(reason, 1, Integer::sum);
      left--;
      completeIfDone();
    }

    void completeIfDone() {
      if (left == 0) {
        whole.complete(new Outcome(moved, failures));
      }
    }
  }
}
