package io.harveymq.broker.channel;

import java.util.Map;
import java.util.TreeMap;

/**
 * Delivery tags that the broker took back because they were not acknowledged in time: the client
 * may settle each once more, to no effect. Kept as ranges, because tags of a slow consumer follow
 * each other. Owned by the home loop.
 */
final class LateTags {
  /** A client that never settles what it was late with would fill the memory. */
  static final int MOST_RANGES = 4_096;

  /** Last tag by first tag; null as long as there are none. */
  private TreeMap<Long, Long> ranges;

  /** A delivery with this tag was taken back. */
  void add(long tag) {
    if (ranges == null) {
      ranges = new TreeMap<>();
    }
    Map.Entry<Long, Long> before = ranges.lowerEntry(tag);
    long first = before != null && before.getValue() == tag - 1 ? before.getKey() : tag;
    Long joined = ranges.remove(tag + 1);
    ranges.put(first, joined == null ? tag : joined);
    if (ranges.size() > MOST_RANGES) {
      ranges.pollFirstEntry();
    }
  }

  /** Whether the delivery with this tag was taken back and not settled since. */
  boolean contains(long tag) {
    Map.Entry<Long, Long> range = ranges == null ? null : ranges.floorEntry(tag);
    return range != null && range.getValue() >= tag;
  }

  /**
   * Takes a tag out.
   *
   * @return false when it was not among them
   */
  boolean remove(long tag) {
    if (!contains(tag)) {
      return false;
    }
    Map.Entry<Long, Long> range = ranges.floorEntry(tag);
    if (range.getKey() == tag) {
      ranges.remove(tag);
    } else {
      ranges.put(range.getKey(), tag - 1);
    }
    if (range.getValue() > tag) {
      ranges.put(tag + 1, range.getValue());
    }
    return true;
  }

  /** Takes all up to and with this tag out. */
  void removeUpTo(long tag) {
    while (ranges != null && !ranges.isEmpty() && ranges.firstKey() <= tag) {
      long last = ranges.pollFirstEntry().getValue();
      if (last > tag) {
        ranges.put(tag + 1, last);
      }
    }
  }
}
