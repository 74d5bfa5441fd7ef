package io.harveymq.persistence.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a real directory. Any thread, but each file as {@link StoreFile} says. */
public final class DiskFiles implements StoreFiles {
  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private final Path directory;

  /** The directory need not exist yet; locking it creates it. */
  public DiskFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public String location() {
    return directory.toString();
  }

  @Override
  public AutoCloseable lock() {
    return DirectoryLock.acquire(directory);
  }

  @Override
  public StoreFile open(String name) throws IOException {
    return new ChannelFile(channel(name));
  }

  @Override
  public StoreFile openToRead(String name) throws IOException {
    return new ChannelFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  private FileChannel channel(String name) throws IOException {
    return FileChannel.open(
        directory.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Path path = directory.resolve(name);
    if (Files.isDirectory(path)) {
      // What an interrupted compaction left.
      DiskFiles inside = new DiskFiles(path);
      for (String file : inside.list()) {
        inside.delete(file);
      }
    }
    Files.delete(path);
  }

  @Override
  public void syncDirectory() throws IOException {
    if (WINDOWS) {
      return; // a directory cannot be opened there, and its changes are journaled
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A file read and written by system calls. */
  private static final class ChannelFile implements StoreFile {
    final FileChannel channel;

    ChannelFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      long at = position;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      long at = position;
      while (target.hasRemaining()) {
        int count = channel.read(target, at);
        if (count < 0) {
          throw new EOFException("the file ends before position " + (at + target.remaining()));
        }
        at += count;
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long length) throws IOException {
      channel.truncate(length);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
