package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Rewrites segments of which little is live, several neighbours into one, and brings small
 * neighbours of long logs together. A bounded part of that at each commit. Store thread.
 */
final class SparseSegments {
  private static final int LIVE_SHARE = 4;
  private static final int MANY_SEGMENTS = 64;
  private static final int BYTES_PER_COMMIT = 256 * 1024;

  /** What that may be in the journal, with entries and a part of the directory. */
  static final int JOURNALED = 2 * BYTES_PER_COMMIT;

  /** That much may be filled by rewritten segments, and a part of the directory. */
  private static final int SLABS_PER_COMMIT = BYTES_PER_COMMIT / Extent.LARGEST + 3;

  private static final int NEIGHBOURS = 16;

  private final Segments segments;
  private final Slabs slabs;
  private final Deque<Segment> candidates = new ArrayDeque<>();
  private final ByteBuffer gathered = ByteBuffer.allocate(Extent.LARGEST);
  private int gatheredFrom;
  private int gatheredUntil;
  private int gatheredBlocks;

  SparseSegments(Segments segments, Slabs slabs) {
    this.segments = segments;
    this.slabs = slabs;
  }

  /** Looks at a segment that was closed or has lost messages. */
  void consider(Segment segment) {
    if (!segment.sparse && segment.live <= segment.triedAt / 2 && isWorthwhile(segment)) {
      segment.sparse = true;
      candidates.add(segment);
    }
  }

  private boolean isWorthwhile(Segment segment) {
    return segment.closed
        && !segment.gone
        && segment.live > 0
        && (isSparse(segment) || isSmall(segment));
  }

  private static boolean isSparse(Segment segment) {
    return segment.liveRecordBytes() * LIVE_SHARE < segment.used + segment.externalBytes;
  }

  private static boolean isSmall(Segment segment) {
    return segment.log.size() > MANY_SEGMENTS && segment.used < Extent.LARGEST / LIVE_SHARE;
  }

  /** Does a part of the work; before a commit. */
  void work() {
    int budget = BYTES_PER_COMMIT;
    if (candidates.isEmpty() || !slabs.spare(SLABS_PER_COMMIT)) {
      return;
    }
    for (int left = candidates.size(); budget > 0 && left > 0; left--) {
      Segment segment = candidates.poll();
      segment.sparse = false;
      if (isReady(segment)) {
        budget -= rewrite(segment);
      } else if (isWorthwhile(segment)) {
        segment.sparse = true;
        candidates.add(segment);
      }
    }
  }

  boolean isIdle() {
    return candidates.isEmpty();
  }

  /** What is written in the open commit can't be read yet. */
  private boolean isReady(Segment segment) {
    return isWorthwhile(segment) && segment.appendedIn != segments.commit();
  }

  /** Returns the bytes that it looked at. */
  private int rewrite(Segment candidate) {
    SegmentLog log = candidate.log;
    int index = log.indexOf(candidate);
    if (index < 0 || log.get(index) != candidate) {
      return 0;
    }
    candidate.triedAt = candidate.live;
    int looked = gather(log, firstNeighbour(log, index));
    if (gatheredUntil <= index) {
      looked += gather(log, index);
    }
    int needed = Extent.blocksFor(gathered.position());
    boolean smaller = needed < gatheredBlocks || candidate.externalBytes > 0;
    if (gatheredUntil > index
        && (smaller || gatheredUntil - gatheredFrom > 1)
        && !replace(log, gatheredFrom, gatheredUntil, log.get(gatheredFrom).nextLive(0))) {
      return BYTES_PER_COMMIT;
    }
    return looked;
  }

  /** How far back neighbours may go with it into one segment. */
  private int firstNeighbour(SegmentLog log, int index) {
    Segment candidate = log.get(index);
    long end = candidate.first + candidate.span;
    long bytes = inSegment(candidate);
    int from = index;
    while (from > 0 && index - from < NEIGHBOURS) {
      Segment before = log.get(from - 1);
      bytes += inSegment(before);
      if (!isReady(before) || end - before.nextLive(0) > Segment.SPAN || bytes > Extent.LARGEST) {
        break;
      }
      from--;
    }
    return from;
  }

  /** Bytes that its live records take in it, at most, more or less. */
  private static long inSegment(Segment segment) {
    return Math.min(segment.used, segment.liveRecordBytes());
  }

  /** Gathers the live records of segments as long as they fit; returns the bytes looked at. */
  private int gather(SegmentLog log, int from) {
    gathered.clear();
    gatheredFrom = from;
    gatheredUntil = from;
    gatheredBlocks = 0;
    long first = log.get(from).nextLive(0);
    int looked = 0;
    while (gatheredUntil < log.size() && gatheredUntil - from < 2 * NEIGHBOURS) {
      Segment segment = log.get(gatheredUntil);
      int before = gathered.position();
      if (!isReady(segment)) {
        break;
      }
      looked += segment.used;
      if (!gather(segment, first)) {
        gathered.position(before);
        break;
      }
      gatheredBlocks += Extent.blocks(segment.extent);
      gatheredUntil++;
    }
    return looked;
  }

  /** Adds the live records of a segment; false when there is no room. */
  private boolean gather(Segment segment, long first) {
    if (segment.first + segment.span - first > Segment.SPAN) {
      return false;
    }
    ByteBuffer records = segments.read(segment);
    int end = segment.used;
    for (int at = 0, length; at < end; at += length) {
      length = MessageRecord.length(records, at, end);
      long position = segment.first + MessageRecord.position(records, at);
      if (segment.isLive(position)) {
        if (gathered.remaining() < length) {
          return false;
        }
        int to = gathered.position();
        gathered.put(records.slice(at, length));
        MessageRecord.move(gathered, to, (int) (position - first));
      }
    }
    return true;
  }

  /** Returns false, and has changed nothing, when there is no space. */
  private boolean replace(SegmentLog log, int from, int until, long first) {
    int used = gathered.position();
    int blocks = Math.max(1, Extent.blocksFor(used));
    Segment fresh = segments.tryCreate(log, first, blocks);
    if (fresh == null) {
      return false;
    }
    segments.write(fresh, 0, used).put(gathered.flip());
    segments.written();
    for (int at = 0, length; at < used; at += length) {
      length = MessageRecord.length(gathered, at, used);
      long position = first + MessageRecord.position(gathered, at);
      fresh.append(position, length, MessageRecord.bodyBytes(gathered, at));
      if (!MessageRecord.survives(gathered, at)) {
        fresh.flags |= Segment.HAS_TRANSIENT;
      }
      if (MessageRecord.due(gathered, at) > 0) {
        fresh.flags |= Segment.HAS_DUE;
      }
      if (MessageRecord.isExternal(gathered, at)) {
        BodyRef ref = MessageRecord.ref(gathered, at);
        segments.bodies().refer(fresh, groupOf(ref, log, from, until));
      }
    }
    fresh.closed = true;
    fresh.appendedIn = segments.commit();
    fresh.triedAt = fresh.live;
    List<Segment> old = List.copyOf(log.segments().subList(from, until));
    log.replace(from, until, fresh);
    for (Segment segment : old) {
      segments.freeReplaced(segment);
    }
    return true;
  }

  private static BodyRef groupOf(BodyRef ref, SegmentLog log, int from, int until) {
    long key = Extent.start(ref.extents()[0]);
    for (int i = from; i < until; i++) {
      for (BodyGroup group : log.get(i).groups()) {
        if (group.key() == key) {
          return new BodyRef(group, ref.extents(), ref.offset(), ref.length());
        }
      }
    }
    throw new IllegalStateException("a reference to no group");
  }
}
