package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What MapDB wrote since the last commit, in pages of 1 KiB with a mask of their dirty 16-byte
 * lines: MapDB aligns everything to 16 bytes, so that a line never holds anybody else's bytes.
 * MapDB writes rarely; this is simple, not fast. Store thread.
 */
final class Overlay {
  private static final int PAGE_SHIFT = 10;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int LINE = 16;
  private static final int LINES = PAGE / LINE;

  private final BaseFile base;
  private final Map<Long, Page> pages = new HashMap<>();

  private static final class Page {
    final byte[] bytes = new byte[PAGE];
    long dirty;
  }

  Overlay(BaseFile base) {
    this.base = base;
  }

  boolean isEmpty() {
    return pages.isEmpty();
  }

  void clear() {
    pages.clear();
  }

  void put(long offset, byte[] source, int from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = offset + done;
      int within = (int) (at & PAGE - 1);
      int count = Math.min(length - done, PAGE - within);
      Page page = pages.computeIfAbsent(at >>> PAGE_SHIFT, key -> new Page());
      touch(page, at - within, within, count);
      System.arraycopy(source, from + done, page.bytes, within, count);
      done += count;
    }
  }

  /** Marks lines; those that are new here and not overwritten as a whole are read from the base. */
  private void touch(Page page, long start, int within, int count) throws IOException {
    for (int line = within / LINE; line <= (within + count - 1) / LINE; line++) {
      if ((page.dirty & 1L << line) == 0) {
        page.dirty |= 1L << line;
        boolean whole = within <= line * LINE && within + count >= (line + 1) * LINE;
        if (!whole) {
          base.read(start + line * LINE, ByteBuffer.wrap(page.bytes, line * LINE, LINE));
        }
      }
    }
  }

  /**
   * Puts what is dirty of a stretch over what was read from the base into the target at its
   * position.
   */
  void read(long offset, ByteBuffer target, int length) {
    for (long at = offset; at < offset + length; ) {
      int within = (int) (at & PAGE - 1);
      int count = (int) Math.min(offset + length - at, PAGE - within);
      Page page = pages.get(at >>> PAGE_SHIFT);
      if (page != null) {
        for (int i = within; i < within + count; i++) {
          if ((page.dirty & 1L << i / LINE) != 0) {
            target.put(target.position() + (int) (at - offset) + i - within, page.bytes[i]);
          }
        }
      }
      at += count;
    }
  }

  /** Whether any byte of a stretch is dirty. */
  boolean overlaps(long offset, int length) {
    for (long line = offset / LINE; line <= (offset + length - 1) / LINE; line++) {
      Page page = pages.get(line / LINES);
      if (page != null && (page.dirty & 1L << line % LINES) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Hands out the dirty lines, those beside each other in a page as one range. */
  void forEachRange(RangeSink sink) {
    pages.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> ranges(entry.getKey() << PAGE_SHIFT, entry.getValue(), sink));
  }

  private static void ranges(long start, Page page, RangeSink sink) {
    int line = 0;
    while (line < LINES) {
      line += Math.min(LINES - line, Long.numberOfTrailingZeros(page.dirty >>> line));
      int count = line < LINES ? Long.numberOfTrailingZeros(~(page.dirty >>> line)) : 0;
      count = Math.min(count, LINES - line);
      if (count > 0) {
        sink.range(start + line * LINE, page.bytes, line * LINE, count * LINE);
      }
      line += count;
    }
  }

  /** Takes ranges. */
  interface RangeSink {
    void range(long offset, byte[] bytes, int from, int length);
  }
}
