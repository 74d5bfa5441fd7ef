package io.harveymq.persistence;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.RandomAccess;

/** The segments of one log, by position; cheap to change at both ends. Store thread. */
final class SegmentLog {
  final long number;

  /** The definition of its queue, or null. */
  DefinitionRecord definition;

  long deliveredUpTo;

  private Segment[] segments = new Segment[1];
  private int head;
  private int size;
  private int lastFound;

  /** A view. */
  private final class All extends AbstractList<Segment> implements RandomAccess {
    @Override
    public Segment get(int index) {
      return SegmentLog.this.get(index);
    }

    @Override
    public int size() {
      return size;
    }
  }

  SegmentLog(long number) {
    this.number = number;
  }

  boolean survives() {
    return number > 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  Segment get(int index) {
    return segments[head + index];
  }

  /** All, as they are, not to be changed this way. */
  List<Segment> segments() {
    return new All();
  }

  /** The one that is appended to, or null. */
  Segment last() {
    return size == 0 ? null : get(size - 1);
  }

  /** A position that is higher than all that are in use. */
  long nextPosition() {
    Segment last = last();
    return last == null ? deliveredUpTo : Math.max(deliveredUpTo, last.first + last.span);
  }

  void add(Segment segment) {
    if (head + size == segments.length) {
      Segment[] to = size > segments.length / 2 ? new Segment[2 * size] : segments;
      System.arraycopy(segments, head, to, 0, size);
      if (to == segments) {
        Arrays.fill(segments, size, segments.length, null);
      }
      segments = to;
      head = 0;
    }
    segments[head + size++] = segment;
  }

  /** The index of the segment that would have this position; -1 when all begin behind it. */
  int indexOf(long position) {
    int at = lastFound;
    if (at < size
        && get(at).first <= position
        && (at + 1 == size || get(at + 1).first > position)) {
      return at;
    }
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (get(middle).first <= position) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high >= 0) {
      lastFound = high;
    }
    return high;
  }

  /** The segment in which a live message is at this position, or null. */
  Segment findLive(long position) {
    int index = indexOf(position);
    if (index < 0) {
      return null;
    }
    Segment segment = get(index);
    return segment.isLive(position) ? segment : null;
  }

  /** The index of a segment that is in it. */
  int indexOf(Segment segment) {
    return indexOf(segment.first);
  }

  void remove(Segment segment) {
    int index = indexOf(segment);
    assert get(index) == segment;
    remove(index, index + 1);
  }

  /** Takes some out by their index; moves what is before or behind them, whichever is less. */
  private void remove(int from, int until) {
    int count = until - from;
    if (from < size - until) {
      System.arraycopy(segments, head, segments, head + count, from);
      Arrays.fill(segments, head, head + count, null);
      head += count;
    } else {
      System.arraycopy(segments, head + until, segments, head + from, size - until);
      Arrays.fill(segments, head + size - count, head + size, null);
    }
    size -= count;
    if (size == 0) {
      segments = new Segment[1];
      head = 0;
    }
  }

  /** Takes some out by their index. */
  List<Segment> cut(int from, int until) {
    List<Segment> taken = Arrays.asList(Arrays.copyOfRange(segments, head + from, head + until));
    remove(from, until);
    return taken;
  }

  /** Puts one segment in the place of some. */
  void replace(int from, int until, Segment by) {
    segments[head + from] = by;
    remove(from + 1, until);
  }

  void replaceLast(Segment by) {
    segments[head + size - 1] = by;
  }

  void sort() {
    Arrays.sort(segments, head, head + size, Comparator.comparingLong(segment -> segment.first));
  }
}
