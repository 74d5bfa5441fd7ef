package io.harveymq.persistence;

import io.harveymq.persistence.journal.JournaledVolume;
import io.harveymq.persistence.journal.StoreFailedException;
import io.harveymq.persistence.journal.StoreOpenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.mapdb.DBException;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.Serializer;
import org.mapdb.StoreDirect;

/**
 * The space that everything lies in: slabs, each a record that MapDB allocated once and for all,
 * and extents in them. What is freed can be used again after the commit. Store thread.
 */
final class Slabs {
  /** Version of all formats inside slabs. */
  static final int FORMAT = 1;

  /** Bytes before block 1. */
  static final int HEADER = SlabVolume.SLAB - Extent.LARGEST;

  static final int DATA = 1;
  static final int DIRECTORY = 2;

  /** Byte of the first slab's header that says whether the last use ended in order. */
  private static final int IN_ORDER_AT = 16;

  private static final long MAGIC = 0x4861727665795331L; // HarveyS1
  private static final int MIB = 1 << 20;
  private static final int SLABS_PER_PAGE = 15;
  private static final int LARGEST_STEP = 16;

  /** Blocks of a part of something that is stored in several, but for the last one. */
  static final int LEAST_PIECE = 16;

  private static final int PIECES = 6;
  private static final long RETRY_NANOS = 500_000_000;
  private static final byte[] NEW_SLAB = new byte[SlabVolume.SLAB];
  private static final long[] NONE = {};

  private static final Serializer<byte[]> ALLOCATION =
      new Serializer<>() {
        @Override
        public void serialize(DataOutput2 out, byte[] value) throws IOException {
          out.write(value);
        }

        @Override
        public byte[] deserialize(DataInput2 in, int available) {
          return NEW_SLAB;
        }
      };

  private final JournaledVolume volume;
  private final SlabVolume view;
  private final StoreDirect records;
  private final SlabAllocator allocator = new SlabAllocator();
  private long[] offsets = new long[16];
  private int committedSlabs;
  private int promised;
  private volatile boolean changed;
  private long refusedAt = System.nanoTime() - RETRY_NANOS;
  private long[] freed = new long[64];
  private int freedCount;
  private ByteBuffer staged = ByteBuffer.allocate(Extent.LARGEST);
  private long stagedAt = -1;

  /** Finds the slabs of a volume, or makes a MapDB store in a new one. */
  Slabs(JournaledVolume volume) {
    this.volume = volume;
    this.view = new SlabVolume(volume);
    this.records =
        StoreDirect.Companion.make(
            null, view.asFactory(), 0, false, false, 0, 0, 0, false, false, false, false, false);
    findSlabs();
    committedSlabs = allocator.slabs();
  }

  private void findSlabs() {
    try {
      for (long record = 1; records.get(record, ALLOCATION) == NEW_SLAB; record++) {
        if (view.slabOffset() + SlabVolume.SLAB > volume.length()) {
          throw new StoreOpenException("slab " + (record - 1) + " lies outside of the file");
        }
        note(view.slabOffset());
      }
    } catch (DBException.GetVoid end) {
      // That was the last one.
    }
  }

