package io.harveymq.broker;

import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.channel.DirectCommand;
import io.harveymq.broker.channel.DirectConsumers;
import io.harveymq.broker.channel.DirectDelayed;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.broker.channel.DirectRemoval;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.recording.Replay;
import io.harveymq.broker.recording.Replayer;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gives commands to a running broker from inside its process, on behalf of one of its users: they
 * go through the same code as those of AMQP clients, with the same checks, errors and effects.
 *
 * <p>Any thread. Answers are completed on a thread of the broker, which must not be kept waiting;
 * exceptionally with an {@link io.harveymq.codec.AmqpException} for what the broker refuses, and
 * with an IllegalStateException when it is closed.
 */
public final class BrokerCommands {
  private final Node node;
  private final Settings settings;
  private final Executor answers;
  private final DeletedObjects.Cause deletes;

  BrokerCommands(Node node, Settings settings) {
    this(node, settings, Runnable::run, DeletedObjects.Cause.EMBEDDED);
  }

  private BrokerCommands(
      Node node, Settings settings, Executor answers, DeletedObjects.Cause deletes) {
    this.node = node;
    this.settings = settings;
    this.answers = answers;
    this.deletes = deletes;
  }

  /** The same with answers that are completed by another executor. */
  public BrokerCommands answeringOn(Executor executor) {
    return new BrokerCommands(node, settings, executor, deletes);
  }

  /** The same for the HTTP API: what it deletes is told to have gone that way. */
  public BrokerCommands overHttp() {
    return new BrokerCommands(node, settings, answers, DeletedObjects.Cause.HTTP);
  }

  private DirectCommand command(VirtualHost vhost, AccessChecks access) {
    return new DirectCommand(vhost, access, settings, deletes);
  }

  /**
   * Carries out a method of class queue or exchange.
   *
   * @param user whose rights count
   * @param vhost has to exist
   * @param method not passive, without no-wait; no exclusive queues
   * @return the method that a client would get as the answer
   */
  public CompletionStage<Method> carryOut(Identity user, String vhost, Method method) {
    return on(user, vhost, (found, access) -> command(found, access).carryOut(method));
  }

  /**
   * Purges or deletes a queue, or deletes an exchange, unless more would go than somebody was told.
   *
   * @param user whose rights count
   * @param vhost has to exist
   * @param method a purge or delete, without no-wait
   * @param mostLost with more the method is refused with 406
   * @return the method that a client would get as the answer
   */
  public CompletionStage<Method> carryOut(
      Identity user, String vhost, Method method, LossBound mostLost) {
    return on(
        user,
        vhost,
        (found, access) -> command(found, access).losingAtMost(mostLost).carryOut(method));
  }

  /**
   * Carries out a method of class queue or exchange.
   *
   * @param user one of the broker's own, whose permissions count
   */
  public CompletionStage<Method> carryOut(String user, String vhost, Method method) {
    return carryOut(node.access().ownIdentity(user), vhost, method);
  }

  /**
   * Carries out a method of class queue or exchange on behalf of nobody: the broker itself may do
   * everything.
   *
   * @param vhost has to exist
   * @param method not passive, without no-wait; no exclusive queues
   * @return the method that a client would get as the answer
   */
  public CompletionStage<Method> carryOut(String vhost, Method method) {
    return carryOut((Identity) null, vhost, method);
  }

  /**
   * Finds out whether a declaration would be refused; nothing is made.
   *
   * @return completed with some answer when it would not
   */
  public CompletionStage<Method> check(Identity user, String vhost, Method declaration) {
    return on(user, vhost, (found, access) -> command(found, access).check(declaration));
  }

  /**
   * The arguments that a queue would be declared with: as given, and the default type of the
   * virtual host or the broker where it applies.
   *
   * @param vhost has to exist
   */
  public CompletionStage<FieldTable> argumentsOf(
      Identity user, String vhost, QueueMethod.Declare declaration) {
    return on(
        user,
        vhost,
        (found, access) ->
            CompletableFuture.completedFuture(command(found, access).argumentsOf(declaration)));
  }

  /**
   * Publishes a message, with mandatory and confirms.
   *
   * @param properties encoded
   * @return completed when all queues have it safe
   */
  public CompletionStage<DirectMessages.Published> publish(
      Identity user, String vhost, DirectMessages.Publish message) {
    return on(user, vhost, (found, access) -> new DirectMessages(found, access).publish(message));
  }

  /**
   * Begins to publish recorded messages again, in their order and at their times.
   *
   * @return completed with how it stands when it has begun
   */
  public CompletionStage<Replay> replay(Identity user, String vhost, Replayer.Source source) {
    return on(
        user,
        vhost,
        (found, access) ->
            found
                .recordings()
                .replays()
                .begin(
                    source,
                    new Replayer.Access(
                        () -> checks(user, found), node.alarms().on(found.home()))));
  }

  /**
   * Takes messages from a queue, all first, and then does with them what was asked for.
   *
   * @return what was taken, at most as many as asked for
   */
  public CompletionStage<List<DirectMessages.Got>> get(
      Identity user, String vhost, DirectMessages.Get get) {
    return on(user, vhost, (found, access) -> new DirectMessages(found, access).get(get));
  }

