package io.harveymq.persistence;

import io.harveymq.persistence.journal.StoreOpenException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds what the heap has of a store from its directory: logs with their segments, definitions,
 * and which space is used. Finds damage and refuses it. Used once, by the thread that opens the
 * store.
 */
final class StoreRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(StoreRecovery.class);
  private static final long QUIET_NANOS = 1_000_000_000;

  private final Slabs slabs;
  private final Directory directory;
  private final Logs logs;
  private final DefinitionRecords definitions;
  private final Segments segments;
  private final List<Segment> toLookInto = new ArrayList<>();
  private final List<DroppedSegments.Note> dropped = new ArrayList<>();
  private final Bodies.Found bodies = new Bodies.Found();
  private long lastWord = System.nanoTime();

  StoreRecovery(
      Slabs slabs,
      Directory directory,
      Logs logs,
      DefinitionRecords definitions,
      Segments segments) {
    this.slabs = slabs;
    this.directory = directory;
    this.logs = logs;
    this.definitions = definitions;
    this.segments = segments;
  }

  /**
   * Reads everything. What need not be kept is freed; a commit has to follow.
   *
   * @param endedInOrder whether the last use of the store did
   * @throws StoreOpenException when there is damage; the text says what and where
   */
  void run(boolean endedInOrder) {
    for (int slab = 0; slab < slabs.count(); slab++) {
      if (slabs.kind(slab) == Slabs.DIRECTORY) {
        occupy(Extent.of(slab, 1, Extent.SLAB_BLOCKS), "the directory");
        directory.found(slab);
      }
      progress("slabs", slab, slabs.count());
    }
    ByteBuffer entries = ByteBuffer.allocate(Extent.LARGEST);
    for (int slab = 0; slab < directory.slabCount(); slab++) {
      directory.read(slab, entries);
      for (int i = 0; i < Extent.SLAB_BLOCKS; i++) {
        read(entries, i * Directory.ENTRY, slab * Extent.SLAB_BLOCKS + i);
      }
      progress("parts of the directory", slab, directory.slabCount());
    }
    int looked = 0;
    List<SegmentLog> nameless = new ArrayList<>();
    for (SegmentLog log : logs.all()) {
      log.sort();
      if (!definitions.isReferredTo(log)) {
        nameless.add(log);
      }
    }
    dropped.forEach(note -> segments.dropped().found(note, logs));
    nameless.forEach(this::drop);
    for (Segment segment : toLookInto) {
      if (!segment.gone) {
        lookInto(segment);
      }
      progress("segments", ++looked, toLookInto.size());
    }
    for (BodyGroup group : bodies.all()) {
      for (long extent : group.extents) {
        occupy(extent, "a body");
      }
    }
    if (!endedInOrder) {
      countAsDelivered();
    }
    freeEmptySegments();
  }

  /** Nobody knows what was delivered, so everything may have been. */
  private void countAsDelivered() {
    for (SegmentLog log : logs.all()) {
      if (log.deliveredUpTo < log.nextPosition()) {
        log.deliveredUpTo = log.nextPosition();
        definitions.delivered(log);
      }
    }
  }

  private void read(ByteBuffer from, int at, int entry) {
    try {
      switch (from.get(at)) {
        case Directory.FREE -> directory.foundFree(entry);
        case Directory.SEGMENT -> readSegment(from, at, entry);
        case Directory.DEFINITION -> definitions.found(from, at, entry);
        case Directory.DROPPED -> dropped.add(DroppedSegments.Note.read(from, at, entry));
        default -> throw new IllegalStateException("an entry of kind " + from.get(at));
      }
    } catch (StoreOpenException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(entry, e);
    }
  }

  private StoreOpenException damaged(int entry, RuntimeException e) {
    return new StoreOpenException(
        "entry "
            + entry
            + " of the directory ("
            + Extent.text(directory.extent(entry))
            + ") has "
            + e.getMessage(),
        e);
  }

  private void readSegment(ByteBuffer from, int at, int entry) {
    Segment segment = Segment.read(from, at, entry, logs::obtain);
    occupy(segment.extent, "a segment of log " + segment.log.number);
    segments.found();
    segment.log.add(segment);
    if ((segment.flags & ~Segment.HAS_DUE) != 0) {
      toLookInto.add(segment);
    }
  }

  private void occupy(long extent, String by) {
    if (!slabs.allocator().occupy(extent)) {
      throw new StoreOpenException(
          by + " lies in " + Extent.text(extent) + ", which is in use already or not there");
    }
  }

  private void drop(SegmentLog log) {
    segments.dropped().addAll(log);
    logs.remove(log);
  }

  /** Drops transient messages, counts bytes and finds references where the entry is not enough. */
  private void lookInto(Segment segment) {
    ByteBuffer records = segments.read(segment);
    int end = segment.used;
    long bytes = 0;
    segment.flags &= Segment.HAS_TRANSIENT | Segment.HAS_DUE;
    try {
      for (int at = 0, length; at < end; at += length) {
        length = MessageRecord.length(records, at, end);
        long position = segment.first + MessageRecord.position(records, at);
        if (segment.isLive(position)) {
          if (!MessageRecord.survives(records, at)) {
            segments.changes(segment);
            segment.clear(position, 0);
          } else {
            bytes += MessageRecord.bodyBytes(records, at);
            refer(segment, records, at);
          }
        }
      }
    } catch (IllegalStateException e) {
      throw damaged(segment.entry, e);
    }
    segment.flags &= ~Segment.HAS_TRANSIENT;
    if (segment.liveBytes != bytes) {
      segments.changes(segment);
      segment.liveBytes = bytes;
    }
  }

  private void refer(Segment segment, ByteBuffer records, int at) {
    if (MessageRecord.isExternal(records, at)) {
      long external = segment.externalBytes;
      int overhead = segment.overhead;
      segments.bodies().refer(segment, bodies.refer(MessageRecord.ref(records, at)));
      segment.externalBytes = external;
      segment.overhead = overhead;
    }
  }

  private void freeEmptySegments() {
    for (SegmentLog log : logs.all()) {
      for (int i = log.size() - 1; i >= 0; i--) {
        Segment segment = log.get(i);
        if (segment.live == 0) {
          log.cut(i, i + 1);
          segments.free(segment);
        } else {
          segment.closed = i < log.size() - 1;
        }
      }
    }
  }

  private void progress(String what, int done, int all) {
    if (System.nanoTime() - lastWord > QUIET_NANOS) {
      lastWord = System.nanoTime();
      LOG.info("Reading the store: {} of {} {}", done, all, what);
    }
  }
}
