package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes and frees segments, and writes their entries when a commit is made. Store thread. */
final class Segments {
  /** An empty one of so many blocks stays for the messages to come; larger ones go. */
  private static final int KEPT_BLOCKS = 16;

  /** Segments of removed logs that are freed in one commit. */
  private static final int FREED_AT_ONCE = 4_096;

  private final Slabs slabs;
  private final Directory directory;
  private final Bodies bodies;
  private final ByteBuffer scratch = ByteBuffer.allocate(Extent.LARGEST);
  private final List<Segment> dirty = new ArrayList<>();
  private final Deque<Segment> removed = new ArrayDeque<>();
  private long commit = 1;
  private int count;

  Segments(Slabs slabs, Directory directory, Bodies bodies) {
    this.slabs = slabs;
    this.directory = directory;
    this.bodies = bodies;
  }

  Bodies bodies() {
    return bodies;
  }

  /** The number of the commit that is open, counted from the start. */
  long commit() {
    return commit;
  }

  /** Segments that there are. */
  int count() {
    return count;
  }

  /** Segments of removed logs that wait for being freed. */
  Iterable<Segment> removed() {
    return removed;
  }

  /** One was found at a start. */
  void found() {
    count++;
  }

  /** Makes an empty one; the caller puts it into its log. */
  Segment create(SegmentLog log, long first, int wanted, int least) {
    int entry = log.survives() ? directory.take() : -1;
    Segment segment = new Segment(log, entry, first, slabs.allocate(wanted, least));
    segment.markAllDirty();
    dirty.add(segment);
    count++;
    return segment;
  }

  /** Puts an empty segment with the same extent in the place of one without live messages. */
  Segment reuse(Segment empty, long first) {
    bodies.releaseAll(empty);
    empty.gone = true;
    Segment fresh = empty.reused(first);
    dirty.add(fresh);
    return fresh;
  }

  /** To be called before it is changed. */
  void changes(Segment segment) {
    if (!segment.isDirty()) {
      segment.headerDirty();
      dirty.add(segment);
    }
  }

  /** Nothing more is appended to it; blocks that it doesn't need become free. */
  void close(Segment segment) {
    changes(segment);
    segment.closed = true;
    int blocks = Math.max(1, Extent.blocksFor(segment.used));
    segment.extent = slabs.trim(segment.extent, blocks);
    if (segment.live == 0) {
      segment.log.remove(segment);
      free(segment);
    }
  }

  /** To be called when messages were taken out of one. */
  void wentDown(Segment segment) {
    if (segment.live == 0 && segment.closed) {
      segment.log.remove(segment);
      free(segment);
    }
  }

  /** Frees one that is in no log any more. */
  void free(Segment segment) {
    segment.gone = true;
    count--;
    bodies.releaseAll(segment);
    slabs.free(segment.extent);
    if (segment.survives()) {
      directory.free(segment.entry);
    }
  }

  /** Frees all segments of a log, when there are many, in the commits to come. */
  void freeAll(SegmentLog log) {
    removed.addAll(log.segments());
    log.segments().clear();
  }

  /** Reads the records of one: a buffer that is good until the next call. */
  ByteBuffer read(Segment segment) {
    slabs.read(segment.extent, 0, scratch.clear().limit(segment.used));
    return scratch.flip();
  }

  /** Begins to write into its extent. */
  ByteBuffer write(Segment segment, int at, int length) {
    return slabs.write(segment.extent, at, length, segment.survives());
  }

  void written() {
    slabs.written();
  }

  /** Makes its extent longer; false when there is no room behind it. */
  boolean extend(Segment segment, int wanted, int least) {
    long longer = slabs.extend(segment.extent, wanted, least);
    if (longer != 0) {
      segment.extent = longer;
    }
    return longer != 0;
  }

  /** Writes all entries that have changed; before a commit. */
  void writeEntries() {
    for (int i = 0; i < FREED_AT_ONCE && !removed.isEmpty(); i++) {
      Segment segment = removed.poll();
      if (!segment.gone) {
        free(segment);
      }
    }
    for (int i = 0; i < dirty.size(); i++) {
      Segment segment = dirty.get(i);
      if (!segment.gone
          && segment.live == 0
          && Extent.blocks(segment.extent) > KEPT_BLOCKS
          && segment.log.last() == segment) {
        segment.log.remove(segment);
        free(segment);
      }
      if (!segment.gone) {
        segment.write(directory);
      }
    }
    dirty.clear();
  }

  /** Whether entries wait to be written. */
  boolean isChanged() {
    return !dirty.isEmpty();
  }

  void committed() {
    commit++;
  }
}
