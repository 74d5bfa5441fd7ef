package io.harveymq.broker.channel;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.exchange.DelayedExchange;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Takes chosen messages out of a delayed exchange, in this process on behalf of a user: deletes
 * them, which needs the right to read from it, or lets them go before their time, which needs that
 * to write to it. Works in slices. Owned by the home loop.
 */
public final class DirectDelayed {
  /** Messages dealt with in a turn. */
  private static final int PER_TURN = 256;

  /**
   * Which messages.
   *
   * @param ids as {@link DelayedMessage} has them; null for all that wait now
   * @param most with more messages nothing is done, and it is refused with 406
   */
  public record Selection(String exchange, Set<String> ids, LossBound most) {}

  private final VirtualHost vhost;
  private final AccessChecks access;
  private final CompletableFuture<DirectRemoval.Outcome> whole = new CompletableFuture<>();
  private Selection selection;
  private boolean deletes;
  private DelayedMessages messages;

  /** The next one; null at the end. Ids of messages that are gone are counted and passed over. */
  private Supplier<DelayedMessage> next;

  private DelayedMessage cursor;
  private int done;
  private int gone;

  /**
   * @param access what the user may do in the virtual host
   */
  public DirectDelayed(VirtualHost vhost, AccessChecks access) {
    this.vhost = vhost;
    this.access = access;
  }

  /** Deletes messages; once for each object. Completed exceptionally when the user may not. */
  public CompletableFuture<DirectRemoval.Outcome> delete(Selection which) {
    deletes = true;
    begin(which, AccessRight.READ);
    return whole;
  }

  /** Lets messages go; once for each object. Completed exceptionally when the user may not. */
  public CompletableFuture<DirectRemoval.Outcome> letGo(Selection which) {
    begin(which, AccessRight.WRITE);
    return whole;
  }

  private void begin(Selection which, AccessRight right) {
    try {
      access.checkExchange(right, which.exchange());
      selection = which;
      messages = messagesOf(vhost, which.exchange());
      checkLoss();
      next = which.ids() == null ? all() : chosen(which.ids().iterator());
      slice();
    } catch (AccessPending pending) {
      pending.whenKnown(() -> begin(which, right));
    } catch (RuntimeException refusal) {
      whole.completeExceptionally(refusal);
    }
  }

  /**
   * The messages that wait in a delayed exchange.
   *
   * @throws ChannelException 404 when there is no such exchange, 406 when it is another one
   */
  public static DelayedMessages messagesOf(VirtualHost vhost, String name) {
    Exchange exchange = vhost.exchange(name);
    if (exchange instanceof DelayedExchange delayed) {
      return delayed.messages();
    }
    throw new ChannelException(
        ReplyCode.PRECONDITION_FAILED,
        ResourceName.exchange(vhost.name(), name)
            + " is of type "
            + exchange.definition().type().protocolName()
            + ", no message waits in it");
  }

  private void checkLoss() {
    long chosen =
        selection.ids() == null
            ? messages.count()
            : selection.ids().stream().filter(id -> messages.byId(id) != null).count();
    String refusal =
        selection
            .most()
            .refusal(
                () -> ResourceName.exchange(vhost.name(), selection.exchange()),
                () -> Map.of(LossBound.Kind.MESSAGES, chosen));
    if (refusal != null) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, refusal);
    }
  }

  /** Those that wait now: what comes later is not dealt with. */
  private Supplier<DelayedMessage> all() {
    long end = messages.endPosition();
    return () -> {
      do {
        cursor = messages.after(cursor);
      } while (cursor != null && cursor.position() >= end);
      return cursor;
    };
  }

  private Supplier<DelayedMessage> chosen(Iterator<String> ids) {
    return () -> {
      while (ids.hasNext()) {
        DelayedMessage one = messages.byId(ids.next());
        if (one != null) {
          return one;
        }
        gone++;
      }
      return null;
    };
  }

  private void slice() {
    for (int i = 0; i < PER_TURN && !vhost.home().hasRoutedEnough(); i++) {
      DelayedMessage one = next.get();
      if (one == null) {
        whole.complete(new DirectRemoval.Outcome(done, Map.of(), gone));
        return;
      }
      if (deletes) {
        delete(one);
      } else if (!letGo(one)) {
        return;
      }
    }
    vhost.home().execute(this::slice);
  }

  private void delete(DelayedMessage one) {
    Message message = one.message();
    if (message != null) {
      StoryTaps.happened(vhost, message, StoryEvent.DELETED, null);
    }
    done += messages.cancel(one) ? 1 : 0;
  }

  /** Whether to go on at once; else it goes on when the message has been read back. */
  private boolean letGo(DelayedMessage one) {
    boolean here = one.message() != null;
    messages.letGo(
        one,
        went -> {
          if (went) {
            done++;
          } else {
            gone++;
          }
          if (!here) {
            slice();
          }
        });
    return here;
  }
}
