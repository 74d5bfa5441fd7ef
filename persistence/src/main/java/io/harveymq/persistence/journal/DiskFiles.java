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
  public StoreFile openMapped(String name) throws IOException {
    return new MappedFile(channel(name));
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
    Files.delete(directory.resolve(name));
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
  private static class ChannelFile implements StoreFile {
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

  /**
   * Reads and small writes go through slices mapped into memory, large writes by system calls; on
   * Linux both see the same page cache and one fdatasync covers both. A slice is mapped as far as
   * the file reaches, never beyond: mapping would lengthen it without blocks behind, and a full
   * disk would then fault. Mapped anew after growth. Reads and writes by the store thread only; the
   * keeper writes beyond what is mapped, and forces.
   */
  private static final class MappedFile extends ChannelFile {
    private static final int SHIFT = 26;
    private static final long SLICE = 1L << SHIFT;
    private static final int LARGE = 4096;
    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    private volatile MappedSlice[] slices = new MappedSlice[0];

    MappedFile(FileChannel channel) {
      super(channel);
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      int length = source.remaining();
      if (length >= LARGE) {
        super.write(position, source);
        return;
      }
      while (source.hasRemaining()) {
        long at = position + length - source.remaining();
        int within = (int) (at & SLICE - 1);
        int count = (int) Math.min(source.remaining(), SLICE - within);
        ByteBuffer slice = slice(at, within + count);
        if (slice == null) {
          super.write(at, source);
          return;
        }
        slice.put(within, source, source.position(), count);
        source.position(source.position() + count);
      }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      long at = position;
      while (target.hasRemaining()) {
        int within = (int) (at & SLICE - 1);
        int count = (int) Math.min(target.remaining(), SLICE - within);
        ByteBuffer slice = slice(at, within + count);
        if (slice == null) {
          throw new EOFException("the file ends before position " + (at + count));
        }
        target.put(target.position(), slice, within, count);
        target.position(target.position() + count);
        at += count;
      }
    }

    /** The slice of a position, mapped at least as far as asked; null when the file ends before. */
    private ByteBuffer slice(long position, int until) throws IOException {
      int index = (int) (position >>> SHIFT);
      MappedSlice[] known = slices;
      if (index < known.length && known[index] != null && known[index].length() >= until) {
        return known[index].bytes();
      }
      long start = (long) index << SHIFT;
      long mapped = Math.min(SLICE, channel.size() - start);
      if (mapped < until) {
        return null;
      }
      MappedSlice[] more = java.util.Arrays.copyOf(known, Math.max(known.length, index + 1));
      more[index] =
          new MappedSlice(channel.map(FileChannel.MapMode.READ_WRITE, start, mapped), (int) mapped);
      slices = more;
      return more[index].bytes();
    }

    @Override
    public void force() throws IOException {
      if (!LINUX) {
        for (MappedSlice slice : slices) {
          if (slice != null) {
            slice.bytes().force();
          }
        }
      }
      super.force();
    }

    private record MappedSlice(java.nio.MappedByteBuffer bytes, int length) {}
  }
}
