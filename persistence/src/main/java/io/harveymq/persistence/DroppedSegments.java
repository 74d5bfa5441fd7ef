package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Segments that were cut out of their logs many at a time and wait for being freed, a part at each
 * commit. Meanwhile an entry of the directory says which positions are gone, so that a crash does
 * not bring them back; a log that nobody refers to needs none. Store thread.
 */
final class DroppedSegments {
  /** So many segments of one log are freed without delay rather than with an entry. */
  static final int FEW = 64;

  private static final int LOG_AT = 8;
  private static final int FROM_AT = 16;
  private static final int TO_AT = 24;
  private static final int LENGTH = 32;

  /** What an entry says: positions of a log from one up to another, not included, are gone. */
  record Note(long log, long from, long to, int entry) {
    /** Reads an entry that begins there in the buffer. */
    static Note read(ByteBuffer bytes, int at, int entry) {
      return new Note(
          bytes.getLong(at + LOG_AT),
          bytes.getLong(at + FROM_AT),
          bytes.getLong(at + TO_AT),
          entry);
    }
  }

  /** Segments in a row; the log only as long as it may turn out that its queue stays. */
  private static final class Range {
    final Deque<Segment> segments;
    int entry;
    SegmentLog removed;

    Range(List<Segment> segments, int entry, SegmentLog removed) {
      this.segments = new ArrayDeque<>(segments);
      this.entry = entry;
      this.removed = removed;
      segments.forEach(segment -> segment.gone = true);
    }
  }

  private final Directory directory;
  private final Deque<Range> ranges = new ArrayDeque<>();
  private final List<Range> ofRemovedLogs = new ArrayList<>();

  DroppedSegments(Directory directory) {
    this.directory = directory;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** All that wait. */
  List<Segment> segments() {
    List<Segment> all = new ArrayList<>();
    ranges.forEach(range -> all.addAll(range.segments));
    return all;
  }

  /** Entries of the directory that it has itself. */
  int entries() {
    return (int) ranges.stream().filter(range -> range.entry >= 0).count();
  }

  /** Takes all segments of a log that is removed, most often together with its queue. */
  void addAll(SegmentLog log) {
    Range range = new Range(log.cut(0, log.size()), -1, log);
    ranges.add(range);
    ofRemovedLogs.add(range);
  }

  /**
   * Takes segments, by their index, that have nothing live any more as of the next commit.
   *
   * @return false, and nothing changed, when there is no room for a note of it
   */
  boolean add(SegmentLog log, int from, int until) {
    int entry = -1;
    if (log.survives()) {
      entry = note(log, log.get(from), log.get(until - 1));
      if (entry < 0) {
        return false;
      }
    }
    ranges.add(new Range(log.cut(from, until), entry, null));
    return true;
  }

  /** Writes an entry for segments in a row; -1 when there is no room for it. */
  private int note(SegmentLog log, Segment first, Segment last) {
    int entry = directory.tryTake();
    if (entry >= 0) {
      directory
          .range(entry, 0, LENGTH)
          .putLong((long) Directory.DROPPED << 7 * Byte.SIZE)
          .putLong(log.number)
          .putLong(first.first)
          .putLong(last.first + last.span);
    }
    return entry;
  }

  /** Goes on with what a start has found. */
  void found(Note note, Logs logs) {
    SegmentLog log = logs.find(note.log);
    int from = 0;
    int until = 0;
    if (log != null) {
      while (from < log.size() && log.get(from).first < note.from) {
        from++;
      }
      until = from;
      while (until < log.size() && log.get(until).first + log.get(until).span <= note.to) {
        until++;
      }
    }
    ranges.add(new Range(log == null ? List.of() : log.cut(from, until), note.entry, null));
    if (log != null && log.isEmpty() && log.definition == null) {
      logs.remove(log);
    }
  }

  /**
   * Frees a part of what waits; before a commit.
   *
   * @param most segments, but for a few of each removed log that is referred to
   * @param referredTo whether a log's queue stays, so that a start would take up what it finds of
   *     it
   */
  void work(Segments segments, int most, Predicate<SegmentLog> referredTo) {
    for (Range range : ofRemovedLogs) {
      if (!range.segments.isEmpty()
          && range.removed.survives()
          && referredTo.test(range.removed)
          && !noteWhenMany(range)) {
        range.segments.forEach(segments::free);
        range.segments.clear();
      }
      range.removed = null;
    }
    ofRemovedLogs.clear();
    int left = most;
    while (left > 0 && !ranges.isEmpty()) {
      Range range = ranges.peek();
      for (; left > 0 && !range.segments.isEmpty(); left--) {
        segments.free(range.segments.poll());
      }
      if (range.segments.isEmpty()) {
        ranges.poll();
        if (range.entry >= 0) {
          directory.free(range.entry);
        }
      }
    }
  }

  private boolean noteWhenMany(Range range) {
    if (range.segments.size() > FEW) {
      range.entry = note(range.removed, range.segments.peekFirst(), range.segments.peekLast());
    }
    return range.entry >= 0;
  }
}
