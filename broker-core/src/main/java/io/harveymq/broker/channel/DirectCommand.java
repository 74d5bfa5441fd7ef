package io.harveymq.broker.channel;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodWriter;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/**
 * One command of class queue or exchange that is given in this process on behalf of a user, with
 * the same checks and answers as over a channel. It has no connection, so it can't declare
 * exclusive queues. Owned by the home loop.
 */
public final class DirectCommand implements Caller {
  private final VirtualHost vhost;
  private final AccessChecks access;
  private final Settings settings;
  private final DeletedObjects.Cause deletes;
  private final CompletableFuture<Method> answer = new CompletableFuture<>();
  private final QueueNames queueNames = new QueueNames();
  private boolean onlyChecks;
  private LossBound mostLost = LossBound.NONE;

  /**
   * @param access what the user may do in the virtual host
   * @param deletes how what it deletes is said to go
   */
  public DirectCommand(
      VirtualHost vhost, AccessChecks access, Settings settings, DeletedObjects.Cause deletes) {
    this.settings = settings;
    this.deletes = deletes;
    this.vhost = vhost;
    this.access = access;
  }

  /**
   * Carries out a method; once for each object.
   *
   * @param method a synchronous one of class queue or exchange, not passive, without no-wait
   * @return the answer, once what it tells is stored; or the {@link AmqpException} that refuses it.
   *     Completed on the home loop
   */
  public CompletableFuture<Method> carryOut(Method method) {
    execute(method);
    return answer;
  }

  /** Has purge and delete refused with 406 if more would go. */
  public DirectCommand losingAtMost(LossBound most) {
    mostLost = most;
    return this;
  }

  /**
   * Finds out whether a declaration would be refused; nothing is made.
   *
   * @return completed with some answer, or exceptionally with the {@link AmqpException}
   */
  public CompletableFuture<Method> check(Method declaration) {
    onlyChecks = true;
    return carryOut(declaration);
  }

  /** The arguments that a queue would be declared with: the default type is among them. */
  public FieldTable argumentsOf(QueueMethod.Declare declaration) {
    return VhostRules.withDefaultType(this, declaration);
  }

  @Override
  public LossBound mostLost() {
    return mostLost;
  }

  @Override
  public boolean onlyChecks() {
    return onlyChecks;
  }

  private void execute(Method method) {
    try {
      if (method instanceof QueueMethod.Declare declare && declare.exclusive()) {
        throw new ChannelException(
            ReplyCode.NOT_IMPLEMENTED,
            "exclusive queues belong to a connection, and there is none");
      }
      requireShortNames(method);
      if (method instanceof QueueMethod queue) {
        QueueMethods.handle(this, queue);
      } else if (method instanceof ExchangeMethod exchange) {
        ExchangeMethods.handle(this, exchange);
      } else {
        throw AmqpChannel.unimplemented();
      }
    } catch (AccessPending pending) {
      pending.whenKnown(() -> execute(method));
    } catch (RuntimeException refusal) {
      answer.completeExceptionally(refusal);
    }
  }

  /** Who does not speak AMQP may use names that no client could ever be told of. */
  private static void requireShortNames(Method method) {
    try {
      MethodWriter.write(method, Unpooled.buffer());
    } catch (IllegalArgumentException tooLong) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          method.protocolName() + ": names and routing keys may have 255 bytes at most");
    }
  }

  @Override
  public VirtualHost vhost() {
    return vhost;
  }

  @Override
  public AccessChecks access() {
    return access;
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public Object owner() {
    return null;
  }

  @Override
  public DeletedObjects.Cause deletes() {
    return deletes;
  }

  @Override
  public void owns(AmqpQueue queue) {
    throw new IllegalStateException("nobody can own " + queue.name());
  }

  @Override
  public void send(Method sent) {
    answer.complete(sent);
  }

  @Override
  public boolean waitsFor(AmqpQueue queue, Method method) {
    if (!queue.isHeld()) {
      return false;
    }
    queue.waiters().whenReleased(() -> execute(method));
    return true;
  }

  @Override
  public void replyWhenStored(boolean isStored, Runnable reply) {
    HomeStore store = vhost.home().store();
    if (isStored && store != null && store.hasUnstoredDefinitions()) {
      store.whenCommitted(reply);
    } else {
      reply.run();
    }
  }

  @Override
  public QueueNames queueNames() {
    return queueNames;
  }
}