  private int note(long offset) {
    int slab = allocator.addSlab();
    if (slab == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * slab);
    }
    offsets[slab] = offset;
    return slab;
  }

  int count() {
    return allocator.slabs();
  }

  /**
   * Notes that the store is in use, with the next commit.
   *
   * @return whether the last use ended in order, or there was none
   * @throws StoreOpenException when there is no room for the first slab
   */
  boolean begin() {
    boolean inOrder = true;
    if (count() > 0) {
      ByteBuffer flag = ByteBuffer.allocate(1);
      volume.read(offsets[0] + IN_ORDER_AT, flag);
      inOrder = flag.get(0) != 0;
    } else if (!grow(1)) {
      throw new StoreOpenException("there is no space on the disk for a store");
    }
    volume.range(offsets[0] + IN_ORDER_AT, 1).put((byte) 0);
    if (committedSlabs == 0) {
      volume.commit(() -> {});
      committed();
    }
    return inOrder;
  }

  /** Notes that the use ends in order; nothing may be uncommitted. */
  void end() {
    volume.range(offsets[0] + IN_ORDER_AT, 1).put((byte) 1);
    volume.commit(() -> {});
  }

  /** Whether something was written or freed since the last commit. */
  boolean isChanged() {
    return changed || freedCount > 0;
  }

  SlabAllocator allocator() {
    return allocator;
  }

  /** Bytes of the file that MapDB has given away or uses itself. */
  long fileBytes() {
    return records.getTotalSize();
  }

  /**
   * What a slab is for.
   *
   * @throws StoreOpenException when that can't be said
   */
  int kind(int slab) {
    ByteBuffer header = ByteBuffer.allocate(16);
    volume.read(offsets[slab], header);
    header.flip();
    long magic = header.getLong();
    int kind = header.getShort();
    int format = header.getShort();
    int number = header.getInt();
    String where = "slab " + slab + " at " + offsets[slab];
    if (magic != MAGIC || number != slab || kind != DATA && kind != DIRECTORY) {
      throw new StoreOpenException(where + " has a damaged header");
    }
    if (format != FORMAT) {
      throw new StoreOpenException(
          where + " has format " + format + " of a newer version; this one reads " + FORMAT);
    }
    return kind;
  }

  // ---- space

  /**
   * Makes sure that so many more slabs can be filled before the next commit.
   *
   * @return false when the disk is full; nothing was changed then
   */
  boolean reserve(int slabs) {
    if (allocator.freeSlabs() < slabs && !grow(slabs - allocator.freeSlabs())) {
      return false;
    }
    promised = slabs;
    return true;
  }

  /** Whether there are so many slabs besides those that were promised; the file may grow for it. */
  boolean spare(int slabs) {
    int least = promised + slabs;
    return allocator.freeSlabs() >= least || grow(least - allocator.freeSlabs());
  }

  /** What was promised to the open commit is not needed any more: everything is in its place. */
  void settled() {
    promised = 0;
  }

  private boolean grow(int least) {
    int more = Math.max(least, Math.min(LARGEST_STEP, allocator.slabs() / 16 + 1));
    long pages = more / SLABS_PER_PAGE + 2;
    // A full disk is not asked again at each commit.
    if (System.nanoTime() - refusedAt < RETRY_NANOS) {
      return false;
    }
    if (!volume.reserve(records.getTotalSize() + pages * MIB)) {
      refusedAt = System.nanoTime();
      return false;
    }
    for (int i = 0; i < more; i++) {
      records.put(NEW_SLAB, ALLOCATION);
      writeHeader(note(view.slabOffset()), DATA);
    }
    return true;
  }

  private void writeHeader(int slab, int kind) {
    volume
        .range(offsets[slab], 16)
        .putLong(MAGIC)
        .putShort((short) kind)
        .putShort((short) FORMAT)
        .putInt(slab);
  }

  /** Whether there are more than were promised. */
  boolean hasFreeSlabs() {
    return allocator.freeSlabs() > promised;
  }

  /**
   * Takes an extent of as many blocks as wanted, or less when space is short, but not less than the
   * least.
   *
   * @throws StoreFailedException when the disk is full; {@link #reserve} prevents that
   */
  long allocate(int wanted, int least) {
    long extent = allocator.allocate(wanted, hasFreeSlabs());
    if (extent == 0 && (hasFreeSlabs() || grow(1))) {
      extent = allocator.allocate(wanted, true);
    }
    for (int blocks = wanted; extent == 0 && blocks > least; ) {
      blocks = Math.max(least, blocks / 2);
      extent = allocator.allocate(blocks, false);
    }
    if (extent == 0) {
      extent = allocator.allocate(least, true);
    }
    if (extent == 0) {
      throw new StoreFailedException("The store is full", new IOException("no space left"));
    }
    return extent;
  }

  /** Takes an extent of what was not promised to anybody; 0 when there is none. */
  long tryAllocate(int blocks) {
    return allocator.allocate(blocks, hasFreeSlabs());
  }

  /** Takes extents that hold so many bytes together: few, but filling what others left. */
  long[] allocateBytes(int bytes) {
    long[] extents = NONE;
    for (int blocks = Math.max(1, Extent.blocksFor(bytes)); blocks > 0; ) {
      int wanted = Math.min(blocks, Extent.SLAB_BLOCKS);
      long extent = allocator.allocate(wanted, wanted == Extent.SLAB_BLOCKS && hasFreeSlabs());
      if (extent == 0 && extents.length < PIECES && wanted > 2 * LEAST_PIECE) {
        extent = allocator.allocateRest(LEAST_PIECE, wanted);
      }
      if (extent == 0 && wanted == Extent.SLAB_BLOCKS) {
        // One that was promised for this: many pieces would make what refers to them long.
        extent = allocator.allocate(wanted, true);
      }
      if (extent == 0) {
        extent = allocate(wanted, Math.min(wanted, LEAST_PIECE));
      }
      extents = Arrays.copyOf(extents, extents.length + 1);
      extents[extents.length - 1] = extent;
      blocks -= Extent.blocks(extent);
    }
    return extents;
  }

  /**
   * Makes an extent longer in its place.
   *
   * @param wanted blocks, or less when fewer are free, but not less than the least
   * @return the longer extent, or 0 when there is no room
   */
  long extend(long extent, int wanted, int least) {
    if (allocator.extend(extent, wanted)) {
      return Extent.resized(extent, wanted);
    }
    return allocator.extend(extent, least) ? Extent.resized(extent, least) : 0;
  }

  /** Gives back what lies behind the first so many blocks, at the next commit. */
  long trim(long extent, int blocks) {
    int tail = Extent.blocks(extent) - blocks;
    if (tail == 0) {
      return extent;
    }
    free(Extent.of(Extent.slab(extent), Extent.block(extent) + blocks, tail));
    return Extent.resized(extent, blocks);
  }

  /** Gives an extent back, at the next commit. */
  void free(long extent) {
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, 2 * freedCount);
    }
    freed[freedCount++] = extent;
  }

  /** A whole slab for entries of the directory, all of them zero. */
  long allocateDirectory() {
    long extent = allocate(Extent.SLAB_BLOCKS, Extent.SLAB_BLOCKS);
    writeHeader(Extent.slab(extent), DIRECTORY);
    write(extent, 0, new byte[Extent.LARGEST], 0, Extent.LARGEST, true);
    return extent;
  }

  /** What was freed before the commit can be used from now on. */
  void committed() {
    for (int i = 0; i < freedCount; i++) {
      allocator.free(freed[i]);
    }
    freedCount = 0;
    promised = 0;
    changed = false;
    committedSlabs = allocator.slabs();
  }

  /** Blocks that are free from the next commit on. */
  long freedBlocks() {
    long blocks = 0;
    for (int i = 0; i < freedCount; i++) {
      blocks += Extent.blocks(freed[i]);
    }
    return blocks;
  }

  // ---- bytes

  long offset(long extent, int at) {
    return offsets[Extent.slab(extent)] + HEADER + (Extent.block(extent) - 1) * Extent.BLOCK + at;
  }

  /**
   * Begins to write.
   *
   * @param journaled whether it is to be there after a crash; otherwise it is seen by reads at once
   * @return to be filled as a whole; then {@link #written} has to be called
   */
  ByteBuffer write(long extent, int at, int length, boolean journaled) {
    assert at + length <= Extent.bytes(extent);
    // Space of a slab that a crash would take back must not be left dirty for MapDB.
    if (journaled || Extent.slab(extent) >= committedSlabs) {
      changed = true;
      return volume.range(offset(extent, at), length);
    }
    if (staged.capacity() < length) {
      staged = ByteBuffer.allocate(length);
    }
    stagedAt = offset(extent, at);
    return staged.clear().limit(length);
  }

  /** Ends what {@link #write(long, int, int, boolean)} began. */
  void written() {
    if (stagedAt >= 0) {
      volume.writeUnjournaled(stagedAt, staged.flip());
      stagedAt = -1;
    }
  }

  void write(long extent, int at, byte[] bytes, int from, int length, boolean journaled) {
    write(extent, at, length, journaled).put(bytes, from, length);
    written();
  }

  /** Reads what was committed; fills the buffer. */
  void read(long extent, int at, ByteBuffer target) {
    volume.read(offset(extent, at), target);
  }
}
