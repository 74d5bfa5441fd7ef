package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * The small file that says what format a store has and which journals count: those of its epoch.
 * Replaced as a whole.
 *
 * @param epoch counts the openings and closings of the store
 * @param sequence of the last transaction that is in the base file already
 * @param salt random number of this epoch
 */
record StoreState(long epoch, long sequence, long salt) {
  static final String NAME = "store.state";

  /**
   * From 2 on, messages are stored with the time of their arrival, from 3 on exchanges with who
   * declared them; 1 and 2 are read, too.
   */
  static final int FORMAT = 3;

  private static final String TEMPORARY = NAME + ".tmp";
  private static final long MAGIC = 0x4861727665794d51L; // HarveyMQ
  private static final int LENGTH = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  static StoreState first() {
    return new StoreState(1, 0, RANDOM.nextLong());
  }

  StoreState next(long lastSequence) {
    return new StoreState(epoch + 1, lastSequence, RANDOM.nextLong());
  }

  /** Reads the file, which must exist. */
  static StoreState read(StoreFiles files) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    try (StoreFile file = files.openToRead(NAME)) {
      if (file.size() >= LENGTH) {
        file.read(0, bytes);
      }
    }
    int format = bytes.getInt(8);
    if (bytes.getLong(0) == MAGIC && format > FORMAT) {
      throw new StoreOpenException(
          "The store in "
              + files.location()
              + " has format "
              + format
              + ", written by a newer version of Harvey; this one knows format "
              + FORMAT
              + ". Start the newer version, or name another directory.");
    }
    if (bytes.getLong(0) != MAGIC || bytes.getInt(12) != crc(bytes)) {
      throw new StoreOpenException(
          "The file "
              + NAME
              + " in "
              + files.location()
              + " is damaged or not Harvey's. Restore the directory from a backup, or name another one.");
    }
    return new StoreState(bytes.getLong(16), bytes.getLong(24), bytes.getLong(32));
  }

  /** Replaces the file; whenever the power fails, it is the old or the new one. */
  void write(StoreFiles files) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    bytes.putLong(0, MAGIC).putInt(8, FORMAT);
    bytes.putLong(16, epoch).putLong(24, sequence).putLong(32, salt);
    bytes.putInt(12, crc(bytes));
    try (StoreFile file = files.open(TEMPORARY)) {
      file.write(0, bytes);
      file.force();
    }
    files.rename(TEMPORARY, NAME);
    files.syncDirectory();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 16, LENGTH - 16);
    return (int) crc.getValue();
  }
}
