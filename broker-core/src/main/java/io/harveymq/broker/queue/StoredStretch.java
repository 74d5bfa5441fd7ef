package io.harveymq.broker.queue;

import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.story.StoryTaps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The messages of one priority that were in the store only when somebody began to look into a
 * queue: they are read from there, a part at a time, and stay there unless they are taken. Owned by
 * the home loop, but for what it says of itself, which any thread may ask.
 */
public final class StoredStretch {
  private final MessageQueue queue;
  private final Lane lane;
  private final Backlog backlog;
  private final int level;
  private final long from;
  private final long to;
  private final int count;

  private StoredStretch(MessageQueue queue, Lane lane) {
    this.queue = queue;
    this.lane = lane;
    this.backlog = lane.backlog();
    this.level = lane.level();
    this.from = backlog.nextPosition();
    this.to = lane.nextPosition();
    this.count = backlog.count();
  }

  /** Those of a queue that have messages, the highest priority first. */
  public static List<StoredStretch> of(MessageQueue queue) {
    List<StoredStretch> all = new ArrayList<>(1);
    queue
        .lanes()
        .forEach(
            lane -> {
              if (lane.backlog().count() > 0) {
                all.add(new StoredStretch(queue, lane));
              }
            });
    return all;
  }

  /** Whose messages they are. */
  public AmqpQueue queue() {
    return queue;
  }

  /** The level of its priority. */
  public int level() {
    return level;
  }

  /** The place of the first message, or one before it. */
  public long from() {
    return from;
  }

  /** Behind the place of the last message. */
  public long to() {
    return to;
  }

  /** How many messages there were. */
  public int count() {
    return count;
  }

  /**
   * Reads some, whatever has become of them meanwhile.
   *
   * @param begin the lowest place that counts
   * @param skip so many from there on are passed over
   * @param bytes how many, roughly; at least one message is read
   * @param then gets them in an event of the home loop, with others that came later; empty when
   *     there are none, or, on a full disk, they are not stored yet
   */
  public void read(long begin, long skip, int bytes, Consumer<List<StoredMessage>> then) {
    backlog.look(begin, skip, bytes, then);
  }

  /**
   * Asks how many are before a place.
   *
   * @param then gets it in an event of the home loop
   */
  public void countBefore(long place, Consumer<Long> then) {
    backlog.countStored(from, place, then);
  }

  /** A message that was read, as somebody who looks sees it. */
  public Waiting seen(StoredMessage read) {
    StoryTaps.readBack(queue, read.message(), level, read.position(), true);
    return new Waiting(level, read.position(), read.message(), backlog.entry(read));
  }

  /** What is read from now on may be taken, until {@link #readEnds} is said. */
  public void mayTake() {
    backlog.mayTake();
  }

  /** Nothing that was read is taken any more. */
  public void readEnds() {
    backlog.readEnds();
  }

  /** Whether a message that was read waits, and in the store only. */
  public boolean has(Waiting seen) {
    return !queue.isDeleted() && backlog.has(seen.position());
  }

  /** Takes one that it {@link #has}, to be acknowledged. */
  public QueueEntry take(Waiting seen) {
    StoryTaps.readBack(queue, seen.message(), level, seen.position(), false);
    return queue.taken(lane.takeStored(seen.entry()));
  }
}
