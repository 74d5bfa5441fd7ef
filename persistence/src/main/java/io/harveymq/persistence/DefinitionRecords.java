package io.harveymq.persistence;

import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.DefinitionStore;
import io.harveymq.broker.store.LogNumbers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The definitions, each in an entry of the directory or, when it is too long for that, in extents
 * that the entry names. The entry of a queue also has how far its log has been delivered. Store
 * thread.
 */
final class DefinitionRecords implements DefinitionStore {
  private static final int INLINE = 1;
  private static final int LENGTH_AT = 4;
  private static final int DELIVERED_AT = 8;
  private static final int HEADER = 16;
  private static final int ROOM = Directory.ENTRY - HEADER;

  /**
   * Bytes of one: more than a frame of AMQP has, and so many that the entry has room for all its
   * pieces, however short they are.
   */
  static final int LARGEST = ROOM / Extent.ENCODED * Slabs.LEAST_PIECE * Extent.BLOCK;

  private static final long[] NONE = {};

  private final Slabs slabs;
  private final Directory directory;
  private final Logs logs;
  private final Map<Object, DefinitionRecord> records = new HashMap<>();

  /** The first number of each stream's logs, and the first behind them. */
  private final NavigableMap<Long, Long> streams = new TreeMap<>();

  private boolean added;
  private List<DefinitionsExport.Change> changes = new ArrayList<>();

  DefinitionRecords(Slabs slabs, Directory directory, Logs logs) {
    this.slabs = slabs;
    this.directory = directory;
    this.logs = logs;
  }

  @Override
  public List<Definition> load() {
    List<Definition> all = new ArrayList<>(records.size());
    records.values().forEach(record -> all.add(record.definition));
    return all;
  }

  Iterable<DefinitionRecord> all() {
    return records.values();
  }

  int count() {
    return records.size();
  }

  /** Whether something was put since the last commit. */
  boolean isAdded() {
    return added;
  }

  void committed() {
    added = false;
  }

  /** What has changed since this was asked last. */
  List<DefinitionsExport.Change> takeChanges() {
    List<DefinitionsExport.Change> taken = changes;
    if (!taken.isEmpty()) {
      changes = new ArrayList<>();
    }
    return taken;
  }

  @Override
  public void put(Definition definition) {
    added = true;
    byte[] bytes = DefinitionCodec.encode(definition);
    boolean inline = bytes.length <= ROOM;
    if (bytes.length > LARGEST) {
      throw new IllegalArgumentException(
          "a definition of " + bytes.length + " bytes, more than the " + LARGEST + " allowed");
    }
    long[] extents = inline ? NONE : slabs.allocateBytes(bytes.length);
    DefinitionRecord old = records.get(definition.key());
    if (old != null) {
      freeExtents(old);
      if (old.definition.log() != definition.log()) {
        unlink(old);
      }
    }
    int entry = old == null ? directory.take() : old.entry;
    DefinitionRecord record = new DefinitionRecord(definition, entry, extents);
    int at = 0;
    for (long extent : extents) {
      int count = Math.min(bytes.length - at, Extent.bytes(extent));
      slabs.write(extent, 0, bytes, at, count, true);
      at += count;
    }
    ByteBuffer to =
        directory
            .range(entry, 0, HEADER + (inline ? bytes.length : ROOM))
            .put((byte) Directory.DEFINITION)
            .put((byte) (inline ? INLINE : 0))
            .putShort((short) extents.length)
            .putInt(bytes.length)
            .putLong(link(record));
    if (inline) {
      to.put(bytes);
    } else {
      putExtents(to, extents);
    }
    records.put(definition.key(), record);
    changes.add(new DefinitionsExport.Change(definition.key(), definition));
  }

  private static void putExtents(ByteBuffer to, long[] extents) {
    for (long extent : extents) {
      BodyRef.writeExtent(to, extent);
    }
    while (to.hasRemaining()) {
      to.put((byte) 0);
    }
  }

