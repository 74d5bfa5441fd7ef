package io.harveymq.server;

import io.harveymq.persistence.journal.DiskFiles;
import io.harveymq.server.ctl.ControlFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Copies a data directory that no broker uses, journals included, so that the copy is recovered by
 * the next start as the original would be. The target gets its name when it is complete and on the
 * disk. Used once, by one thread; others may ask how far it is.
 */
final class StoreCopy {
  private static final int STEP = 8 << 20;

  private final Path from;
  private final Path to;
  private final AtomicLong copied = new AtomicLong();
  private volatile long size;

  StoreCopy(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Copies.
   *
   * @throws IOException when a file can't be read or written; what was copied is removed then
   * @throws StartException when there is something at the target already
   */
  void run() throws IOException, StartException {
    if (Files.exists(to) && !isEmptyDirectory(to)) {
      throw new StartException(
          to + " is not empty; name another directory, or move it away first", null);
    }
    Path parent = Files.createDirectories(to.getParent());
    Path draft = parent.resolve(to.getFileName() + ".incomplete");
    AutoCloseable lock = new DiskFiles(from).lock();
    try {
      List<Path> files = files(from);
      for (Path file : files) {
        size += Files.size(file);
      }
      remove(draft);
      Files.createDirectory(draft, onlyForTheOwner(draft));
      for (Path file : files) {
        copy(file, draft.resolve(file.getFileName()));
      }
      sync(draft);
      Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(parent);
    } catch (IOException | RuntimeException e) {
      removeQuietly(draft, e);
      throw e;
    } finally {
      release(lock);
    }
  }

  /** How many bytes are copied. Any thread. */
  long copied() {
    return copied.get();
  }

  /** How many bytes there are to copy, 0 while that is not known. Any thread. */
  long size() {
    return size;
  }

  /**
   * All that belongs to the store: not the lock or what a broker left for tools, nothing
   * unfinished.
   */
  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).filter(StoreCopy::belongs).sorted().toList();
    }
  }

  private static boolean belongs(Path file) {
    String name = file.getFileName().toString();
    return !name.equals("lock") && !name.equals(ControlFile.NAME) && !name.endsWith(".tmp");
  }

  private void copy(Path source, Path target) throws IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long end = in.size();
      for (long at = 0; at < end; ) {
        long count = in.transferTo(at, Math.min(STEP, end - at), out);
        if (count <= 0) {
          throw new IOException(source + " became shorter while it was copied");
        }
        at += count;
        copied.addAndGet(count);
      }
      out.force(true);
    }
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    } catch (NotDirectoryException e) {
      return false;
    }
  }

  private static FileAttribute<?>[] onlyForTheOwner(Path path) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void sync(Path directory) throws IOException {
    if (isPosix(directory)) { // elsewhere a directory can't be opened
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void release(AutoCloseable lock) throws IOException {
    try {
      lock.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void removeQuietly(Path draft, Exception reason) {
    try {
      remove(draft);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static void remove(Path draft) throws IOException {
    if (Files.isDirectory(draft)) {
      for (Path file : files(draft)) {
        Files.delete(file);
      }
    }
    Files.deleteIfExists(draft);
  }
}
