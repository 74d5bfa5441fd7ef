package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The frames of the open commit, and buffers for them to use again. A large one takes more, in the
 * heap. What comes from the overlay goes first, so that ranges win. Store thread.
 */
final class Transaction {
  private static final int POOLED = 4;

  private final int frameSize;
  private final Deque<Frame> pool = new ArrayDeque<>();
  private final List<Frame> frames = new ArrayList<>();
  private final List<Frame> lines = new ArrayList<>();

  /** Frames outside of the heap that there are. */
  private int direct;

  Transaction(int frameSize) {
    this.frameSize = frameSize;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Of the frames that are not in the journal. */
  long bytes() {
    long bytes = 0;
    for (int i = 0; i < frames.size(); i++) {
      bytes += frames.get(i).size();
    }
    return bytes;
  }

  ByteBuffer range(long offset, int length) {
    return room(frames, length).add(offset, length);
  }

  /**
   * The last frame of a list, or a new one behind it when that has no room for a range of so many
   * bytes.
   */
  private Frame room(List<Frame> list, int length) {
    Frame last = list.isEmpty() ? null : list.get(list.size() - 1);
    if (last != null && last.hasRoom(length)) {
      return last;
    }
    Frame frame = pool.peekLast();
    if (frame != null && frame.hasRoom(length)) {
      pool.removeLast();
    } else {
      int size = Math.max(frameSize, Frame.HEADER + Frame.RANGE_HEADER + length);
      boolean kept = size == frameSize && direct < POOLED;
      direct += kept ? 1 : 0;
      frame = new Frame(size, kept);
    }
    list.add(frame);
    return frame;
  }

  /** Writes all frames; the journal is then to be forced. */
  void write(Journal journal, Overlay overlay, long sequence, StoreState state, long baseLength)
      throws IOException {
    if (!overlay.isEmpty()) {
      overlay.forEachRange(
          (offset, bytes, from, length) -> room(lines, length).add(offset, bytes, from, length));
      lines.addAll(frames);
      frames.clear();
      frames.addAll(lines);
      lines.clear();
    }
    int count = frames.size();
    for (int part = 0; part < count; part++) {
      journal.write(frames.get(part).seal(sequence, part, part == count - 1, state, baseLength));
    }
  }

  /** Writes all ranges to where they belong, and is empty again. */
  void apply(BaseFile base) throws IOException {
    for (Frame frame : frames) {
      frame.apply(base);
      if (frame.isDirect()) {
        frame.clear();
        pool.addLast(frame);
      }
    }
    frames.clear();
  }
}
