package io.harveymq.persistence;

import io.harveymq.persistence.journal.JournaledVolume;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * A copy of a store that goes on being used: its file, which may be torn, and then the journals up
 * to a moment behind that, so that recovery makes it whole. Used once, by any thread but the
 * store's.
 */
final class Backup {
  private static final String JOURNAL = "journal-";

  /** Where the journals end for the copy. */
  private record End(String name, long position) {}

  private final JournaledVolume volume;
  private final Path from;
  private final Path to;

  Backup(JournaledVolume volume, Path from, Path to) {
    this.volume = volume;
    this.from = from;
    this.to = to;
  }

  /**
   * Copies.
   *
   * @param storeThread runs what is asked of the store between commits
   * @throws IOException when something can't be read or written, or when the target has something
   *     in it
   */
  void run(Executor storeThread) throws IOException {
    PrivateFiles.createDirectory(to);
    if (!list(to).isEmpty()) {
      throw new IOException("there are files in " + to + " already");
    }
    volume.pin();
    try {
      copy("store.state", Long.MAX_VALUE);
      copy("store.db", volume.length());
      End end =
          CompletableFuture.supplyAsync(
                  () -> new End(volume.journalName(), volume.journalPosition()), storeThread)
              .join();
      for (String name : list(from)) {
        if (name.startsWith(JOURNAL) && isBefore(name, end.name)) {
          copy(name, name.equals(end.name) ? end.position : Long.MAX_VALUE);
        }
      }
    } finally {
      volume.unpin();
    }
    PrivateFiles.sync(to);
  }

  private static boolean isBefore(String name, String end) {
    String[] parts = name.split("-");
    String[] last = end.split("-");
    return parts.length == last.length
        && parts[1].equals(last[1])
        && Long.parseLong(parts[2]) <= Long.parseLong(last[2]);
  }

  private static List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private void copy(String name, long limit) throws IOException {
    try (FileChannel source = FileChannel.open(from.resolve(name), StandardOpenOption.READ);
        FileChannel target = PrivateFiles.create(to.resolve(name))) {
      long end = Math.min(limit, source.size());
      for (long at = 0; at < end; ) {
        long count = source.transferTo(at, end - at, target);
        if (count <= 0) {
          throw new IOException(name + " ended at " + at + " instead of " + end);
        }
        at += count;
      }
      target.force(true);
    }
  }
}
