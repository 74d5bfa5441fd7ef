package io.harveymq.persistence;

import io.harveymq.broker.store.StoredMessage;
import io.harveymq.persistence.journal.DiskFiles;
import io.harveymq.persistence.journal.StoreFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what is live into a new file and puts that in the place of the old one. The store is not
 * in use meanwhile. Used once, by one thread.
 */
final class Compaction {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
  private static final String WORK = "compact.tmp";
  private static final String BASE = "store.db";
  private static final String STATE = "store.state";
  private static final int BATCH_BYTES = 4 << 20;
  private static final Runnable NOTHING = () -> {};

  /** Where bodies that lie outside of segments went. */
  private record Place(long start, int offset) {}

  private final Path directory;
  private final StoreOptions options;
  private final Map<Place, BodyRef> bodies = new HashMap<>();
  private MapDbStore from;
  private MapDbStore to;
  private MessageRecord.Reader reader;
  private long uncommitted;

  Compaction(Path directory, StoreOptions options) {
    this.directory = directory;
    this.options = options;
  }

  private static void cleanUp(Path directory) throws IOException {
    if (Files.exists(directory.resolve(WORK))) {
      new DiskFiles(directory).delete(WORK);
    }
  }

  /**
   * Compacts.
   *
   * @param store opened on the directory; it is closed then
   * @throws IOException when the new file can't be made; the old one is as it was
   */
  void run(MapDbStore store) throws IOException {
    from = store;
    byte[] state;
    try {
      cleanUp(directory);
      to = MapDbStore.openWithoutExport(directory.resolve(WORK), options);
      try {
        copy();
      } finally {
        to.close();
      }
    } catch (StoreFailedException e) {
      throw new IOException(e);
    } finally {
      from.close();
      state = Files.readAllBytes(directory.resolve(STATE));
    }
    // Closed cleanly, the old store has no journals, so that its state goes with any file.
    AutoCloseable lock = new DiskFiles(directory).lock();
    try {
      if (!Arrays.equals(state, Files.readAllBytes(directory.resolve(STATE)))) {
        throw new IOException("the store was opened by somebody else meanwhile");
      }
      long before = Files.size(directory.resolve(BASE));
      Files.move(
          directory.resolve(WORK).resolve(BASE),
          directory.resolve(BASE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      PrivateFiles.sync(directory);
      cleanUp(directory);
      LOG.info(
          "Compacted the store from {} to {} bytes", before, Files.size(directory.resolve(BASE)));
    } finally {
      PrivateFiles.unlock(lock);
    }
  }

  private void copy() {
    reader = new MessageRecord.Reader(from.segments().bodies());
    from.definitions().load().forEach(this::copyDefinition);
    commit();
    for (SegmentLog log : from.logs().all()) {
      for (Segment segment : log.segments()) {
        copy(segment);
      }
      to.messages().delivered(log.number, log.deliveredUpTo);
    }
    commit();
  }

  private void copyDefinition(io.harveymq.broker.store.Definition definition) {
    to.definitions().put(definition);
    wrote(Directory.ENTRY);
  }

  private void copy(Segment segment) {
    ByteBuffer records = from.segments().read(segment);
    SegmentLog log = to.logs().obtain(segment.log.number);
    int end = segment.used;
    for (int at = 0, length; at < end; at += length) {
      length = MessageRecord.length(records, at, end);
      long position = segment.first + MessageRecord.position(records, at);
      if (segment.isLive(position)) {
        BodyRef ref = MessageRecord.isExternal(records, at) ? copyBody(records, at) : null;
        StoredMessage stored = reader.stored(segment.first, records, at);
        to.append(log, stored, ref);
        if (stored.deliveries() > 0) {
          to.messages().returned(log.number, position, stored.deliveries());
        }
        wrote(length);
      }
    }
    if (uncommitted > BATCH_BYTES) {
      commit();
    }
  }

  private BodyRef copyBody(ByteBuffer records, int at) {
    BodyRef old = MessageRecord.ref(records, at);
    return bodies.computeIfAbsent(
        new Place(Extent.start(old.extents()[0]), old.offset()),
        place -> {
          wrote(old.length());
          return to.segments().bodies().store(reader.message(records, at), true);
        });
  }

  private void wrote(long bytes) {
    uncommitted += bytes;
  }

  private void commit() {
    to.messages().commit(NOTHING);
    uncommitted = 0;
  }
}
