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
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Takes chosen messages out of a delayed exchange, in this process on behalf of a user: deletes
 * them, which needs the right to read from it, or lets them go before their time, which needs that
 * to write to it. Works in slices. Owned by the home loop.
 */
public final class DirectDelayed {
  /** Messages, or ids of messages that are gone, dealt with in a turn. */
  private static final int PER_TURN = 256;

  /** Bytes of the store that are read at a time. */
  private static final int READ_BYTES = 256 << 10;

  private static final String NOT_STORED = "it is not stored yet, the disk is full";

  /**
   * Which messages.
   *
   * @param ids as {@link DelayedMessages#id} has them; null for all that wait now
   * @param until of all, those that had come by then, as {@link DelayedMessages#until} tells it;
   *     null for no end
   * @param most with more messages, or ids, nothing is done, and it is refused with 406
   */
  public record Selection(String exchange, Set<String> ids, String until, LossBound most) {}

  private final VirtualHost vhost;
  private final AccessChecks access;
  private final CompletableFuture<DirectRemoval.Outcome> whole = new CompletableFuture<>();
  private Selection selection;
  private AccessRight right;

  /** Null before the first slice. */
  private DelayedMessages messages;

  /** Ids that are still to be dealt with; null for all messages. */
  private Iterator<String> ids;

  /** Of all, the last one that was dealt with, and the position from which on none is. */
  private DelayedMessage cursor;

  private long end;

  /** What was read back together, by position, of one log. */
  private final Map<Long, Message> readBack = new HashMap<>();

  private QueueLog readFrom;
  private int done;
  private int gone;

  /** Those that stay, counted by the reason. */
  private final Map<String, Integer> failed = new TreeMap<>();

  /**
   * @param access what the user may do in the virtual host
   */
  public DirectDelayed(VirtualHost vhost, AccessChecks access) {
    this.vhost = vhost;
    this.access = access;
  }

  /** Deletes messages; once for each object. Completed exceptionally when the user may not. */
  public CompletableFuture<DirectRemoval.Outcome> delete(Selection which) {
    return begin(which, AccessRight.READ);
  }

  /** Lets messages go; once for each object. Completed exceptionally when the user may not. */
  public CompletableFuture<DirectRemoval.Outcome> letGo(Selection which) {
    return begin(which, AccessRight.WRITE);
  }

  private CompletableFuture<DirectRemoval.Outcome> begin(Selection which, AccessRight needed) {
    selection = which;
    right = needed;
    slice();
    return whole;
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

  private void slice() {
    try {
      access.checkExchange(right, selection.exchange());
      if (messages == null) {
        DelayedMessages found = messagesOf(vhost, selection.exchange());
        found.whenKnown(() -> first(found));
      } else {
        deal();
      }
    } catch (AccessPending pending) {
      pending.whenKnown(this::slice);
    } catch (RuntimeException refusal) {
      whole.completeExceptionally(refusal);
    }
  }

  private void first(DelayedMessages found) {
    try {
      checkLoss(found);
      messages = found;
      end = selection.until() == null ? found.end() : found.endOf(selection.until());
      ids = selection.ids() == null ? null : selection.ids().iterator();
      deal();
    } catch (RuntimeException refusal) {
      whole.completeExceptionally(refusal);
    }
  }

  private void checkLoss(DelayedMessages found) {
    String refusal =
        selection
            .most()
            .refusal(
                () -> ResourceName.exchange(vhost.name(), selection.exchange()),
                () ->
                    Map.of(
                        LossBound.Kind.MESSAGES,
                        (long) (selection.ids() == null ? found.count() : selection.ids().size())));
    if (refusal != null) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, refusal);
    }
  }

  private void deal() {
    for (int i = 0; i < PER_TURN && !vhost.home().hasRoutedEnough(); i++) {
      if (ids == null) {
        cursor = messages.after(cursor);
        if (cursor == null) {
          complete();
          return;
        }
        if (cursor.position() < end && !deal(cursor)) {
          return;
        }
      } else {
        if (!ids.hasNext()) {
          complete();
          return;
        }
        DelayedMessage one = messages.byId(ids.next());
        if (one == null) {
          gone++;
        } else if (!deal(one)) {
          return;
        }
      }
    }
    vhost.home().execute(this::slice);
  }

  private void complete() {
    whole.complete(new DirectRemoval.Outcome(done, failed, gone));
  }

  /** Whether to go on at once; else it goes on when the message has been read back. */
  private boolean deal(DelayedMessage one) {
    Message content = one.message();
    if (right == AccessRight.READ) {
      if (content != null) {
        StoryTaps.happened(vhost, content, StoryEvent.DELETED, null);
      }
      done += messages.cancel(one) ? 1 : 0;
      return true;
    }
    if (content == null && one.log() == readFrom) {
      content = readBack.remove(one.position());
    }
    if (content == null) {
      messages.read(one, READ_BYTES, found -> onRead(one, found));
      return false;
    }
    letGo(one, content);
    return true;
  }

  private void letGo(DelayedMessage one, Message content) {
    String refusal = messages.letGo(one, content);
    if (refusal == null) {
      done++;
    } else {
      failed.merge(refusal, 1, Integer::sum);
    }
  }

  private void onRead(DelayedMessage one, List<StoredMessage> found) {
    readFrom = one.log();
    readBack.clear();
    found.forEach(stored -> readBack.put(stored.position(), stored.message()));
    Message content = readBack.remove(one.position());
    try {
      if (!messages.waits(one)) {
        gone++;
      } else if (one.message() == null && content == null) {
        failed.merge(NOT_STORED, 1, Integer::sum);
      } else {
        letGo(one, one.message() == null ? content : one.message());
      }
    } catch (RuntimeException fault) {
      whole.completeExceptionally(fault);
      return;
    }
    vhost.home().execute(this::slice);
  }
}
