package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps a directory for one store: a lock on the file {@code lock} in it against other processes,
 * and a set against a second store in this one, where file locks do not help. Any thread.
 */
final class DirectoryLock implements AutoCloseable {
  static final String NAME = "lock";
  private static final Set<Path> HELD = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Creates the directory when there is none, and locks it. */
  static DirectoryLock acquire(Path path) {
    Path directory = create(path);
    Path file = directory.resolve(NAME);
    synchronized (HELD) {
      if (HELD.contains(directory)) {
        throw inUse(directory, ProcessHandle.current().pid() + "");
      }
      try {
        HELD.add(directory);
        return new DirectoryLock(directory, lock(directory, file));
      } catch (AccessDeniedException e) {
        HELD.remove(directory);
        throw new StoreOpenException(denied(directory), e);
      } catch (IOException e) {
        HELD.remove(directory);
        throw new StoreOpenException(
            "The store directory " + directory + " cannot be locked: " + e.getMessage(), e);
      } catch (RuntimeException e) {
        HELD.remove(directory);
        throw e;
      }
    }
  }

  private static Path create(Path path) {
    try {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw new StoreOpenException(
            "The store directory "
                + path
                + " is not a directory. Name another one, or move that file.");
      }
      Files.createDirectories(path);
      return path.toRealPath();
    } catch (AccessDeniedException e) {
      throw new StoreOpenException(denied(path), e);
    } catch (IOException e) {
      throw new StoreOpenException(
          "The store directory "
              + path
              + " cannot be created ("
              + e
              + "). Create it, or name another one.",
          e);
    }
  }

  private static FileChannel lock(Path directory, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(directory, holder(file));
      }
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(directory, ProcessHandle.current().pid() + "");
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String holder(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      return text.isEmpty() ? "unknown" : text;
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static StoreOpenException inUse(Path directory, String pid) {
    return new StoreOpenException(
        "The store directory "
            + directory
            + " is in use by process "
            + pid
            + ". Stop that broker, or name another directory.");
  }

  private static String denied(Path path) {
    String owner;
    try {
      owner = Files.exists(path) ? "; it belongs to " + Files.getOwner(path) : "";
    } catch (IOException | UnsupportedOperationException e) {
      owner = "";
    }
    return "The store directory "
        + path
        + " cannot be written by "
        + System.getProperty("user.name")
        + owner
        + ". Give it to that user (chown, chmod u+rwx), or name another directory.";
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      HELD.remove(directory);
      channel.close();
    }
  }
}
