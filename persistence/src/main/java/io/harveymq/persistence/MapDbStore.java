package io.harveymq.persistence;

import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.DefinitionStore;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.persistence.journal.JournaledVolume;
import io.harveymq.persistence.journal.StoreFailedException;
import io.harveymq.persistence.journal.StoreFiles;
import io.harveymq.persistence.journal.StoreOpenException;
import java.nio.file.Path;
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
  private static final Runnable NOTHING = () -> {};

  private final JournaledVolume volume;
  private final Slabs slabs;
  private final Directory directory;
  private final Logs logs = new Logs();
  private final DefinitionRecords definitions;
  private final Segments segments;
  private final MessageLogs messages;

  private MapDbStore(JournaledVolume volume) {
    this.volume = volume;
    this.slabs = new Slabs(volume);
    this.directory = new Directory(slabs);
    this.definitions = new DefinitionRecords(slabs, directory, logs);
    this.segments = new Segments(slabs, directory, new Bodies(slabs));
    this.messages = new MessageLogs(volume, slabs, directory, logs, definitions, segments);
    boolean inOrder = slabs.begin();
    new StoreRecovery(slabs, directory, logs, definitions, segments).run(inOrder);
    messages.commit(NOTHING);
  }

  /**
   * Opens a directory, or makes a store in it; what was committed is there.
   *
   * @throws StoreOpenException when it can't be opened; the text says why and what to do
   */
  public static MapDbStore open(Path directory, StoreOptions options) {
    return open(JournaledVolume.open(directory, options.journal()), directory.toString());
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
      throw e instanceof StoreOpenException ? damaged(where, e) : e;
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
      volume.close();
    }
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
        Slabs.FORMAT,
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
