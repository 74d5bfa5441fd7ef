package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive messages of one log in one extent, and which of them are live: the heap's copy of a
 * directory entry. Store thread.
 */
final class Segment {
  /** Positions that a segment spans at most: bits that an entry has room for. */
  static final int SPAN = 1600;

  static final int HAS_EXTERNAL = 1;
  static final int HAS_TRANSIENT = 2;

  /** There are, or were, messages with a due time. */
  static final int HAS_DUE = 8;

  /** The live bytes are a guess, since messages were dropped whose size was not looked up. */
  static final int INEXACT = 4;

  private static final int HEADER = 56;

  /** Of a record in a segment that was written before they were counted. */
  private static final int UNKNOWN_OVERHEAD = 64;

  private static final int NOT_DIRTY = Integer.MAX_VALUE;

  final SegmentLog log;

  /** Its place in the directory, or -1 when its log does not survive a restart. */
  final int entry;

  final long first;
  long extent;

  /** Positions that its records take, counted from the first. */
  int span;

  /** Bytes that records take in the extent. */
  int used;

  /** Messages that are live, and bytes of their bodies. */
  int live;

  long liveBytes;

  /** Records in it, live or not, and the bytes that they take besides bodies and properties. */
  int records;

  int overhead;
  int flags;

  /** Bytes that its records, live or not, have elsewhere. */
  long externalBytes;

  /** Nothing is appended any more. */
  boolean closed;

  /** It waits for being rewritten. */
  boolean sparse;

  /** Live messages when rewriting it was last thought of. */
  int triedAt = Integer.MAX_VALUE;

  /** The last commit that appended to it. */
  long appendedIn;

  /** It is no longer part of its log. */
  boolean gone;

  private long[] bits = new long[1];
  private List<BodyGroup> groups = List.of();
  private boolean headerDirty;
  private int firstDirtyWord = NOT_DIRTY;
  private int lastDirtyWord = -1;

  Segment(SegmentLog log, int entry, long first, long extent) {
    this.log = log;
    this.entry = entry;
    this.first = first;
    this.extent = extent;
  }

  boolean survives() {
    return entry >= 0;
  }

  /** Adds a live message; its record is {@code length} bytes long. */
  void append(long position, int length, int bodyBytes) {
    int bit = (int) (position - first);
    int word = bit >> 6;
    if (word >= bits.length) {
      bits = Arrays.copyOf(bits, Math.min(SPAN / Long.SIZE, Math.max(word + 1, 2 * bits.length)));
    }
    bits[word] |= 1L << bit;
    touch(word);
    span = bit + 1;
    used += length;
    live++;
    liveBytes += bodyBytes;
    records++;
    overhead += length - bodyBytes;
  }

  /** A body outside, of so many bytes, belongs to a record that was appended. */
  void addExternal(int bytes) {
    flags |= HAS_EXTERNAL;
    externalBytes += bytes;
    overhead += bytes;
  }

  /** Bytes that the live records take, with what they have elsewhere, more or less. */
  long liveRecordBytes() {
    long each = records == 0 ? UNKNOWN_OVERHEAD : overhead / records;
    return liveBytes + each * live;
  }

  boolean isLive(long position) {
    long bit = position - first;
    return bit >= 0 && bit < span && (bits[(int) bit >> 6] & 1L << bit) != 0;
  }

  /** Whether a live message is at this position or behind it. */
  boolean hasLiveFrom(long position) {
    return nextLive(position) < first + span;
  }

  /** The first live position from there on; the one behind the last when there is none. */
  long nextLive(long position) {
    int bit = (int) Math.max(0, Math.min(span, position - first));
    int words = span + Long.SIZE - 1 >> 6;
    int word = bit >> 6;
    if (word < words) {
      long rest = bits[word] & -1L << bit;
      while (rest == 0 && ++word < words) {
        rest = bits[word];
      }
      if (rest != 0) {
        return first + word * Long.SIZE + Long.numberOfTrailingZeros(rest);
      }
    }
    return first + span;
  }

  /** The live positions from one up to another, not included. */
  int countLive(long from, long to) {
    if (from <= first && to >= first + span) {
      return live;
    }
    int count = 0;
    for (long at = nextLive(from); at < to && at < first + span; at = nextLive(at + 1)) {
      count++;
    }
    return count;
  }

  /** The live position from there on that has so many before it; there has to be one. */
  long skipLive(long from, int count) {
    long at = nextLive(from);
    for (int i = 0; i < count; i++) {
      at = nextLive(at + 1);
    }
    return at;
  }

  /** Takes a live message out. */
  void clear(long position, int bodyBytes) {
    int bit = (int) (position - first);
    bits[bit >> 6] &= ~(1L << bit);
    touch(bit >> 6);
    live--;
    liveBytes = Math.max(0, liveBytes - bodyBytes);
  }

