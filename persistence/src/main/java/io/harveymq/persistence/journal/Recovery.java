package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a directory: makes what is missing in a new one, redoes the journals of an old one, and
 * begins a new epoch, in which they no longer count. The thread that opens the store, which holds
 * the lock of the directory.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final long SECOND = 1_000_000_000L;

  private final StoreFiles files;
  private final boolean acceptLoss;

  Recovery(StoreFiles files, boolean acceptLoss) {
    this.files = files;
    this.acceptLoss = acceptLoss;
  }

  /** The base as the last commit left it, and the new state, which is on the disk. */
  record Recovered(BaseFile base, StoreState state) {}

  Recovered run() throws IOException {
    for (String name : files.list()) {
      if (name.endsWith(".tmp")) {
        files.delete(name);
      }
    }
    StoreState old = state();
    BaseFile base = new BaseFile(files.open(BaseFile.NAME));
    try {
      if (!base.grow(Math.max(base.length(), BaseFile.UNIT))) {
        throw noRoom(BaseFile.UNIT);
      }
      long last = replay(old, base);
      base.flush();
      base.force();
      StoreState state = old.next(last);
      state.write(files);
      deleteJournals(files);
      return new Recovered(base, state);
    } catch (IOException | RuntimeException e) {
      base.close();
      throw e;
    }
  }

  private StoreState state() throws IOException {
    List<String> names = files.list();
    boolean hasBase = names.contains(BaseFile.NAME);
    List<JournalFile.Name> journals = JournalFile.Name.allIn(files);
    if (names.contains(StoreState.NAME)) {
      StoreState state = StoreState.read(files);
      if (!hasBase) {
        throw missing(BaseFile.NAME);
      }
      if (!journals.isEmpty() && journals.get(journals.size() - 1).epoch() > state.epoch()) {
        throw new StoreOpenException(
            "The store in "
                + files.location()
                + " has a journal "
                + journals.get(journals.size() - 1)
                + " that is newer than its "
                + StoreState.NAME
                + " (epoch "
                + state.epoch()
                + "): files of different backups were mixed. Restore one backup as a whole.");
      }
      return state;
    }
    if (!journals.isEmpty() || hasBase && isUsed()) {
      throw missing(StoreState.NAME);
    }
    BaseFile.create(files);
    StoreState state = StoreState.first();
    state.write(files);
    return state;
  }

  /** A crash at the first start may leave a base of zeros. */
  private boolean isUsed() throws IOException {
    try (StoreFile file = files.openToRead(BaseFile.NAME)) {
      ByteBuffer header = ByteBuffer.allocate(Long.BYTES);
      if (file.size() < header.capacity()) {
        return false;
      }
      file.read(0, header);
      return header.getLong(0) != 0;
    }
  }

  private StoreOpenException missing(String name) {
    return new StoreOpenException(
        "The file "
            + name
            + " is missing in the store directory "
            + files.location()
            + ". Restore the directory from a backup, or name another one.");
  }

  private static StoreOpenException noRoom(long length) {
    return new StoreOpenException(
        "The disk has no room for the "
            + length
            + " bytes of the store file. Make room and start again.");
  }

  private long replay(StoreState state, BaseFile base) throws IOException {
    try (JournalReader reader = new JournalReader(files, state)) {
      Redo redo = new Redo(base);
      JournalReader.Damage damage = reader.read(redo);
      while (damage != null) {
        if (!acceptLoss) {
          throw new StoreOpenException(
              "The journal of the store in "
                  + files.location()
                  + " is damaged: "
                  + damage
                  + ". Restore the directory from a backup; or keep a copy of it and start once with the option"
                  + " that accepts the loss (--accept-loss): what the damaged records held is then gone.");
        }
        LOG.warn("The journal is damaged and goes on without: {}", damage);
        damage = reader.readBehind(damage, redo);
      }
      if (reader.transactions() > 0) {
        LOG.info(
            "The last end was not in order: {} transactions of the journal were redone",
            reader.transactions());
      }
      return reader.lastSequence();
    }
  }

  /** Deletes all journals, the oldest first; none of them counts any more. */
  static void deleteJournals(StoreFiles files) throws IOException {
    List<JournalFile.Name> names = JournalFile.Name.allIn(files);
    for (JournalFile.Name name : names) {
      files.delete(name.toString());
    }
    if (!names.isEmpty()) {
      files.syncDirectory();
    }
  }

  /** Writes what it gets to the base. */
  private static final class Redo implements JournalReader.Sink {
    private final BaseFile base;
    private long told = System.nanoTime();

    Redo(BaseFile base) {
      this.base = base;
    }

    @Override
    public void begin(long baseLength) {
      if (!base.grow(baseLength)) {
        throw noRoom(baseLength);
      }
    }

    @Override
    public void range(long offset, ByteBuffer bytes) throws IOException {
      base.write(offset, bytes);
    }

    @Override
    public void end(long sequence, String file) {
      if (System.nanoTime() - told > SECOND) {
        told = System.nanoTime();
        LOG.info("Redoing the journal: transaction {} in {}", sequence, file);
      }
    }
  }
}
