package io.harveymq.broker.queue;

import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What a stream holds: its segments, of which the oldest go when they are too many or too old, and
 * the messages at its end that are in memory. A message can be seen once it is safe, so that an
 * offset never means two messages. Owned by the home loop.
 *
 * <p>In the store each segment is a log: the first has the number after the stream's own, and so
 * on. So the store knows of itself where each begins and ends, and drops one at once. The time of a
 * message is where other queues have its due time.
 */
final class StreamLog {
  /** Bytes at the end that are kept in memory for consumers that are not far behind. */
  private static final int LEAST_IN_MEMORY = 64 << 10;

  private static final long TAIL_BYTES = 1 << 20;

  private static final int AT_ONCE = 1_024;

  /** Segments of which the store is told in one turn; each counts as so many units of bulk work. */
  private static final int REMOVED_AT_ONCE = 256;

  private static final int REMOVAL_UNITS = 16;

  /** Messages that were added in one gathering batch of the store, all up to an offset. */
  private static final class Batch {
    long end;
  }

  private final HomeLoop home;
  private final long number;
  private final Runnable whenVisible;
  private final List<StreamSegment> segments = new ArrayList<>(1);
  private final StreamTail tail;

  /** Segments that are forgotten here, but not yet in the store. */
  private final ArrayDeque<StreamSegment> leaving = new ArrayDeque<>(0);

  private StreamSettings settings;
  private long nextNumber;
  private long next;
  private long visible;
  private long bytes;
  private long lastTime;
  private boolean keepsTail;
  private boolean asking;
  private boolean telling;
  private boolean removed;
  private Batch gathered;
  private long gatheredIn;

  /**
   * An empty one.
   *
   * @param number in the store, with {@link io.harveymq.broker.store.Definition#logNumbers} behind
   *     it; 0 when nothing is stored, and all is in memory
   * @param settings to begin with
   * @param whenVisible told, in an event of its own, when more messages can be seen
   */
  StreamLog(HomeLoop home, long number, StreamSettings settings, Runnable whenVisible) {
    this.home = home;
    this.number = number;
    this.settings = settings;
    this.whenVisible = whenVisible;
    this.nextNumber = number + 1;
    this.tail = new StreamTail(home.memory());
    this.keepsTail = number == 0;
  }

  /**
   * Takes up what was found in the store.
   *
   * @param found its logs, by number, and no others
   */
  void recover(NavigableMap<Long, MessageStore.Log> found) {
    for (MessageStore.Log log : found.values()) {
      if (log.messages() > 0) {
        StreamSegment segment =
            new StreamSegment(log.firstPosition(), home.store().log(log.number()));
        segment.next = log.nextPosition();
        segment.bytes = log.bytes() + (long) StreamSegment.OVERHEAD * log.messages();
        segments.add(segment);
        bytes += segment.bytes;
        next = segment.next;
        nextNumber = log.number() + 1;
      }
    }
    visible = next;
    tail.startAt(next);
  }

  /** Its number in the store; 0 when nothing is stored. */
  long number() {
    return number;
  }

  /** The offset of the oldest message; that of the next one when there is none. */
  long first() {
    return segments.isEmpty() ? next : segments.get(0).first;
  }

  /** The offset that the next message gets. */
  long next() {
    return next;
  }

  /** Messages with lower offsets can be seen. */
  long visible() {
    return visible;
  }

  /** Bytes of all messages, as they count for retention. */
  long bytes() {
    return bytes;
  }

  // ---- messages come

  /** Adds a message at the end. */
  void append(Message message) {
    lastTime = Math.max(Math.max(lastTime, 1), home.timeOfDay());
    boolean roll = segments.isEmpty() || last().bytes >= segmentBytes();
    if (roll) {
      segments.add(new StreamSegment(next, number == 0 ? null : home.store().log(nextNumber++)));
    }
    StreamSegment segment = last();
    long before = segment.bytes;
    segment.add(message, lastTime);
    bytes += segment.bytes - before;
    if (keepsTail) {
      tail.add(message, lastTime);
    }
    next++;
    if (!keepsTail) {
      tail.startAt(next);
    }
    if (number == 0) {
      visible = next;
      tellLater();
    } else {
      segment.log.append(next - 1, message, lastTime, true);
      awaitCommit();
      shortenTail(tail.first());
    }
    if (roll) {
      retain();
    }
  }

  /** Once for all that come in a turn, as the store tells once for all in a batch. */
  private void tellLater() {
    if (!telling) {
      telling = true;
      home.execute(
          () -> {
            telling = false;
            whenVisible.run();
          });
    }
  }

  /** Without a store, segments are small enough for retention to keep the stream to its limit. */
  private long segmentBytes() {
    Long most = settings.maxLengthBytes();
    return number == 0 && most != null
        ? Math.min(settings.segmentBytes(), Math.max(LEAST_IN_MEMORY, most / 4))
        : settings.segmentBytes();
  }

  private StreamSegment last() {
    return segments.get(segments.size() - 1);
  }

  private void awaitCommit() {
    HomeStore store = home.store();
    if (gathered == null || gatheredIn != store.batchNumber()) {
      Batch batch = new Batch();
      store.whenCommitted(() -> committed(batch.end));
      gathered = batch;
      gatheredIn = store.batchNumber();
    }
    gathered.end = next;
  }

  private void committed(long end) {
    if (end > visible) {
      visible = end;
      whenVisible.run();
    }
  }

  // ---- messages are read