  /** Takes out all live messages of a range, whose sizes nobody looks up. */
  void clear(long from, long to) {
    int before = live;
    for (long at = nextLive(from); at < to && at < first + span; at = nextLive(at + 1)) {
      clear(at, 0);
    }
    if (live == 0) {
      liveBytes = 0;
    } else if (live < before) {
      liveBytes = liveBytes * live / before;
      flags |= INEXACT;
    }
  }

  /** Empties it, so that its extent can be filled from the start. */
  Segment reused(long position) {
    Segment fresh = new Segment(log, entry, position, extent);
    fresh.markAllDirty();
    return fresh;
  }

  /** Notes that records of it refer to a group; returns whether that is new. */
  boolean refersTo(BodyGroup group) {
    if (groups.isEmpty()) {
      groups = new ArrayList<>(2);
    }
    for (int i = groups.size() - 1; i >= 0; i--) {
      if (groups.get(i) == group) {
        return false;
      }
    }
    groups.add(group);
    return true;
  }

  List<BodyGroup> groups() {
    return groups;
  }

  void dropGroups() {
    groups = List.of();
  }

  // ---- its entry

  void headerDirty() {
    headerDirty = true;
  }

  boolean isDirty() {
    return headerDirty;
  }

  private void touch(int word) {
    headerDirty = true;
    firstDirtyWord = Math.min(firstDirtyWord, word);
    lastDirtyWord = Math.max(lastDirtyWord, word);
  }

  /** The whole entry has to be written, since it held something else. */
  void markAllDirty() {
    headerDirty = true;
    firstDirtyWord = 0;
    lastDirtyWord = SPAN / Long.SIZE - 1;
  }

  /** Writes what has changed. */
  void write(Directory directory) {
    if (survives()) {
      if (lastDirtyWord >= 0 && firstDirtyWord <= 4) {
        int words = lastDirtyWord + 1;
        putWords(putHeader(directory.range(entry, 0, HEADER + words * Long.BYTES)), 0, words);
      } else {
        putHeader(directory.range(entry, 0, HEADER));
        if (lastDirtyWord >= 0) {
          int from = HEADER + firstDirtyWord * Long.BYTES;
          int words = lastDirtyWord - firstDirtyWord + 1;
          putWords(
              directory.range(entry, from, words * Long.BYTES), firstDirtyWord, lastDirtyWord + 1);
        }
      }
    }
    headerDirty = false;
    firstDirtyWord = NOT_DIRTY;
    lastDirtyWord = -1;
  }

  private ByteBuffer putHeader(ByteBuffer to) {
    return to.put((byte) Directory.SEGMENT)
        .put((byte) flags)
        .putShort((short) span)
        .putInt(Extent.slab(extent))
        .put((byte) Extent.block(extent))
        .put((byte) Extent.blocks(extent))
        .putShort((short) 0)
        .putInt(used)
        .putLong(log.number)
        .putLong(first)
        .putLong(liveBytes)
        .putLong(externalBytes)
        .putInt(records)
        .putInt(overhead);
  }

  private void putWords(ByteBuffer to, int from, int until) {
    for (int i = from; i < until; i++) {
      to.putLong(i < bits.length ? bits[i] : 0);
    }
  }

  /**
   * Reads an entry.
   *
   * @param at where it begins in the buffer
   * @param log maker of the log of a number
   * @throws IllegalStateException when no segment can look like that
   */
  static Segment read(
      ByteBuffer from, int at, int entry, java.util.function.LongFunction<SegmentLog> log) {
    int slab = from.getInt(at + 4);
    int block = from.get(at + 8) & 0xFF;
    int blocks = from.get(at + 9) & 0xFF;
    long extent = Extent.of(slab, block, blocks);
    long number = from.getLong(at + 16);
    long first = from.getLong(at + 24);
    int used = from.getInt(at + 12);
    int span = from.getShort(at + 2);
    if (number <= 0
        || first < 0
        || used < 0
        || used > Extent.bytes(extent)
        || span < 0
        || span > SPAN) {
      throw new IllegalStateException("a segment that can't be: " + Extent.text(extent));
    }
    Segment segment = new Segment(log.apply(number), entry, first, extent);
    segment.flags = from.get(at + 1);
    segment.span = span;
    segment.used = used;
    segment.liveBytes = from.getLong(at + 32);
    segment.externalBytes = from.getLong(at + 40);
    segment.records = from.getInt(at + 48);
    segment.overhead = from.getInt(at + 52);
    segment.readBits(from, at + HEADER);
    return segment;
  }

  private void readBits(ByteBuffer from, int at) {
    bits = new long[Math.max(1, span + Long.SIZE - 1 >> 6)];
    for (int i = 0; i < SPAN / Long.SIZE; i++) {
      long word = from.getLong(at + i * Long.BYTES);
      if (i < bits.length) {
        bits[i] = word;
        live += Long.bitCount(word);
      } else if (word != 0) {
        throw new IllegalStateException("live messages behind the end of a segment");
      }
    }
  }
}
