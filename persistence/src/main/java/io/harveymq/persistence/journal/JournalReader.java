package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the journals of an epoch in order and finds where they end: at the first frame that is not
 * the next one. A valid frame of a later transaction behind that is damage, not a torn tail, since
 * a transaction is only begun when the one before it is on the disk. Changes nothing. The thread
 * that opens the store.
 */
final class JournalReader implements AutoCloseable {
  private static final int CHUNK = 1 << 20;
  private static final long UNKNOWN = -1;

  /** Takes what was committed, in order. */
  interface Sink {
    /** A transaction begins that needs a base file of this length. */
    void begin(long baseLength) throws IOException;

    /** Bytes of this transaction that belong at an offset. */
    void range(long offset, ByteBuffer bytes) throws IOException;

    /** The transaction is complete; the position is for messages on progress. */
    void end(long sequence, String file) throws IOException;
  }

  /**
   * Where one frame of a transaction was expected, and where a later transaction follows
   * nevertheless.
   */
  record Damage(
      String file,
      long offset,
      long sequence,
      String laterFile,
      long laterOffset,
      long laterSequence) {

    /** Whether the journal goes on behind it. */
    boolean hasLater() {
      return laterFile != null;
    }

    @Override
    public String toString() {
      if (!hasLater()) {
        return file
            + " at offset "
            + offset
            + " has no valid record, and no journal has any behind it";
      }
      return file
          + " at offset "
          + offset
          + " has no valid record"
          + (sequence == UNKNOWN ? "" : " of transaction " + sequence)
          + ", but transaction "
          + laterSequence
          + " follows in "
          + laterFile
          + " at offset "
          + laterOffset;
    }
  }

  private record Place(int file, long position) {}

  private record Found(Place place, Frame.Header header) {}

  private final StoreState state;
  private final List<JournalFile.Name> names = new ArrayList<>();
  private final List<StoreFile> files = new ArrayList<>();
  private final List<Long> sizes = new ArrayList<>();
  private final List<Place> parts = new ArrayList<>();
  private ByteBuffer buffer = ByteBuffer.allocate(CHUNK);

  private Place end;
  private long expected;
  private long lastSequence;
  private long transactions;

