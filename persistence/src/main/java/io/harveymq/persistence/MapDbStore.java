package io.harveymq.persistence;

import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.DefinitionStore;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.persistence.journal.JournaledVolume;
import io.harveymq.persistence.journal.StoreFailedException;
import io.harveymq.persistence.journal.StoreFiles;
import io.harveymq.persistence.journal.StoreOpenException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's store in a directory, on MapDB. MapDB gives away slabs of a file, once and for all;
 * messages, bodies and definitions lie in extents of them, and what is live says a directory in
 * slabs of its own. Owned by the store thread; opened by the starting thread before.
 */
public final class MapDbStore implements BrokerStore {
  private static final Logger LOG = LoggerFactory.getLogger(MapDbStore.class);
  private static final long WORTH_COMPACTING = 64L << 20;
  private static final int LEAST_TENTHS_LIVE = 3;
  private static final Runnable NOTHING = () -> {};

  private final JournaledVolume volume;
  private final Slabs slabs;
  private final Directory directory;
  private final Logs logs = new Logs();
  private final DefinitionRecords definitions;
  private final Segments segments;
  private final MessageLogs messages;
  private Path where;
  private DefinitionsExport export;

  private MapDbStore(JournaledVolume volume) {
    this.volume = volume;
    this.slabs = new Slabs(volume);
    this.directory = new Directory(slabs);
    this.definitions = new DefinitionRecords(slabs, directory, logs);
    this.segments = new Segments(slabs, directory, new Bodies(slabs));
    this.messages = new MessageLogs(volume, slabs, directory, logs, definitions, segments);
    boolean inOrder = slabs.begin();
    new StoreRecovery(slabs, directory, logs, definitions, segments).run(inOrder);
    // Numbers of logs, and positions in them, may be used again from now on.
    do {
      messages.commit(NOTHING);
    } while (!segments.dropped().isEmpty());
  }

  /**
   * Opens a directory, or makes a store in it; what was committed is there. A large file of which
   * little is in use is compacted first.
   *
   * @throws StoreOpenException when it can't be opened; the text says why and what to do
   */
  public static MapDbStore open(Path directory, StoreOptions options) {
    MapDbStore store = openWithoutExport(directory, options);
    if (store.isMostlyEmpty()) {
      LOG.info("Compacting the store in {}, of which little is in use", directory);
      try {
        new Compaction(directory, options).run(store);
      } catch (IOException e) {
        LOG.warn("The store in {} can't be compacted: {}", directory, e.toString());
      }
      store = openWithoutExport(directory, options);
    }
    store.export(directory);
    return store;
  }

  static MapDbStore openWithoutExport(Path directory, StoreOptions options) {
    try {
      PrivateFiles.createDirectory(directory);
    } catch (IOException e) {
      LOG.debug("locking says what is wrong", e);
    }
    return open(JournaledVolume.open(directory, options.journal()), directory.toString());
  }

  /**
   * Makes the file as small as what is in it, whatever that is. No broker may have it open.
   *
   * @throws StoreOpenException when the store can't be opened
   * @throws IOException when there is no room for the new file; the old one is as it was then
   */
  public static void compact(Path directory, StoreOptions options) throws IOException {
    new Compaction(directory, options).run(openWithoutExport(directory, options));
  }

  /** The same on other files. */
  public static MapDbStore open(StoreFiles files, StoreOptions options, Executor executor) {
    return open(JournaledVolume.open(files, options.journal(), executor), files.location());
  }

  private static MapDbStore open(JournaledVolume volume, String where) {
    try {
      return new MapDbStore(volume);
    } catch (RuntimeException e) {
      try {
        volume.close();
      } catch (RuntimeException inner) {
        e.addSuppressed(inner);
      }
      throw e instanceof StoreFailedException ? e : damaged(where, e);
    }
  }

  private static StoreOpenException damaged(String where, RuntimeException e) {
    return new StoreOpenException(
        "The store in "
            + where
            + " is damaged: "
            + e.getMessage()
            + ". Start with the last backup in its place, or move the directory away to start with"
            + " an empty store; its definitions are in definitions.json.",
        e);
  }

  private void export(Path directory) {
    where = directory;
    export = new DefinitionsExport(directory, definitions.load());
    messages.whenCommitted(
        () -> {
          List<DefinitionsExport.Change> changes = definitions.takeChanges();
          if (!changes.isEmpty()) {
            export.changed(changes);
          }
        });
  }

  private boolean isMostlyEmpty() {
    long file = volume.length();
    return file > WORTH_COMPACTING
        && slabs.allocator().usedBlocks() * Extent.BLOCK < file / 10 * LEAST_TENTHS_LIVE;
  }

  Logs logs() {
    return logs;
  }

  Segments segments() {
    return segments;
  }

  /** Adds a message whose body, when there is a reference to it, is in the store already. */
  void append(SegmentLog log, StoredMessage stored, BodyRef ref) {
    messages.append(log, stored, ref);
  }

  /**
   * Copies the store, while it is used, to a directory that recovery can open. Any thread but the
   * store's.
   *
   * @param target has nothing in it, or is not there yet
   * @param storeThread runs a short task between commits
   * @throws IOException when something can't be read or written
   */
  public void backup(Path target, Executor storeThread) throws IOException {
    if (where == null) {
      throw new IOException("only a store in a directory can be copied");
    }
    new Backup(volume, where, target).run(storeThread);
  }

  @Override
  public DefinitionStore definitions() {
    return definitions;
  }

  @Override
  public MessageStore messages() {
    return messages;
  }

  @Override
  public void whenFailed(Consumer<Throwable> listener) {
    volume.whenFailed(listener);
  }

  @Override
  public void close() {
    try {
      if (!messages.isChanged()) {
        slabs.end();
      }
    } catch (StoreFailedException | IllegalStateException e) {
      LOG.debug("the store can't be left in order", e);
    } finally {
      if (export != null) {
        export.close();
      }
      volume.close();
    }
  }

  @Override
  public boolean tidy() {
    if (!messages.isTidy()) {
      messages.commit(NOTHING);
    }
    return !messages.isTidy();
  }

  /** What it holds, as of the last commit. Store thread. */
  public StoreInfo info() {
    long count = 0;
    long bytes = 0;
    for (SegmentLog log : logs.all()) {
      for (Segment segment : log.segments()) {
        count += segment.live;
        bytes += segment.liveBytes;
      }
    }
    int queues = 0;
    for (DefinitionRecord record : definitions.all()) {
      queues += record.definition instanceof Definition.Queue ? 1 : 0;
    }
    return new StoreInfo(
        JournaledVolume.FORMAT,
        queues,
        definitions.count(),
        count,
        bytes,
        segments.count(),
        slabs.count(),
        slabs.allocator().freeSlabs(),
        slabs.fileBytes(),
        slabs.allocator().usedBlocks() * Extent.BLOCK,
        volume.journalBytes());
  }

  /**
   * Checks that each block belongs to exactly one thing or is free; between commits.
   *
   * @throws IllegalStateException when that is not so
   */
  public void audit() {
    new SpaceAudit(slabs, directory, logs, definitions, segments).run();
  }
}
