package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.persistence.journal.JournaledVolume;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The logs and their messages, in segments. Store thread. */
final class MessageLogs implements MessageStore {
  /** Bytes of a batch that a message takes at least, as batches are counted. */
  private static final int LEAST_PER_MESSAGE = 600;

  /** What a commit may have in the journal besides: frames, lines of MapDB, rewritten segments. */
  private static final int MARGIN = 1 << 20;

  private static final int MARGIN_PART = 8;

  /** Changes that need no space are cut into commits of about that size when it is short. */
  private static final int LARGE_COMMIT = 256 * 1024;

  private static final int ENTRIES_PER_COMMIT = 1_024;
  private static final long ENTRY_JOURNALED = Directory.ENTRY + 32;

  private final JournaledVolume volume;
  private final Slabs slabs;
  private final Directory directory;
  private final Logs logs;
  private final DefinitionRecords definitions;
  private final Segments segments;
  private final SparseSegments sparse;
  private final RecordFinder finder;
  private final Appender appender;
  private final MessageRecord.Reader reader;
  private Runnable whenCommitted = () -> {};
  private volatile boolean committing;

  /** Since the last commit: {@link #reserve} said no; something was added. */
  private boolean refused;

  private boolean added;
  private long lookAgainAt = LARGE_COMMIT;

  MessageLogs(
      JournaledVolume volume,
      Slabs slabs,
      Directory directory,
      Logs logs,
      DefinitionRecords definitions,
      Segments segments) {
    this.volume = volume;
    this.slabs = slabs;
    this.directory = directory;
    this.logs = logs;
    this.definitions = definitions;
    this.segments = segments;
    this.sparse = new SparseSegments(segments, slabs);
    this.finder = new RecordFinder(segments);
    this.appender = new Appender(segments, finder);
    this.reader = new MessageRecord.Reader(segments.bodies());
  }

  /** Sets what is done after each commit. */
  void whenCommitted(Runnable action) {
    whenCommitted = action;
  }

  @Override
  public List<Log> logs() {
    List<Log> found = new ArrayList<>();
    for (SegmentLog log : logs.all()) {
      if (!log.isEmpty() || log.deliveredUpTo > 0) {
        found.add(describe(log));
      }
    }
    return found;
  }

  private static Log describe(SegmentLog log) {
    int messages = 0;
    long bytes = 0;
    long first = -1;
    boolean hasDue = false;
    for (Segment segment : log.segments()) {
      if (segment.live > 0 && first < 0) {
        first = segment.nextLive(0);
      }
      messages += segment.live;
      bytes += segment.liveBytes;
      hasDue |= (segment.flags & Segment.HAS_DUE) != 0;
    }
    long next = log.nextPosition();
    long firstLive = first < 0 ? next : first;
    return new Log(log.number, messages, bytes, firstLive, next, log.deliveredUpTo, hasDue);
  }

  @Override
  public boolean reserve(long bytes) {
    if (bytes == 0) {
      slabs.settled();
      return true;
    }
    boolean room = hasRoom(bytes);
    refused = !room;
    return room;
  }

  private boolean hasRoom(long bytes) {
    // At worst all messages are empty and each begins a segment, for which it has an entry, too:
    // of 600 bytes it takes 528 then, three blocks and an entry.
    long entries = bytes / LEAST_PER_MESSAGE + 1;
    long blocks = bytes / Extent.BLOCK + entries;
    // A slab may keep a quarter free, because the next record doesn't fit.
    long needed = blocks * 4 / 3 / Extent.SLAB_BLOCKS + entries / Extent.SLAB_BLOCKS + 3;
    long journaled = bytes + bytes / MARGIN_PART + entries * Directory.ENTRY + MARGIN;
    return volume.reserveCommit(journaled)
        && slabs.reserve((int) Math.min(Integer.MAX_VALUE, needed));
  }

  @Override
  public void append(long log, long position, Message message, long due, boolean survives) {
    added = true;
    appender.append(logs.obtain(log), position, message, due, survives);
  }

