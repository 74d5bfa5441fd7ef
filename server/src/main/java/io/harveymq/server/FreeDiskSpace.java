package io.harveymq.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** The free space where a directory is, or will be made. Any thread; it may take long. */
final class FreeDiskSpace implements LongSupplier {
  private final Path directory;

  /**
   * @param directory need not exist
   */
  FreeDiskSpace(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /**
   * The bytes that this process may still use there.
   *
   * @throws UncheckedIOException when the file system does not tell
   */
  @Override
  public long getAsLong() {
    Path existing = directory;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
