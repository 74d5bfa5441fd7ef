package io.harveymq.persistence;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which blocks of which slabs are used: a bitmap for each slab. It knows nothing of files and is
 * made anew at each start from what is live. Small runs fill slabs that are partly used, lowest
 * first. Store thread.
 */
final class SlabAllocator {
  private static final int WORDS = 4;
  private static final int FREE = 8;
  private static final int TRIES = 8;

  private long[] used = new long[WORDS * 16];
  private byte[] longest = new byte[16];
  private int slabs;
  private long usedBlocks;
  private int freeSlabs;

  /** Slabs by the logarithm of their longest free run; those that are all free come last. */
  private final BitSet[] byRoom = new BitSet[FREE + 1];

  SlabAllocator() {
    Arrays.setAll(byRoom, i -> new BitSet());
  }

  /** Adds a slab that is all free; its number is the one after the last. */
  int addSlab() {
    if (slabs == longest.length) {
      longest = Arrays.copyOf(longest, 2 * slabs);
      used = Arrays.copyOf(used, WORDS * longest.length);
    }
    used[WORDS * slabs] = 1;
    longest[slabs] = (byte) Extent.SLAB_BLOCKS;
    byRoom[FREE].set(slabs);
    freeSlabs++;
    return slabs++;
  }

  int slabs() {
    return slabs;
  }

  /** Slabs that are all free. */
  int freeSlabs() {
    return freeSlabs;
  }

  /** Blocks in use, in all slabs. */
  long usedBlocks() {
    return usedBlocks;
  }

  /**
   * Takes a run of blocks.
   *
   * @param fromFreeSlab whether a slab that is all free may be begun
   * @return 0 when there is none
   */
  long allocate(int blocks, boolean fromFreeSlab) {
    if (blocks < 1 || blocks > Extent.SLAB_BLOCKS) {
      throw new IllegalArgumentException("no slab has " + blocks + " blocks");
    }
    if (blocks < Extent.SLAB_BLOCKS) {
      int room = log(blocks);
      int tries = TRIES;
      BitSet tight = byRoom[room];
      for (int slab = tight.nextSetBit(0); slab >= 0 && tries-- > 0; ) {
        if (longest(slab) >= blocks) {
          return take(slab, blocks);
        }
        slab = tight.nextSetBit(slab + 1);
      }
      for (int i = room + 1; i < FREE; i++) {
        int slab = byRoom[i].nextSetBit(0);
        if (slab >= 0) {
          return take(slab, blocks);
        }
      }
    }
    int slab = fromFreeSlab ? byRoom[FREE].nextSetBit(0) : -1;
    return slab < 0 ? 0 : take(slab, blocks);
  }

  /**
   * Takes a long run of blocks in a slab that is partly used.
   *
   * @return 0 when there is none of the least length
   */
  long allocateRest(int least, int most) {
    for (int i = FREE - 1; i > log(least); i--) {
      int slab = byRoom[i].nextSetBit(0);
      if (slab >= 0) {
        return take(slab, Math.min(most, longest(slab)));
      }
    }
    return 0;
  }

  private long take(int slab, int blocks) {
    int best = 0;
    int bestLength = Integer.MAX_VALUE;
    for (int from = nextFree(slab, 1); from <= Extent.SLAB_BLOCKS; ) {
      int until = nextUsed(slab, from);
      int length = until - from;
      if (length >= blocks && length < bestLength) {
        best = from;
        bestLength = length;
      }
      from = nextFree(slab, until);
    }
    mark(slab, best, blocks, true);
    return Extent.of(slab, best, blocks);
  }

  /**
   * Makes an extent longer at its end.
   *
   * @return false, and nothing changed, when the blocks behind it are used
   */
  boolean extend(long extent, int blocks) {
    int slab = Extent.slab(extent);
    int from = Extent.block(extent) + Extent.blocks(extent);
    int more = blocks - Extent.blocks(extent);
    if (from + more > Extent.SLAB_BLOCKS + 1 || nextUsed(slab, from) < from + more) {
      return false;
    }
    mark(slab, from, more, true);
    return true;
  }

  /** Notes a run as used; false, and nothing changed, when it is not free or not there. */
  boolean occupy(long extent) {
    int slab = Extent.slab(extent);
    int from = Extent.block(extent);
    int until = from + Extent.blocks(extent);
    if (slab < 0
        || slab >= slabs
        || from == 0
        || from == until
        || until > Extent.SLAB_BLOCKS + 1
        || nextUsed(slab, from) < until) {
      return false;
    }
    mark(slab, from, until - from, true);
    return true;
  }

  void free(long extent) {
    mark(Extent.slab(extent), Extent.block(extent), Extent.blocks(extent), false);
  }

  /** Whether two allocators have the same blocks in use. */
  boolean sameAs(SlabAllocator other) {
    return slabs == other.slabs
        && Arrays.equals(used, 0, WORDS * slabs, other.used, 0, WORDS * slabs);
  }

  private void mark(int slab, int from, int count, boolean use) {
    int room = room(slab);
    for (int i = from; i < from + count; i++) {
      int word = WORDS * slab + (i >> 6);
      assert (used[word] & 1L << i) == 0 == use : Extent.text(Extent.of(slab, from, count));
      used[word] ^= 1L << i;
    }
    usedBlocks += use ? count : -count;
    longest[slab] = (byte) findLongest(slab);
    int roomNow = room(slab);
    if (room != roomNow) {
      move(slab, room, roomNow);
    }
  }

  private void move(int slab, int from, int to) {
    if (from >= 0) {
      byRoom[from].clear(slab);
    }
    if (to >= 0) {
      byRoom[to].set(slab);
    }
    if (from == FREE) {
      freeSlabs--;
    } else if (to == FREE) {
      freeSlabs++;
    }
  }

  private int longest(int slab) {
    return longest[slab] & 0xFF;
  }

  private int room(int slab) {
    int run = longest(slab);
    return run == Extent.SLAB_BLOCKS ? FREE : run == 0 ? -1 : log(run);
  }

  private static int log(int count) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count);
  }

  private int findLongest(int slab) {
    int best = 0;
    for (int from = nextFree(slab, 1); from <= Extent.SLAB_BLOCKS; ) {
      int until = nextUsed(slab, from);
      best = Math.max(best, until - from);
      from = nextFree(slab, until);
    }
    return best;
  }

  /** The first free block from there on, or 256. */
  private int nextFree(int slab, int from) {
    return next(slab, from, -1);
  }

  /** The first used block from there on, or 256. */
  private int nextUsed(int slab, int from) {
    return next(slab, from, 0);
  }

  private int next(int slab, int from, long flip) {
    int at = from >> 6;
    if (at >= WORDS) {
      return WORDS * Long.SIZE;
    }
    long word = (used[WORDS * slab + at] ^ flip) & -1L << from;
    while (word == 0) {
      if (++at == WORDS) {
        return WORDS * Long.SIZE;
      }
      word = used[WORDS * slab + at] ^ flip;
    }
    return at * Long.SIZE + Long.numberOfTrailingZeros(word);
  }
}