  /** Adds a message whose body, when there is a reference to it, is in the store already. */
  void append(SegmentLog log, StoredMessage stored, BodyRef ref) {
    added = true;
    appender.append(log, stored, ref);
  }

  @Override
  public void ack(long log, long position, int size) {
    appender.flush();
    SegmentLog from = logs.find(log);
    Segment segment = from == null ? null : from.findLive(position);
    if (segment != null) {
      segments.changes(segment);
      segment.clear(position, size);
      wentDown(segment);
    }
  }

  private void wentDown(Segment segment) {
    segments.wentDown(segment);
    if (segment.closed) {
      sparse.consider(segment);
    }
  }

  @Override
  public void drop(long log, long from, long to) {
    appender.flush();
    SegmentLog dropped = logs.find(log);
    if (dropped == null) {
      return;
    }
    dropMany(dropped, from, to);
    for (int i = Math.max(0, dropped.indexOf(from)); i < dropped.size(); ) {
      Segment segment = dropped.get(i);
      if (segment.first >= to) {
        return;
      }
      if (segment.nextLive(from) < Math.min(to, segment.first + segment.span)) {
        segments.changes(segment);
        segment.clear(from, to);
        wentDown(segment);
      }
      if (!segment.gone) {
        i++;
      }
    }
  }

  /** Cuts out the segments that are in a range as a whole, when they are many. */
  private void dropMany(SegmentLog log, long from, long to) {
    int first = Math.max(0, log.indexOf(from));
    if (first < log.size() && log.get(first).first < from) {
      first++;
    }
    int until = log.indexOf(to) + 1;
    while (until > first && (isOpen(log, until - 1) || end(log.get(until - 1)) > to)) {
      until--;
    }
    if (until - first > DroppedSegments.FEW && !segments.dropped().add(log, first, until)) {
      log.cut(first, until).forEach(segments::free);
    }
  }

  private static boolean isOpen(SegmentLog log, int index) {
    return !log.get(index).closed;
  }

  private static long end(Segment segment) {
    return segment.first + segment.span;
  }

  @Override
  public void delivered(long log, long upTo) {
    SegmentLog delivered = logs.find(log);
    if (delivered != null && delivered.deliveredUpTo < upTo) {
      delivered.deliveredUpTo = upTo;
      definitions.delivered(delivered);
    }
  }

  @Override
  public void returned(long log, long position, int deliveries) {
    appender.flush();
    splitWhenFull();
    SegmentLog to = logs.find(log);
    Segment segment = to == null ? null : to.findLive(position);
    if (segment != null) {
      int at = finder.find(segment, position) + MessageRecord.DELIVERIES_AT;
      segments.write(segment, at, Short.BYTES).putShort((short) Math.min(deliveries, 0xFFFF));
      segments.written();
      segment.appendedIn = segments.commit();
    }
  }

  @Override
  public void remove(long log) {
    appender.flush();
    SegmentLog removed = logs.find(log);
    if (removed != null) {
      segments.dropped().addAll(removed);
      removed.deliveredUpTo = 0;
      if (removed.definition == null) {
        logs.remove(removed);
      } else {
        definitions.delivered(removed);
      }
    }
  }

  @Override
  public List<StoredMessage> read(long log, long from, int maxBytes) {
    List<StoredMessage> found = new ArrayList<>();
    SegmentLog read = logs.find(log);
    long left = maxBytes;
    if (read != null) {
      for (int i = Math.max(0, read.indexOf(from)); i < read.size() && left > 0; i++) {
        if (read.get(i).hasLiveFrom(from)) {
          left = read(read.get(i), from, left, found);
        }
      }
    }
    return found;
  }