  /** Deletes messages that wait in a queue. */
  public CompletionStage<DirectRemoval.Outcome> deleteMessages(
      Identity user, String vhost, DirectRemoval.Selection selection) {
    return on(user, vhost, (found, access) -> new DirectRemoval(found, access).delete(selection));
  }

  /** Moves messages that wait in a queue; each leaves it when its new place has it safe. */
  public CompletionStage<DirectRemoval.Outcome> moveMessages(
      Identity user, String vhost, DirectRemoval.Selection selection, DirectRemoval.Target target) {
    return on(
        user, vhost, (found, access) -> new DirectRemoval(found, access).move(selection, target));
  }

  /** Deletes messages that wait in a delayed exchange; they go nowhere. */
  public CompletionStage<DirectRemoval.Outcome> deleteDelayed(
      Identity user, String vhost, DirectDelayed.Selection selection) {
    return on(user, vhost, (found, access) -> new DirectDelayed(found, access).delete(selection));
  }

  /** Lets messages go that wait in a delayed exchange, as if their time had come. */
  public CompletionStage<DirectRemoval.Outcome> letGoDelayed(
      Identity user, String vhost, DirectDelayed.Selection selection) {
    return on(user, vhost, (found, access) -> new DirectDelayed(found, access).letGo(selection));
  }

  // ---- between queues and consumers

  /**
   * Holds deliveries of a queue to its consumers back, or lets them go on.
   *
   * @param on whether they are to be held back
   */
  public CompletionStage<Void> pause(Identity user, String vhost, String queue, boolean on) {
    return now(user, vhost, consumers -> consumers.pause(queue, on));
  }

  /**
   * Takes deliveries that are not acknowledged away from their clients and back into the queue.
   *
   * @param ids as {@link io.harveymq.broker.inspect.BrowsedMessage} has them
   * @return how many there were
   */
  public CompletionStage<Integer> takeBack(
      Identity user, String vhost, String queue, Set<String> ids) {
    return now(
        user,
        vhost,
        consumers -> {
          List<AmqpChannel> channels = new ArrayList<>();
          node.connections().all().forEach(one -> channels.addAll(one.view().channels()));
          return consumers.takeBack(queue, ids, channels);
        });
  }

  /**
   * Cancels a consumer.
   *
   * @param channel the name that its channel is listed with
   */
  public CompletionStage<DirectConsumers.Cancelled> cancel(
      Identity user, String vhost, String queue, String channel, String tag) {
    return now(user, vhost, consumers -> consumers.cancel(queue, channel, tag));
  }

  private <T> CompletionStage<T> now(
      Identity user, String vhost, Function<DirectConsumers, T> call) {
    return on(
        user,
        vhost,
        (found, access) -> {
          CompletableFuture<T> done = new CompletableFuture<>();
          attempt(() -> call.apply(new DirectConsumers(found, access)), done);
          return done;
        });
  }

  /** Tries again once it is known what the user may do. */
  private static <T> void attempt(Supplier<T> call, CompletableFuture<T> done) {
    try {
      done.complete(call.get());
    } catch (AccessPending pending) {
      pending.whenKnown(() -> attempt(call, done));
    } catch (RuntimeException refusal) {
      done.completeExceptionally(refusal);
    }
  }

  /**
   * Forgets messages that an exchange dropped.
   *
   * @param ids null for all
   */
  public CompletionStage<Void> forgetDropped(String vhost, String exchange, Collection<Long> ids) {
    return on(
        null,
        vhost,
        (found, access) -> {
          if (ids == null) {
            found.dropped().forget(exchange);
          } else {
            found.dropped().forget(exchange, ids);
          }
          return CompletableFuture.completedFuture(null);
        });
  }

  /**
   * Takes messages out that an exchange dropped, so that nobody else does something with them.
   *
   * @return those that were there, the first that was lost first
   */
  public CompletionStage<List<DroppedMessages.Dropped>> takeDropped(
      String vhost, String exchange, Collection<Long> ids) {
    return on(
        null,
        vhost,
        (found, access) -> CompletableFuture.completedFuture(found.dropped().take(exchange, ids)));
  }

  /** Keeps messages again that were {@link #takeDropped taken}. */
  public CompletionStage<Void> keepDropped(
      String vhost, String exchange, Collection<DroppedMessages.Dropped> taken) {
    return on(
        null,
        vhost,
        (found, access) -> {
          found.dropped().putBack(exchange, taken);
          return CompletableFuture.completedFuture(null);
        });
  }

  private AccessChecks checks(Identity user, VirtualHost vhost) {
    return AccessChecks.ofCommand(
        node.access().on(vhost.home()), user, vhost.name(), vhost.compatibility());
  }

  private <T> CompletionStage<T> on(
      Identity user, String vhost, BiFunction<VirtualHost, AccessChecks, CompletionStage<T>> call) {
    VirtualHost found = node.vhostOrNull(vhost);
    if (found == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("there is no virtual host '" + vhost + "'"));
    }
    try {
      return CompletableFuture.supplyAsync(
              () -> {
                if (node.vhostOrNull(vhost) != found) {
                  throw new ChannelException(ReplyCode.NOT_FOUND, "no vhost '" + vhost + "'");
                }
                return call.apply(found, checks(user, found));
              },
              found.home()::executeOrReject)
          .thenCompose(answer -> answer)
          .whenCompleteAsync((answer, failure) -> {}, answers);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the broker is closed", closed));
    }
  }
}
