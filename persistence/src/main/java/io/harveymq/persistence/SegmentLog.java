package io.harveymq.persistence;

import java.util.ArrayList;
import java.util.List;

/** The segments of one log, by position. Store thread. */
final class SegmentLog {
  final long number;

  /** The definition of its queue, or null. */
  DefinitionRecord definition;

  long deliveredUpTo;

  private final List<Segment> segments = new ArrayList<>(1);
  private int lastFound;

  SegmentLog(long number) {
    this.number = number;
  }

  boolean survives() {
    return number > 0;
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  int size() {
    return segments.size();
  }

  Segment get(int index) {
    return segments.get(index);
  }

  List<Segment> segments() {
    return segments;
  }

  /** The one that is appended to, or null. */
  Segment last() {
    return segments.isEmpty() ? null : segments.get(segments.size() - 1);
  }

  /** A position that is higher than all that are in use. */
  long nextPosition() {
    Segment last = last();
    return last == null ? deliveredUpTo : Math.max(deliveredUpTo, last.first + last.span);
  }

  void add(Segment segment) {
    segments.add(segment);
  }

  /** The index of the segment that would have this position; -1 when all begin behind it. */
  int indexOf(long position) {
    int at = lastFound;
    if (at < segments.size()
        && segments.get(at).first <= position
        && (at + 1 == segments.size() || segments.get(at + 1).first > position)) {
      return at;
    }
    int low = 0;
    int high = segments.size() - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (segments.get(middle).first <= position) {
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
    Segment segment = segments.get(index);
    return segment.isLive(position) ? segment : null;
  }

  /** The index of a segment that is in it. */
  int indexOf(Segment segment) {
    return indexOf(segment.first);
  }

  void remove(Segment segment) {
    int index = indexOf(segment);
    assert segments.get(index) == segment;
    segments.remove(index);
  }

  /** Puts one segment in the place of some. */
  void replace(int from, int until, Segment by) {
    List<Segment> old = segments.subList(from, until);
    old.clear();
    segments.add(from, by);
  }

  void replaceLast(Segment by) {
    segments.set(segments.size() - 1, by);
  }

  void sort() {
    segments.sort((a, b) -> Long.compare(a.first, b.first));
  }
}