  /**
   * Keeps messages at the end in memory from now on, or no more; without a store it always does.
   */
  void keepTail(boolean keep) {
    if (number != 0 && keep != keepsTail) {
      keepsTail = keep;
      tail.dropBelow(next, Integer.MAX_VALUE);
    }
  }

  /**
   * Forgets messages in memory that nobody reads from there.
   *
   * @param unread the offset that the hindmost reader of them comes to next
   */
  void shortenTail(long unread) {
    if (number != 0) {
      tail.dropBelow(Math.min(unread, visible), AT_ONCE);
      long most = Math.min(TAIL_BYTES, home.memory().queueWindow());
      while (tail.bytes() > most && tail.first() < visible) {
        tail.dropBelow(visible, 1);
      }
    }
  }

  /** The message with this offset if it is in memory, else null. */
  Message inMemory(long offset) {
    return tail.message(offset);
  }

  /** When the message with this offset was published, if it is in memory, else 0. */
  long timeInMemory(long offset) {
    return tail.time(offset);
  }

  /** From there on messages are in memory. */
  long tailFirst() {
    return tail.first();
  }

  /**
   * Reads messages back from the store.
   *
   * @param offset of the first; it can be seen and is not in memory
   * @param maxBytes of bodies and properties, roughly
   * @param then gets them; none if they have gone meanwhile
   */
  void read(long offset, int maxBytes, Consumer<List<StoredMessage>> then) {
    segments.get(indexOf(offset)).log.read(offset, maxBytes, then);
  }

  /** The lowest offset behind one that could not be read; there is a gap then. */
  long nextSegmentAfter(long offset) {
    int index = indexOf(offset) + 1;
    return index < segments.size() ? segments.get(index).first : next;
  }

  private int indexOf(long offset) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (segments.get(middle).first <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Finds the first message that was published at some time or later, by bisection.
   *
   * @param time in milliseconds since the epoch
   * @param then gets its offset, that of the next message if there is none; now or later
   */
  void find(long time, LongConsumer then) {
    find(time, first(), visible, then);
  }

  private void find(long time, long from, long to, LongConsumer then) {
    long low = from;
    long high = to;
    while (low < high) {
      long middle = low + high >>> 1;
      long there = tail.time(middle);
      if (there == 0 && middle >= first()) {
        long before = low;
        long behind = high;
        read(
            middle,
            1,
            found -> {
              boolean late = !found.isEmpty() && found.get(0).due() >= time;
              find(time, late ? before : middle + 1, late ? middle : behind, then);
            });
        return;
      }
      if (there >= time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    then.accept(low);
  }

  // ---- messages go

  /** Lives by these settings from now on. */
  void apply(StreamSettings newSettings) {
    settings = newSettings;
    retain();
  }

  /**
   * Drops segments that are too old or behind too many bytes, never the last one
   * (osiris_log:evaluate_retention). Done when a segment begins and when settings change.
   */
  private void retain() {
    if (settings.maxLengthBytes() != null) {
      int count = 0;
      long left = bytes;
      while (left > settings.maxLengthBytes() && count < segments.size() - 1) {
        left -= segments.get(count++).bytes;
      }
      dropFirst(count);
    }
    if (settings.maxAgeMillis() != null) {
      dropOld();
    }
  }

  private void dropOld() {
    long limit = home.timeOfDay() - settings.maxAgeMillis();
    while (segments.size() > 1 && !asking) {
      StreamSegment oldest = segments.get(0);
      if (oldest.lastTime == 0) {
        askForTime(oldest);
        return;
      }
      if (oldest.lastTime >= limit) {
        return;
      }
      dropFirst(1);
    }
  }

  /** Of segments that were there at the start, the store has to say when they ended. */
  private void askForTime(StreamSegment segment) {
    asking = true;
    segment.log.read(
        segment.next - 1,
        1,
        found -> {
          asking = false;
          segment.lastTime = found.isEmpty() ? home.timeOfDay() : Math.max(1, found.get(0).due());
          if (!removed) {
            retain();
          }
        });
  }

  private void dropFirst(int count) {
    if (count <= 0) {
      return;
    }
    List<StreamSegment> dropped = segments.subList(0, count);
    for (StreamSegment segment : dropped) {
      bytes -= segment.bytes;
    }
    removeFromStore(dropped);
    dropped.clear();
    dropFromMemory(first());
  }

  private void removeFromStore(List<StreamSegment> gone) {
    if (number != 0) {
      boolean started = !leaving.isEmpty();
      leaving.addAll(gone);
      if (!started && !removeNext(REMOVED_AT_ONCE * REMOVAL_UNITS)) {
        home.startBulk(this::removeNext);
      }
    }
  }

  private boolean removeNext(int units) {
    for (int i = 0; i < units && !leaving.isEmpty(); i += REMOVAL_UNITS) {
      remove(leaving.poll());
    }
    return leaving.isEmpty();
  }

  /**
   * On a full disk old segments make room, but not the last that is safe: a crash would have
   * offsets used again that were seen.
   */
  private void remove(StreamSegment segment) {
    if (!removed && segment.next < visible) {
      segment.log.removeAtOnce();
    } else {
      segment.log.remove();
    }
  }

  /** All that is read by then is dropped in one go, the rest over the coming turns. */
  private void dropFromMemory(long below) {
    if (!tail.dropBelow(below, AT_ONCE)) {
      home.startBulk(units -> tail.dropBelow(below, units));
    }
  }

  /** The stream is gone. */
  void remove() {
    removed = true;
    removeFromStore(segments);
    segments.clear();
    bytes = 0;
    visible = next;
    dropFromMemory(next);
  }
}
