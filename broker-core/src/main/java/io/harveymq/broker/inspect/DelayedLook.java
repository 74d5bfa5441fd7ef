package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.store.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at messages of a delayed exchange in full, in the order in which they are due; once for
 * each object. What is only in the store is read back and not kept. Owned by the home loop.
 */
final class DelayedLook {
  /** Bytes of messages from which on no more are looked at. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int READ_BYTES = 256 << 10;

  private final DelayedMessages all;
  private final long ahead;
  private final int count;
  private final List<DelayedInfo> seen = new ArrayList<>();
  private final CompletableFuture<DelayedInfo.Part> done = new CompletableFuture<>();

  /** What was read back together, by position, of one log. */
  private final Map<Long, Message> readBack = new HashMap<>();

  private QueueLog readFrom;

  /** The position that the last read began with; what else it brought may be of no use. */
  private long readAt;

  private boolean used = true;
  private DelayedMessage next;
  private long bytes;

  /**
   * @param ahead see {@link DelayedInfo#of}
   * @param count how many at most
   */
  DelayedLook(DelayedMessages all, long ahead, int count) {
    this.all = all;
    this.ahead = ahead;
    this.count = count;
  }

  /**
   * Begins, once all is known that the store has from before the start.
   *
   * @param after the place of the one that comes before; null for the first one
   */
  CompletableFuture<DelayedInfo.Part> from(DelayedMessage after) {
    all.whenKnown(
        () -> {
          next = all.after(after);
          goOn();
        });
    return done;
  }

  private void goOn() {
    while (next != null && seen.size() < count && bytes < MOST_BYTES) {
      Message message = next.message();
      if (message == null && next.log() == readFrom) {
        message = readBack.remove(next.position());
        used |= message != null;
      }
      if (message == null) {
        DelayedMessage one = next;
        all.read(one, bytesToRead(one), found -> onRead(one, found));
        return;
      }
      add(message);
    }
    done.complete(new DelayedInfo.Part(seen, next != null));
  }

  /** Only the one where messages came in another order than they are due. */
  private int bytesToRead(DelayedMessage one) {
    boolean inOrder = one.log() == readFrom && one.position() == readAt + 1;
    return used || inOrder ? READ_BYTES : 1;
  }

  /** What has gone meanwhile is left out. */
  private void onRead(DelayedMessage one, List<StoredMessage> found) {
    readFrom = one.log();
    readAt = one.position();
    used = false;
    readBack.clear();
    found.forEach(stored -> readBack.put(stored.position(), stored.message()));
    Message message = one.message() == null ? readBack.remove(one.position()) : one.message();
    if (message != null || all.waits(one)) {
      add(message);
    } else {
      next = all.after(one);
    }
    goOn();
  }

  private void add(Message message) {
    seen.add(DelayedInfo.of(all.id(next), next, message, ahead));
    bytes += message == null ? 0 : message.size();
    next = all.after(next);
  }
}
