package io.harveymq.persistence;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Entries of one block each, in slabs of their own: what is live is what they say. An entry that
 * was freed can be used again after the commit. Store thread.
 */
final class Directory {
  /** What an entry begins with. */
  static final int FREE = 0;

  static final int SEGMENT = 1;
  static final int DEFINITION = 2;
  static final int DROPPED = 3;

  /** Bytes of an entry. */
  static final int ENTRY = Extent.BLOCK;

  private final Slabs slabs;
  private long[] extents = new long[4];
  private int count;
  private final BitSet free = new BitSet();
  private int freeCount;
  private int[] freed = new int[64];
  private int freedCount;
  private int freedWritten;

  Directory(Slabs slabs) {
    this.slabs = slabs;
  }

  /** Adds a slab that was found; all its entries count as used until they are given back. */
  void found(int slab) {
    note(Extent.of(slab, 1, Extent.SLAB_BLOCKS));
  }

  private void note(long extent) {
    if (count == extents.length) {
      extents = Arrays.copyOf(extents, 2 * count);
    }
    extents[count++] = extent;
  }

  /** Slabs that it has. */
  int slabCount() {
    return count;
  }

  /** Entries in all, used and free ones. */
  int entries() {
    return count * Extent.SLAB_BLOCKS;
  }

  /** Entries that hold something. */
  int usedEntries() {
    return entries() - freeCount - freedCount;
  }

  /** Where an entry lies, as an extent. */
  long extent(int entry) {
    return Extent.of(
        Extent.slab(extents[entry / Extent.SLAB_BLOCKS]), entry % Extent.SLAB_BLOCKS + 1, 1);
  }

  /** Notes an entry as free; only while the directory is read. */
  void foundFree(int entry) {
    free.set(entry);
    freeCount++;
  }

  /** Takes a free entry. */
  int take() {
    if (freeCount == 0) {
      note(slabs.allocateDirectory());
      free.set(entries() - Extent.SLAB_BLOCKS, entries());
      freeCount = Extent.SLAB_BLOCKS;
    }
    int entry = free.nextSetBit(0);
    free.clear(entry);
    freeCount--;
    return entry;
  }

  /** Takes a free entry; -1 when there is none and no slab to spare for more. */
  int tryTake() {
    return freeCount > 0 || slabs.hasFreeSlabs() ? take() : -1;
  }

  /** Gives back one that was taken and not written. */
  void untake(int entry) {
    free.set(entry);
    freeCount++;
  }

  /** Frees an entry: it is gone with the next commit. */
  void freeNow(int entry) {
    range(entry, 0, 1).put((byte) FREE);
    free(entry);
    if (freedWritten == freedCount - 1) {
      freedWritten = freedCount;
    }
  }

  /** Frees an entry: that is written by {@link #writeFreed}, in the order of the calls. */
  void free(int entry) {
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, 2 * freedCount);
    }
    freed[freedCount++] = entry;
  }

  /** Entries whose end is not written. */
  int unwritten() {
    return freedCount - freedWritten;
  }

  /** Writes the end of so many entries at most; returns how many it were. */
  int writeFreed(int most) {
    int count = Math.min(most, unwritten());
    for (int i = 0; i < count; i++) {
      range(freed[freedWritten++], 0, 1).put((byte) FREE);
    }
    return count;
  }

  /** To be filled with bytes of an entry. */
  ByteBuffer range(int entry, int from, int length) {
    return slabs.write(extent(entry), from, length, true);
  }

  /** The committed bytes of all entries of a slab; the buffer has room for a whole slab. */
  void read(int slab, ByteBuffer target) {
    slabs.read(extents[slab], 0, target.clear().limit(Extent.LARGEST));
    target.flip();
  }

  /** What was freed before the commit can be used from now on. */
  void committed() {
    for (int i = 0; i < freedCount; i++) {
      free.set(freed[i]);
    }
    freeCount += freedCount;
    freedCount = 0;
    freedWritten = 0;
  }
}
