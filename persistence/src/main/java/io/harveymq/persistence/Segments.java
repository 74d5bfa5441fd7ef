package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes and frees segments, and writes their entries when a commit is made. Store thread. */
final class Segments {
  /** An empty one of so many blocks stays for the messages to come; larger ones go. */
  private static final int KEPT_BLOCKS = 16;

  /** Segments cut out of their logs that are freed in one commit. */
  private static final int FREED_AT_ONCE = 4_096;

  private final Slabs slabs;
  private final Directory directory;
  private final Bodies bodies;
  private final ByteBuffer scratch = ByteBuffer.allocate(Extent.LARGEST);
  private final List<Segment> dirty = new ArrayList<>();
  private final DroppedSegments dropped;
  private long commit = 1;
  private int count;

  Segments(Slabs slabs, Directory directory, Bodies bodies) {
    this.slabs = slabs;
    this.directory = directory;
    this.bodies = bodies;
    this.dropped = new DroppedSegments(directory);
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

  /** Those that are in no log any more and wait for being freed. */
  DroppedSegments dropped() {
    return dropped;
  }

  /** One was found at a start. */
  void found() {
    count++;
  }

  /** Makes an empty one; the caller puts it into its log. */
  Segment create(SegmentLog log, long first, int wanted, int least) {
    int entry = log.survives() ? directory.take() : -1;
    return create(log, first, entry, slabs.allocate(wanted, least));
  }

  /** The same of space that nobody was promised; null when there is none. */
  Segment tryCreate(SegmentLog log, long first, int blocks) {
    int entry = log.survives() ? directory.tryTake() : -1;
    if (log.survives() && entry < 0) {
      return null;
    }
    long extent = slabs.tryAllocate(blocks);
    if (extent == 0) {
      if (entry >= 0) {
        directory.untake(entry);
      }
      return null;
    }
    return create(log, first, entry, extent);
  }

  private Segment create(SegmentLog log, long first, int entry, long extent) {
    Segment segment = new Segment(log, entry, first, extent);
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

  /** Frees one in whose place another one was made, in the same commit as that. */
  void freeReplaced(Segment segment) {
    free(segment);
    directory.writeFreed(Integer.MAX_VALUE);
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

  /**
   * Begins to write what has changed in the directory: what the new places of messages depend on.
   * The rest may go into commits of its own.
   *
   * @param referredTo see {@link DroppedSegments#work}
   */
  void beginEntries(Predicate<SegmentLog> referredTo) {
    dropped.work(this, FREED_AT_ONCE, referredTo);
    for (int i = 0; i < dirty.size(); i++) {
      Segment segment = dirty.get(i);
      if (!segment.gone
          && segment.live == 0
          && Extent.blocks(segment.extent) > KEPT_BLOCKS
          && segment.log.last() == segment) {
        segment.log.remove(segment);
        free(segment);
      }
      if (!segment.gone && segment.appendedIn == commit) {
        segment.write(directory);
      }
    }
    dirty.removeIf(segment -> segment.gone || !segment.isDirty());
  }

  /** Entries that {@link #writeEntries} has to write still, at most. */
  int unwritten() {
    return dirty.size() + directory.unwritten();
  }

  /** Writes so many entries at most, those of segments before those that became free. */
  void writeEntries(int most) {
    int left = most;
    while (left > 0 && !dirty.isEmpty()) {
      Segment segment = dirty.remove(dirty.size() - 1);
      if (!segment.gone && segment.isDirty()) {
        segment.write(directory);
        left--;
      }
    }
    directory.writeFreed(left);
  }

  /** Whether entries wait to be written. */
  boolean isChanged() {
    return !dirty.isEmpty() || directory.unwritten() > 0;
  }

  void committed() {
    commit++;
  }
}
