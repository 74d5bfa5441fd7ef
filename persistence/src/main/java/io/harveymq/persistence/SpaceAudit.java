package io.harveymq.persistence;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Computes anew which blocks are used, from what the heap knows to be live, and compares that with
 * the allocator. Between commits; store thread.
 */
final class SpaceAudit {
  private final Slabs slabs;
  private final Directory directory;
  private final Logs logs;
  private final DefinitionRecords definitions;
  private final Segments segments;
  private final SlabAllocator expected = new SlabAllocator();
  private final Set<BodyGroup> groups = Collections.newSetFromMap(new IdentityHashMap<>());
  private int entries;

  SpaceAudit(
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

  /** Throws IllegalStateException when a block is lost or used twice. */
  void run() {
    while (expected.slabs() < slabs.count()) {
      expected.addSlab();
    }
    for (int i = 0; i < directory.slabCount(); i++) {
      long first = directory.extent(i * Extent.SLAB_BLOCKS);
      occupy(Extent.resized(first, Extent.SLAB_BLOCKS), "the directory");
    }
    for (SegmentLog log : logs.all()) {
      log.segments().forEach(this::add);
    }
    segments.dropped().segments().forEach(this::add);
    entries += segments.dropped().entries();
    segments.bodies().forEachOpen(groups::add);
    for (BodyGroup group : groups) {
      for (long extent : group.extents) {
        occupy(extent, "a body");
      }
    }
    for (DefinitionRecord record : definitions.all()) {
      entries++;
      for (long extent : record.extents) {
        occupy(extent, "a definition");
      }
    }
    if (entries != directory.usedEntries()) {
      throw new IllegalStateException(
          entries + " entries are in use, not " + directory.usedEntries());
    }
    if (!expected.sameAs(slabs.allocator())) {
      throw new IllegalStateException(
          expected.usedBlocks() + " blocks are in use, not " + slabs.allocator().usedBlocks());
    }
  }

  private void add(Segment segment) {
    entries += segment.survives() ? 1 : 0;
    occupy(segment.extent, "a segment of log " + segment.log.number);
    groups.addAll(segment.groups());
  }

  private void occupy(long extent, String by) {
    if (!expected.occupy(extent)) {
      throw new IllegalStateException(by + " lies in " + Extent.text(extent) + ", used already");
    }
  }
}
