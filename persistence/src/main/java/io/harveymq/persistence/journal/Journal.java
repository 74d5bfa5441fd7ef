package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The end of the journal, where frames are written. Store thread, but for {@link #close}. */
final class Journal {
  private final JournalKeeper keeper;
  private final List<JournalFile> left = new CopyOnWriteArrayList<>();
  private final List<JournalFile> unforced = new ArrayList<>();
  private volatile JournalFile current;
  private long position;
  private boolean written;

  Journal(JournalKeeper keeper) throws IOException {
    this.keeper = keeper;
    this.current = keeper.start();
  }

  /** Makes sure that so many bytes find room; false when the disk is full. */
  boolean reserve(long bytes) throws IOException {
    return current.capacity() - position >= bytes || keeper.reserve(bytes);
  }

  /** Writes a frame behind the last one, in the next file when this one is full. */
  void write(ByteBuffer frame) throws IOException {
    int size = frame.remaining();
    if (position + size > current.capacity()) {
      JournalFile next = keeper.next(size);
      left.add(current);
      if (written) {
        unforced.add(current);
      }
      current = next;
      position = 0;
    }
    current.write(position, frame);
    position += size;
    written = true;
  }

  /** All frames are on the disk when this returns. */
  void force() throws IOException {
    if (!unforced.isEmpty()) {
      for (JournalFile file : unforced) {
        file.force();
      }
      unforced.clear();
    }
    current.force();
    written = false;
  }

  /** The frames written so far were applied to the base. */
  void applied(BaseFile base) throws IOException {
    if (!left.isEmpty()) {
      base.flush();
      List<JournalFile> files = List.copyOf(left);
      left.clear();
      keeper.filled(files);
    }
  }

  /** Name of the file being written. */
  String currentName() {
    return current.name().toString();
  }

  /** Bytes of frames in the file being written. */
  long position() {
    return position;
  }

  /** Any thread. */
  void close() throws IOException {
    for (JournalFile file : left) {
      file.close();
    }
    current.close();
  }
}
