package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.StoredMessage;
import java.nio.ByteBuffer;

/**
 * Appends messages to logs. It holds the last one back until it knows whether the next call shares
 * its body. Store thread.
 */
final class Appender {
  /** A segment whose bodies elsewhere take so many bytes gets no more messages. */
  private static final int EXTERNAL_LIMIT = 256 * 1024;

  private final Segments segments;
  private final Bodies bodies;
  private final RecordFinder finder;

  private SegmentLog log;
  private long position;
  private Message message;
  private long due;
  private boolean survives;

  private Message storedMessage;
  private boolean storedJournaled;
  private BodyRef stored;

  Appender(Segments segments, RecordFinder finder) {
    this.segments = segments;
    this.bodies = segments.bodies();
    this.finder = finder;
  }

  /** See {@link io.harveymq.broker.store.MessageStore#append}. */
  void append(SegmentLog to, long at, Message what, long whatDue, boolean whatSurvives) {
    if (message != null) {
      write(message == what && log.survives() == to.survives());
    }
    log = to;
    position = at;
    message = what;
    due = whatDue;
    survives = whatSurvives;
  }

  /** Writes the message that is held back, if any. */
  void flush() {
    if (message != null) {
      write(false);
    }
  }

  /** Adds a message whose body is in the store already, or fits into its record. */
  void append(SegmentLog to, StoredMessage what, BodyRef ref) {
    flush();
    log = to;
    position = what.position();
    message = what.message();
    due = what.due();
    survives = true;
    write(ref);
    message = null;
  }

  /** Whether a message is held back. */
  boolean isChanged() {
    return message != null;
  }

  /** Nothing is shared across commits. */
  void forget() {
    storedMessage = null;
    stored = null;
  }

  private void write(boolean shared) {
    BodyRef ref = null;
    if (storedMessage == message
        && storedJournaled == log.survives()
        && stored.group().references > 0) {
      ref = stored;
    } else if (Bodies.isLarge(message) || shared && Bodies.isWorthSharing(message)) {
      ref = bodies.store(message, log.survives());
      storedMessage = message;
      storedJournaled = log.survives();
      stored = ref;
    }
    write(ref);
    message = null;
  }

  private void write(BodyRef ref) {
    int length = MessageRecord.length(message, due, ref);
    Segment segment = segmentFor(length);
    int at = segment.used;
    ByteBuffer to = segments.write(segment, at, length);
    MessageRecord.write(
        to,
        new MessageRecord.Head(length, (int) (position - segment.first), due, survives),
        message,
        ref);
    segments.written();
    segments.changes(segment);
    segment.append(position, length, message.body().length);
    segment.appendedIn = segments.commit();
    if (!survives) {
      segment.flags |= Segment.HAS_TRANSIENT;
    }
    if (due > 0) {
      segment.flags |= Segment.HAS_DUE;
    }
    finder.appended(segment, position, at);
    if (ref != null) {
      bodies.refer(segment, ref);
      if (segment.externalBytes >= EXTERNAL_LIMIT) {
        segments.close(segment);
      }
    }
  }

  /** The last segment of the log if the message fits in, or a new one. */
  private Segment segmentFor(int length) {
    Segment last = log.last();
    int least = Extent.blocksFor(length);
    int wanted = least;
    if (last != null && !last.closed) {
      if (last.live == 0
          && last.appendedIn != segments.commit()
          && length <= Extent.bytes(last.extent)) {
        Segment fresh = segments.reuse(last, position);
        log.replaceLast(fresh);
        return fresh;
      }
      if (position - last.first < Segment.SPAN && hasRoom(last, length)) {
        return last;
      }
      // Of what was used: one whose positions are far apart is closed long before it is full.
      int doubled = 2 * Extent.blocksFor(last.used);
      wanted = Math.max(least, Math.min(Extent.SLAB_BLOCKS, doubled));
      segments.close(last);
    }
    Segment segment = segments.create(log, position, wanted, least);
    log.add(segment);
    return segment;
  }

  private boolean hasRoom(Segment segment, int length) {
    int needed = Extent.blocksFor(segment.used + length);
    int blocks = Extent.blocks(segment.extent);
    return needed <= blocks
        || needed <= Extent.SLAB_BLOCKS
            && segments.extend(
                segment, Math.max(needed, Math.min(Extent.SLAB_BLOCKS, 2 * blocks)), needed);
  }
}
