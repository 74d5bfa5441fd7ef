package io.harveymq.broker.queue;

import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks at some messages of a stream without consuming them; once for each object. What is only in
 * the store is read back, so many bytes at a time, and not kept. Owned by the home loop.
 */
public final class StreamLook {
  /** Bytes of messages from which on no more are looked at. */
  static final int MOST_BYTES = 1 << 20;

  private static final int READ_BYTES = 256 << 10;

  /**
   * A message of a stream.
   *
   * @param time when it was published, in milliseconds since the epoch
   */
  public record Seen(long offset, long time, Message message) {}

  /**
   * Some messages, in the order in which they were asked for.
   *
   * @param first the offset of the oldest message that is there; that of the next one when there is
   *     none
   * @param end behind the offsets of all messages that can be seen
   * @param next the offset to go on from; before the first or at the end when nothing is left
   */
  public record Part(long first, long end, long next, List<Seen> seen) {
    /** Whether there is something to go on with. */
    public boolean hasMore() {
      return next >= first && next < end;
    }
  }

  private final StreamQueue queue;
  private final StreamLog log;
  private final HomeLoop home;
  private final List<Seen> seen = new ArrayList<>();
  private long bytes;
  private long next;
  private long to;
  private Consumer<StreamLook> then;

  StreamLook(StreamQueue queue, StreamLog log) {
    this.queue = queue;
    this.log = log;
    this.home = queue.home;
  }

  /**
   * Looks at messages from some place on, or back from it.
   *
   * @param from an offset, where one looks back the first to be looked at; what is not there any
   *     more is passed over
   * @param back from the newer ones to the older
   * @param count how many offsets at most; fewer when the messages are large
   * @param taker gets them, now or in an event of the home loop
   */
  public void at(StreamOffset from, boolean back, int count, Consumer<Part> taker) {
    switch (from.kind()) {
      case FIRST -> at(log.first(), back, count, taker);
      case LAST -> at(log.visible() - 1, back, count, taker);
      case NEXT -> at(log.visible(), back, count, taker);
      case OFFSET -> at(from.value(), back, count, taker);
      case TIMESTAMP -> log.find(from.value(), found -> at(found, back, count, taker));
      case AGO -> log.find(home.timeOfDay() - from.value(), found -> at(found, back, count, taker));
    }
  }

  private void at(long from, boolean back, int count, Consumer<Part> taker) {
    if (back) {
      long end = Math.min(from, log.visible() - 1) + 1;
      backFrom(end, (int) Math.max(1, Math.min(count, MOST_BYTES / averageBytes())), taker);
    } else {
      long begin = Math.max(from, log.first());
      collect(begin, begin + count, done -> taker.accept(part(next)));
    }
  }

  private long averageBytes() {
    return 1 + log.bytes() / Math.max(1, log.next() - log.first());
  }

  /** With fewer of them where these are too large together. */
  private void backFrom(long end, int count, Consumer<Part> taker) {
    long begin = Math.max(log.first(), end - count);
    collect(
        begin,
        end,
        done -> {
          if (next < end && count > 1 && !queue.isDeleted()) {
            backFrom(end, count / 2, taker);
          } else {
            Collections.reverse(seen);
            taker.accept(part(begin - 1));
          }
        });
  }

  private Part part(long goOn) {
    return new Part(log.first(), log.visible(), goOn, List.copyOf(seen));
  }

  private void collect(long begin, long end, Consumer<StreamLook> whenDone) {
    seen.clear();
    bytes = 0;
    next = begin;
    to = end;
    then = whenDone;
    goOn();
  }

  private void goOn() {
    next = Math.max(next, log.first());
    while (next < Math.min(to, log.visible()) && bytes < MOST_BYTES) {
      Message message = log.inMemory(next);
      if (message == null) {
        read();
        return;
      }
      add(next, log.timeInMemory(next), message);
    }
    then.accept(this);
  }

  private void add(long offset, long time, Message message) {
    seen.add(new Seen(offset, time, message));
    bytes += message.size();
    next = offset + 1;
  }

  private void read() {
    long from = next;
    home.memory().add(READ_BYTES);
    log.read(
        from,
        READ_BYTES,
        found -> {
          home.memory().add(-READ_BYTES);
          take(found);
          if (next == from && !queue.isDeleted() && from >= log.first()) {
            next = log.nextSegmentAfter(from);
          }
          goOn();
        });
  }

  private void take(List<StoredMessage> found) {
    long end = Math.min(to, log.visible());
    for (StoredMessage stored : found) {
      if (bytes >= MOST_BYTES) {
        return;
      }
      if (stored.position() >= end) {
        next = end;
        return;
      }
      StoryTaps.readBack(queue, stored.message(), 0, stored.position(), true);
      add(stored.position(), stored.due(), stored.message());
    }
  }
}
