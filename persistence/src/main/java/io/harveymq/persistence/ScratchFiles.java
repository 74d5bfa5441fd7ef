package io.harveymq.persistence;

import io.harveymq.persistence.journal.StoreFile;
import io.harveymq.persistence.journal.StoreFiles;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a directory, of which nothing is changed: what is written stays in memory. So a
 * store can be recovered only to look at it. One thread at a time.
 */
final class ScratchFiles implements StoreFiles {
  private static final int PAGE = 4096;

  private final StoreFiles disk;

  /** Null: deleted. */
  private final Map<String, Scratch> changed = new HashMap<>();

  ScratchFiles(StoreFiles disk) {
    this.disk = disk;
  }

  @Override
  public String location() {
    return disk.location();
  }

  @Override
  public AutoCloseable lock() {
    return disk.lock();
  }

  @Override
  public StoreFile open(String name) throws IOException {
    Scratch file = changed.get(name);
    if (file == null) {
      boolean there = !changed.containsKey(name) && disk.list().contains(name);
      file = new Scratch(there ? disk.openToRead(name) : null);
      changed.put(name, file);
    }
    return file;
  }

  @Override
  public StoreFile openMapped(String name) throws IOException {
    return open(name);
  }

  @Override
  public StoreFile openToRead(String name) throws IOException {
    if (!list().contains(name)) {
      throw new FileNotFoundException(name);
    }
    return open(name);
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>(disk.list());
    names.removeAll(changed.keySet());
    changed.forEach(
        (name, file) -> {
          if (file != null) {
            names.add(name);
          }
        });
    return names;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    open(from);
    changed.put(to, changed.get(from));
    changed.put(from, null);
  }

  @Override
  public void delete(String name) {
    changed.put(name, null);
  }

  @Override
  public void syncDirectory() {}

  /** A file with the pages that were written. */
  private static final class Scratch implements StoreFile {
    private final StoreFile original;
    private final Map<Long, byte[]> pages = new HashMap<>();
    private long originalSize;
    private long size;

    Scratch(StoreFile original) throws IOException {
      this.original = original;
      this.originalSize = original == null ? 0 : original.size();
      this.size = originalSize;
    }

    private byte[] load(long page) throws IOException {
      byte[] bytes = new byte[PAGE];
      int there = (int) Math.max(0, Math.min(PAGE, originalSize - page * PAGE));
      if (there > 0) {
        original.read(page * PAGE, ByteBuffer.wrap(bytes, 0, there));
      }
      return bytes;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      for (long at = position; source.hasRemaining(); ) {
        int from = (int) (at % PAGE);
        int count = Math.min(PAGE - from, source.remaining());
        byte[] page = pages.get(at / PAGE);
        if (page == null && (at < originalSize || !isZero(source, count))) {
          page = load(at / PAGE);
          pages.put(at / PAGE, page);
        }
        if (page == null) {
          source.position(source.position() + count);
        } else {
          source.get(page, from, count);
        }
        at += count;
        size = Math.max(size, at);
      }
    }

    private static boolean isZero(ByteBuffer source, int count) {
      for (int i = source.position(); i < source.position() + count; i++) {
        if (source.get(i) != 0) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      if (position + target.remaining() > size) {
        throw new EOFException("the file ends at " + size);
      }
      for (long at = position; target.hasRemaining(); ) {
        int from = (int) (at % PAGE);
        int count = Math.min(PAGE - from, target.remaining());
        byte[] page = pages.get(at / PAGE);
        target.put(page == null ? load(at / PAGE) : page, from, count);
        at += count;
      }
    }

    @Override
    public void force() {}

    @Override
    public long size() {
      return size;
    }

    @Override
    public void truncate(long length) {
      if (length < size) {
        size = length;
        originalSize = Math.min(originalSize, length);
        pages.keySet().removeIf(page -> page * PAGE >= length);
      }
    }

    @Override
    public void close() throws IOException {}
  }
}
