package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds where the record of a message lies in its segment: in those of the open commit by a list,
 * in others by going through them once. Store thread.
 */
final class RecordFinder {
  private final Segments segments;
  private Segment[] freshSegments = new Segment[64];
  private long[] freshPositions = new long[64];
  private int[] freshOffsets = new int[64];
  private int fresh;

  private Segment known;
  private int knownUntil;
  private final int[] offsets = new int[Segment.SPAN];

  RecordFinder(Segments segments) {
    this.segments = segments;
  }

  /** Notes a record of the open commit. */
  void appended(Segment segment, long position, int offset) {
    if (fresh == freshOffsets.length) {
      freshSegments = Arrays.copyOf(freshSegments, 2 * fresh);
      freshPositions = Arrays.copyOf(freshPositions, 2 * fresh);
      freshOffsets = Arrays.copyOf(freshOffsets, 2 * fresh);
    }
    freshSegments[fresh] = segment;
    freshPositions[fresh] = position;
    freshOffsets[fresh++] = offset;
  }

  /** The byte of the segment's extent where the record of a live message begins. */
  int find(Segment segment, long position) {
    if (segment.appendedIn == segments.commit()) {
      for (int i = fresh - 1; i >= 0; i--) {
        if (freshSegments[i] == segment && freshPositions[i] == position) {
          return freshOffsets[i];
        }
      }
    }
    int wanted = (int) (position - segment.first);
    if (known != segment || wanted >= knownUntil) {
      learn(segment);
    }
    return offsets[wanted];
  }

  private void learn(Segment segment) {
    int end = segment.used;
    for (int i = 0; i < fresh; i++) {
      if (freshSegments[i] == segment) {
        end = Math.min(end, freshOffsets[i]);
      }
    }
    ByteBuffer records = segments.read(segment);
    known = segment;
    knownUntil = 0;
    for (int at = 0; at < end; at += MessageRecord.length(records, at, end)) {
      int position = MessageRecord.position(records, at);
      offsets[position] = at;
      knownUntil = position + 1;
    }
  }

  void committed() {
    Arrays.fill(freshSegments, 0, fresh, null);
    fresh = 0;
  }
}
