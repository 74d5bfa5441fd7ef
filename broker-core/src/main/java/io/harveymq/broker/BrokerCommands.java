package io.harveymq.broker;

import io.harveymq.broker.channel.DirectCommand;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.broker.channel.DirectRemoval;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;

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

  BrokerCommands(Node node, Settings settings, Executor answers) {
    this.node = node;
    this.settings = settings;
    this.answers = answers;
  }

  /** The same with answers that are completed by another executor. */
  public BrokerCommands answeringOn(Executor executor) {
    return new BrokerCommands(node, settings, executor);
  }

  /**
   * Carries out a method of class queue or exchange.
   *
   * @param user whose permissions count
   * @param vhost has to exist
   * @param method not passive, without no-wait; no exclusive queues
   * @return the method that a client would get as the answer
   */
  public CompletionStage<Method> carryOut(String user, String vhost, Method method) {
    return on(
        user,
        vhost,
        (found, access) -> new DirectCommand(found, access, settings).carryOut(method));
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
    return carryOut(null, vhost, method);
  }

  /**
   * Finds out whether a declaration would be refused; nothing is made.
   *
   * @return completed with some answer when it would not
   */
  public CompletionStage<Method> check(String user, String vhost, Method declaration) {
    return on(
        user,
        vhost,
        (found, access) -> new DirectCommand(found, access, settings).check(declaration));
  }

  /**
   * Publishes a message, with mandatory and confirms.
   *
   * @param properties encoded
   * @return completed when all queues have it safe
   */
  public CompletionStage<DirectMessages.Published> publish(
      String user, String vhost, DirectMessages.Publish message) {
    return on(user, vhost, (found, access) -> new DirectMessages(found, access).publish(message));
  }

  /**
   * Takes messages from a queue, all first, and then does with them what was asked for.
   *
   * @return what was taken, at most as many as asked for
   */
  public CompletionStage<List<DirectMessages.Got>> get(
      String user, String vhost, DirectMessages.Get get) {
    return on(user, vhost, (found, access) -> new DirectMessages(found, access).get(get));
  }

  /** Deletes messages that wait in a queue. */
  public CompletionStage<DirectRemoval.Outcome> deleteMessages(
      String user, String vhost, DirectRemoval.Selection selection) {
    return on(user, vhost, (found, access) -> new DirectRemoval(found, access).delete(selection));
  }

  /** Moves messages that wait in a queue; each leaves it when its new place has it safe. */
  public CompletionStage<DirectRemoval.Outcome> moveMessages(
      String user, String vhost, DirectRemoval.Selection selection, DirectRemoval.Target target) {
    return on(
        user, vhost, (found, access) -> new DirectRemoval(found, access).move(selection, target));
  }

  private <T> CompletionStage<T> on(
      String user, String vhost, BiFunction<VirtualHost, AccessChecks, CompletionStage<T>> call) {
    VirtualHost found = node.vhostOrNull(vhost);
    if (found == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("there is no virtual host '" + vhost + "'"));
    }
    try {
      return CompletableFuture.supplyAsync(
              () ->
                  call.apply(
                      found,
                      new AccessChecks(
                          node.access().on(found.home()),
                          user,
                          found.name(),
                          found.compatibility())),
              found.home()::execute)
          .thenCompose(answer -> answer)
          .whenCompleteAsync((answer, failure) -> {}, answers);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the broker is closed", closed));
    }
  }
}