  /** Whether what is in a log is somebody's, by its number. */
  boolean isReferredTo(SegmentLog log) {
    if (log.definition != null) {
      return true;
    }
    if (LogNumbers.isBesides(log.number)) {
      SegmentLog first = logs.find(LogNumbers.first(log.number));
      return first != null && first.definition != null;
    }
    Map.Entry<Long, Long> stream = streams.floorEntry(log.number);
    return stream != null && log.number < stream.getValue();
  }

  /** Makes a queue or exchange known to its logs; returns how far the first was delivered. */
  private long link(DefinitionRecord record) {
    Definition definition = record.definition;
    if (definition.log() > 0) {
      if (definition.logNumbers() > definition.logs()) {
        streams.put(definition.log(), definition.log() + definition.logNumbers());
      }
      for (int i = 0; i < definition.logs(); i++) {
        logs.obtain(definition.log() + i).definition = record;
      }
      return logs.find(definition.log()).deliveredUpTo;
    }
    return 0;
  }

  private void unlink(DefinitionRecord record) {
    Definition definition = record.definition;
    if (definition.log() > 0) {
      streams.remove(definition.log());
      for (int i = 0; i < definition.logs(); i++) {
        SegmentLog log = logs.find(definition.log() + i);
        if (log != null && log.definition == record) {
          log.definition = null;
          if (log.isEmpty()) {
            logs.remove(log);
          }
        }
      }
    }
  }

  @Override
  public void remove(Definition definition) {
    DefinitionRecord record = records.remove(definition.key());
    if (record != null) {
      freeExtents(record);
      directory.freeNow(record.entry);
      unlink(record);
      changes.add(new DefinitionsExport.Change(definition.key(), null));
    }
  }

  private void freeExtents(DefinitionRecord record) {
    for (long extent : record.extents) {
      slabs.free(extent);
    }
  }

  /**
   * Writes how far the log of a queue was delivered, if the queue is defined and this is its first
   * log.
   */
  void delivered(SegmentLog log) {
    if (log.definition != null && log.definition.definition.log() == log.number) {
      directory.range(log.definition.entry, DELIVERED_AT, Long.BYTES).putLong(log.deliveredUpTo);
    }
  }

  /**
   * Reads an entry, at a start.
   *
   * @param at where it begins in the buffer
   * @throws RuntimeException when it can't be read; the text says why
   */
  DefinitionRecord found(ByteBuffer from, int at, int entry) {
    int length = from.getInt(at + LENGTH_AT);
    byte[] bytes;
    long[] extents = NONE;
    if (from.get(at + 1) == INLINE) {
      if (length < 0 || length > ROOM) {
        throw new IllegalStateException("a definition of " + length + " bytes in its entry");
      }
      bytes = new byte[length];
      from.get(at + HEADER, bytes);
    } else {
      extents = readExtents(from.slice(at + HEADER, ROOM), from.getShort(at + 2), length);
      bytes = new byte[length];
      int done = 0;
      for (long extent : extents) {
        int count = Math.min(length - done, Extent.bytes(extent));
        slabs.read(extent, 0, ByteBuffer.wrap(bytes, done, count));
        done += count;
      }
    }
    DefinitionRecord record = new DefinitionRecord(DefinitionCodec.decode(bytes), entry, extents);
    if (records.put(record.definition.key(), record) != null) {
      throw new IllegalStateException("a second " + record.definition.key());
    }
    link(record);
    if (record.definition.log() > 0) {
      logs.obtain(record.definition.log()).deliveredUpTo = from.getLong(at + DELIVERED_AT);
    }
    return record;
  }

  private long[] readExtents(ByteBuffer from, int count, int length) {
    if (count < 1 || count * Extent.ENCODED > ROOM) {
      throw new IllegalStateException("a definition in " + count + " parts");
    }
    long[] extents = new long[count];
    long room = 0;
    for (int i = 0; i < count; i++) {
      extents[i] = BodyRef.readExtent(from);
      if (!slabs.allocator().occupy(extents[i])) {
        throw new IllegalStateException("a definition in used space: " + Extent.text(extents[i]));
      }
      room += Extent.bytes(extents[i]);
    }
    if (length < 0 || length > room) {
      throw new IllegalStateException("a definition of " + length + " bytes in " + room);
    }
    return extents;
  }
}