  private long read(Segment segment, long from, long maxBytes, List<StoredMessage> found) {
    ByteBuffer records = segments.read(segment);
    long left = maxBytes;
    int end = segment.used;
    for (int at = 0, length; at < end && left > 0; at += length) {
      length = MessageRecord.length(records, at, end);
      long position = segment.first + MessageRecord.position(records, at);
      if (position >= from && segment.isLive(position)) {
        int bytes = MessageRecord.messageBytes(records, at);
        if (bytes > left && !found.isEmpty()) {
          return 0;
        }
        left -= bytes;
        found.add(reader.stored(segment.first, records, at));
      }
    }
    return left;
  }

  @Override
  public long skip(long log, long from, long count) {
    SegmentLog asked = logs.find(log);
    long left = count;
    for (int i = asked == null ? 0 : Math.max(0, asked.indexOf(from));
        asked != null && i < asked.size();
        i++) {
      Segment segment = asked.get(i);
      int live = segment.countLive(from, Long.MAX_VALUE);
      if (live > left) {
        return segment.skipLive(from, (int) left);
      }
      left -= live;
    }
    return Long.MAX_VALUE;
  }

  @Override
  public long count(long log, long from, long to) {
    SegmentLog asked = logs.find(log);
    long live = 0;
    for (int i = asked == null ? 0 : Math.max(0, asked.indexOf(from));
        asked != null && i < asked.size() && asked.get(i).first < to;
        i++) {
      live += asked.get(i).countLive(from, to);
    }
    return live;
  }

  @Override
  public Arrival arrival(long log, long from) {
    SegmentLog asked = logs.find(log);
    if (asked != null) {
      for (int i = Math.max(0, asked.indexOf(from)); i < asked.size(); i++) {
        if (asked.get(i).hasLiveFrom(from)) {
          return arrival(asked.get(i), from);
        }
      }
    }
    return null;
  }

  private Arrival arrival(Segment segment, long from) {
    ByteBuffer records = segments.read(segment);
    int end = segment.used;
    for (int at = 0, length; at < end; at += length) {
      length = MessageRecord.length(records, at, end);
      long position = segment.first + MessageRecord.position(records, at);
      if (position >= from && segment.isLive(position)) {
        return new Arrival(position, MessageRecord.arrived(records, at));
      }
    }
    return null;
  }

  @Override
  public void commit(Runnable whenDurable) {
    committing = true;
    appender.flush();
    appender.forget();
    slabs.settled();
    if (!refused && volume.reserveCommit(volume.uncommittedBytes() + SparseSegments.JOURNALED)) {
      sparse.work();
    }
    segments.bodies().tidy();
    writeEntries();
    volume.commit(whenDurable);
    refused = false;
    added = false;
    lookAgainAt = LARGE_COMMIT;
    slabs.committed();
    directory.committed();
    definitions.committed();
    segments.committed();
    finder.committed();
    committing = false;
    whenCommitted.run();
  }

  /** In commits of their own when the journals have no room for one. */
  private void writeEntries() {
    segments.beginEntries(definitions::isReferredTo);
    long written = volume.uncommittedBytes();
    boolean fits = volume.reserveCommit(written + segments.unwritten() * ENTRY_JOURNALED);
    if (fits) {
      segments.writeEntries(Integer.MAX_VALUE);
      return;
    }
    while (segments.unwritten() > 0) {
      volume.commit(() -> {});
      segments.writeEntries(ENTRIES_PER_COMMIT);
    }
  }

  /** What needs no space never does, however much of it there is. */
  private void splitWhenFull() {
    long size = volume.uncommittedBytes();
    if (size > lookAgainAt && !added && !definitions.isAdded()) {
      lookAgainAt = 2 * size;
      if (!volume.reserveCommit(lookAgainAt)) {
        commit(() -> {});
      }
    }
  }

  /** Whether something waits for a commit, or one is under way or has failed. Any thread. */
  boolean isChanged() {
    return committing || appender.isChanged() || segments.isChanged() || slabs.isChanged();
  }

  /** Whether a commit would find something to tidy up. */
  boolean isTidy() {
    return sparse.isIdle() && segments.dropped().isEmpty();
  }
}