  JournalReader(StoreFiles directory, StoreState state) throws IOException {
    this.state = state;
    this.lastSequence = state.sequence();
    try {
      for (JournalFile.Name name : JournalFile.Name.allIn(directory)) {
        if (name.epoch() == state.epoch()) {
          names.add(name);
          files.add(directory.openToRead(name.toString()));
          sizes.add(files.get(files.size() - 1).size());
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Reads from the beginning to where the journal ends; null when that is a proper end. */
  Damage read(Sink sink) throws IOException {
    boolean complete = names.isEmpty() || names.get(0).number() == 1;
    expected = complete ? state.sequence() + 1 : UNKNOWN;
    return readFrom(new Place(0, 0), sink);
  }

  /** Goes on behind a damage with the transaction found there. */
  Damage readBehind(Damage damage, Sink sink) throws IOException {
    if (!damage.hasLater()) {
      return null;
    }
    int file = 0;
    while (!names.get(file).toString().equals(damage.laterFile())) {
      file++;
    }
    expected = UNKNOWN;
    return readFrom(new Place(file, damage.laterOffset()), sink);
  }

  /** Of the last complete transaction. */
  long lastSequence() {
    return lastSequence;
  }

  /** How many transactions were complete. */
  long transactions() {
    return transactions;
  }

  private Damage readFrom(Place start, Sink sink) throws IOException {
    parts.clear();
    end = start;
    boolean first = true;
    for (int file = start.file(); file < names.size(); file++) {
      long position = file == start.file() ? start.position() : 0;
      Frame.Header header = frameAt(file, position);
      if (!first && !isNext(header)) {
        continue; // prepared and not begun, or nothing but history
      }
      first = false;
      while (isNext(header)) {
        take(new Place(file, position), header, sink);
        position += Frame.HEADER + header.bodyLength();
        header = frameAt(file, position);
      }
      end = new Place(file, position);
    }
    return damage();
  }

  private boolean isNext(Frame.Header header) {
    if (header == null) {
      return false;
    }
    return expected == UNKNOWN || header.sequence() == expected && header.part() == parts.size();
  }

  private void take(Place place, Frame.Header header, Sink sink) throws IOException {
    if (expected == UNKNOWN && header.part() > 0) {
      // the rest of a transaction that began in a file no longer needed
      if (header.last()) {
        expected = header.sequence() + 1;
        lastSequence = header.sequence();
      }
      return;
    }
    expected = header.sequence();
    parts.add(place);
    if (!header.last()) {
      return;
    }
    sink.begin(header.baseLength());
    for (Place part : parts) {
      if (parts.size() > 1) {
        frameAt(part.file(), part.position());
      }
      ranges(sink);
    }
    parts.clear();
    lastSequence = header.sequence();
    expected = lastSequence + 1;
    transactions++;
    sink.end(lastSequence, names.get(place.file()).toString());
  }

  /** Hands out the ranges of the frame in the buffer. */
  private void ranges(Sink sink) throws IOException {
    int until = buffer.limit();
    for (int at = Frame.HEADER; at < until; ) {
      long offset = buffer.getLong(at);
      int length = buffer.getInt(at + 8);
      at += Frame.RANGE_HEADER;
      sink.range(offset, buffer.slice(at, length));
      at += length;
    }
  }

  /**
   * Reads the frame at a position into the buffer, from 0 to limit; null when there is no intact
   * one of this epoch.
   */
  private Frame.Header frameAt(int file, long position) throws IOException {
    long rest = sizes.get(file) - position;
    if (rest < Frame.HEADER) {
      return null;
    }
    files.get(file).read(position, buffer.clear().limit(Frame.HEADER));
    Frame.Header header = Frame.Header.of(buffer, 0);
    if (header == null
        || header.epoch() != state.epoch()
        || header.bodyLength() > rest - Frame.HEADER) {
      return null;
    }
    int size = Frame.HEADER + header.bodyLength();
    if (buffer.capacity() < size) {
      buffer = ByteBuffer.allocate(size);
    }
    files.get(file).read(position, buffer.clear().limit(size));
    return Frame.isIntact(buffer.rewind(), state.salt()) ? header : null;
  }

  private Damage damage() throws IOException {
    Found later = null;
    for (int file = end.file(); file < names.size() && later == null; file++) {
      later = scan(file, file == end.file() ? end.position() : 0);
    }
    if (later == null) {
      boolean beginningLost = expected == UNKNOWN && !names.isEmpty();
      return beginningLost
          ? new Damage(names.get(end.file()).toString(), end.position(), UNKNOWN, null, 0, 0)
          : null;
    }
    return new Damage(
        names.get(end.file()).toString(),
        end.position(),
        expected,
        names.get(later.place().file()).toString(),
        later.place().position(),
        later.header().sequence());
  }

  /**
   * Looks at every byte from a position on for a frame of a transaction later than the one
   * expected.
   */
  private Found scan(int file, long from) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long size = sizes.get(file);
    for (long start = from; start + Frame.HEADER <= size; start += CHUNK - Frame.HEADER) {
      files.get(file).read(start, chunk.clear().limit((int) Math.min(CHUNK, size - start)));
      for (int at = 0; at + Frame.HEADER <= chunk.limit(); at++) {
        if (chunk.get(at) == (byte) (Frame.MAGIC >>> 24) && isLater(chunk, at)) {
          Frame.Header header = frameAt(file, start + at);
          if (header != null) {
            return new Found(new Place(file, start + at), header);
          }
        }
      }
    }
    return null;
  }

  private boolean isLater(ByteBuffer chunk, int at) {
    Frame.Header header = Frame.Header.of(chunk, at);
    return header != null
        && header.epoch() == state.epoch()
        && header.sequence() > Math.max(expected, lastSequence);
  }

  @Override
  public void close() throws IOException {
    for (StoreFile file : files) {
      file.close();
    }
  }
}
