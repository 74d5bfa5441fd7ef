package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Bodies that lie outside of segments: large ones in extents of their own, small ones that several
 * logs share one after another in a group. Store thread.
 */
final class Bodies {
  /** Bodies that are longer lie outside of segments. */
  static final int LARGE = 16 * 1024;

  /** Properties that are longer lie in front of the body, outside of segments. */
  static final int LARGE_PROPERTIES = 4 * 1024;

  /** Shared bodies that are not longer are written to each log. */
  static final int WORTH_SHARING = 256;

  /** The group that shared bodies are put into, and how far it is filled. */
  private static final class OpenGroup {
    final boolean journaled;
    BodyGroup group;
    int used;

    OpenGroup(boolean journaled) {
      this.journaled = journaled;
    }
  }

  private final Slabs slabs;
  private final OpenGroup open = new OpenGroup(true);
  private final OpenGroup openTransient = new OpenGroup(false);

  Bodies(Slabs slabs) {
    this.slabs = slabs;
  }

  static boolean isLarge(Message message) {
    return message.body().length > LARGE || message.properties().length > LARGE_PROPERTIES;
  }

  static boolean isWorthSharing(Message message) {
    return message.body().length > WORTH_SHARING;
  }

  /**
   * Writes the body of a message.
   *
   * @param journaled whether it is to survive a restart
   */
  BodyRef store(Message message, boolean journaled) {
    int inFront = inFront(message);
    int length = inFront + message.body().length;
    BodyRef ref =
        isLarge(message)
            ? inExtentsOfItsOwn(length)
            : inGroup(journaled ? open : openTransient, length);
    int at = ref.offset();
    at = copy(message.properties(), inFront, ref.group(), at, journaled);
    copy(message.body(), message.body().length, ref.group(), at, journaled);
    return ref;
  }

  /** Bytes of the properties that are put in front of the body. */
  static int inFront(Message message) {
    int length = message.properties().length;
    return length > LARGE_PROPERTIES ? length : 0;
  }

  private BodyRef inExtentsOfItsOwn(int length) {
    BodyGroup group = new BodyGroup(slabs.allocateBytes(length));
    return new BodyRef(group, group.extents, 0, length);
  }

  private BodyRef inGroup(OpenGroup to, int length) {
    if (to.group == null || !fits(to, length)) {
      int blocks = Extent.blocksFor(length);
      int wanted = blocks;
      if (to.group != null) {
        wanted = Math.min(Extent.SLAB_BLOCKS, 2 * Extent.blocks(to.group.extents[0]));
        close(to);
      }
      wanted = Math.max(blocks, wanted);
      to.group = new BodyGroup(new long[] {slabs.allocate(wanted, blocks)});
      to.group.references = 1;
      to.used = 0;
    }
    int offset = to.used;
    to.used += length;
    long extent = Extent.resized(to.group.extents[0], Extent.blocksFor(to.used));
    return new BodyRef(to.group, new long[] {extent}, offset, length);
  }

  private boolean fits(OpenGroup to, int length) {
    long extent = to.group.extents[0];
    int needed = Extent.blocksFor(to.used + length);
    if (needed <= Extent.blocks(extent)) {
      return true;
    }
    if (needed > Extent.SLAB_BLOCKS) {
      return false;
    }
    int wanted = Math.max(needed, Math.min(Extent.SLAB_BLOCKS, 2 * Extent.blocks(extent)));
    long longer = slabs.extend(extent, wanted, needed);
    if (longer != 0) {
      to.group.extents[0] = longer;
    }
    return longer != 0;
  }

  private void close(OpenGroup to) {
    BodyGroup group = to.group;
    to.group = null;
    group.extents[0] = slabs.trim(group.extents[0], Extent.blocksFor(to.used));
    release(group);
  }

  private int copy(byte[] bytes, int length, BodyGroup to, int at, boolean journaled) {
    int done = 0;
    int start = 0;
    for (int i = 0; done < length; i++) {
      long extent = to.extents[i];
      int end = start + Extent.bytes(extent);
      int from = at + done;
      if (from < end) {
        int count = Math.min(length - done, end - from);
        slabs.write(extent, from - start, bytes, done, count, journaled);
        done += count;
      }
      start = end;
    }
    return at + length;
  }

  /** Notes that a record in a segment refers to a body. */
  void refer(Segment from, BodyRef to) {
    from.addExternal(to.length());
    if (from.refersTo(to.group())) {
      to.group().references++;
    }
  }

  /** A segment does not refer to anything any more. */
  void releaseAll(Segment segment) {
    for (BodyGroup group : segment.groups()) {
      release(group);
    }
    segment.dropGroups();
  }

  private void release(BodyGroup group) {
    if (--group.references == 0) {
      for (long extent : group.extents) {
        slabs.free(extent);
      }
    }
  }

  /** Lets go of a group that nothing refers to; before a commit. */
  void tidy() {
    tidy(open);
    tidy(openTransient);
  }

  private void tidy(OpenGroup to) {
    if (to.group != null && to.group.references == 1) {
      close(to);
    }
  }

  /** Reads so many bytes of a body from there on. */
  byte[] read(BodyRef ref, int from, int length) {
    byte[] bytes = new byte[length];
    int at = ref.offset() + from;
    int done = 0;
    int start = 0;
    for (int i = 0; done < length; i++) {
      long extent = ref.extents()[i];
      int end = start + Extent.bytes(extent);
      if (at + done < end) {
        int count = Math.min(length - done, end - at - done);
        slabs.read(extent, at + done - start, ByteBuffer.wrap(bytes, done, count));
        done += count;
      }
      start = end;
    }
    return bytes;
  }

  /** Adds the extents of the groups that are being filled. */
  void forEachOpen(java.util.function.Consumer<BodyGroup> action) {
    if (open.group != null) {
      action.accept(open.group);
    }
    if (openTransient.group != null) {
      action.accept(openTransient.group);
    }
  }

  /** Groups found at a start, by where they begin. */
  static final class Found {
    private final Map<Long, BodyGroup> groups = new HashMap<>();

    /** Notes that a record refers to a group; its extents grow to what all references say. */
    BodyRef refer(BodyRef ref) {
      BodyGroup group =
          groups.computeIfAbsent(
              Extent.start(ref.extents()[0]), key -> new BodyGroup(ref.extents().clone()));
      if (Extent.blocks(group.extents[0]) < Extent.blocks(ref.extents()[0])) {
        group.extents[0] = ref.extents()[0];
      }
      return new BodyRef(group, ref.extents(), ref.offset(), ref.length());
    }

    Iterable<BodyGroup> all() {
      return groups.values();
    }
  }
}
