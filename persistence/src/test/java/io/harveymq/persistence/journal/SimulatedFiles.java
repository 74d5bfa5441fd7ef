package io.harveymq.persistence.journal;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk that stops before a chosen operation, and what is left of it then: for a killed process
 * all writes so far; for a power loss, of each sector written since the last force either the old
 * or the new content, of each length anything between, and of the changes to the directory since it
 * was synced a first part.
 */
final class SimulatedFiles implements StoreFiles {
  /** The process ends here: no operation works any more. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
      super("crash", null, false, false);
    }
  }

  private static final int SECTOR = 512;

  /** One inode. */
  private static final class Content {
    byte[] now = new byte[0];
    byte[] forced = new byte[0];
    final BitSet unforced = new BitSet();

    void resize(int length) {
      int before = now.length;
      now = Arrays.copyOf(now, length);
      if (length < before) {
        unforced.set(length / SECTOR, before / SECTOR + 1);
      }
    }

    Content afterPowerLoss(Random random) {
      int from = Math.min(now.length, forced.length);
      int length = from + random.nextInt(Math.max(now.length, forced.length) - from + 1);
      if (now.length != forced.length && random.nextInt(3) == 0) {
        length = random.nextBoolean() ? now.length : forced.length;
      }
      Content left = new Content();
      left.now = Arrays.copyOf(forced, length);
      for (int i = unforced.nextSetBit(0); i >= 0; i = unforced.nextSetBit(i + 1)) {
        int at = i * SECTOR;
        int count = Math.min(SECTOR, Math.min(length, now.length) - at);
        if (count > 0 && random.nextBoolean()) {
          System.arraycopy(now, at, left.now, at, count);
        }
      }
      left.forced = left.now.clone();
      return left;
    }
  }

  private final Map<String, Content> directory = new TreeMap<>();

  /** The directory as it was synced last, and after each change since. */
  private final List<Map<String, Content>> history = new ArrayList<>();

  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private long room = Long.MAX_VALUE;
  private IOException forceFails;
  private Runnable beforeForce = () -> {};

  SimulatedFiles() {
    history.add(Map.of());
  }

  /** Operations so far. */
  long operations() {
    return operations;
  }

  /** Crash before the operation of this number, counted from 0. */
  void crashAt(long operation) {
    crashAt = operation;
  }

  /** Total size of all files beyond which a write fails. */
  void room(long bytes) {
    room = bytes;
  }

  long used() {
    return directory.values().stream().mapToLong(content -> content.now.length).sum();
  }

  /** From now on every force fails so; null: none. */
  void forceFails(IOException error) {
    forceFails = error;
  }

  void beforeForce(Runnable action) {
    beforeForce = action;
  }

  /** What the next start finds after the process was killed. */
  SimulatedFiles afterKill() {
    SimulatedFiles left = new SimulatedFiles();
    directory.forEach(
        (name, content) -> {
          Content copy = new Content();
          copy.now = content.now.clone();
          copy.forced = copy.now.clone();
          left.directory.put(name, copy);
        });
    left.history.set(0, new TreeMap<>(left.directory));
    return left;
  }

  /** What the next start finds after the power failed. */
  SimulatedFiles afterPowerLoss(Random random) {
    SimulatedFiles left = new SimulatedFiles();
    history
        .get(random.nextInt(history.size()))
        .forEach((name, content) -> left.directory.put(name, content.afterPowerLoss(random)));
    left.history.set(0, new TreeMap<>(left.directory));
    return left;
  }

  /** The bytes of a file, to be changed at will. */
  byte[] bytes(String name) {
    return directory.get(name).now;
  }

  void replace(String name, byte[] bytes) {
    Content content = new Content();
    content.now = bytes;
    content.forced = bytes.clone();
    directory.put(name, content);
  }

  private void operation() {
    if (operations >= crashAt) {
      throw new Crash();
    }
    operations++;
  }

  private void changed() {
    history.add(new TreeMap<>(directory));
  }

  @Override
  public String location() {
    return "simulated";
  }

  @Override
  public AutoCloseable lock() {
    return () -> {};
  }

  @Override
  public StoreFile open(String name) {
    if (!directory.containsKey(name)) {
      operation();
      directory.put(name, new Content());
      changed();
    }
    return new Open(directory.get(name));
  }

  @Override
  public StoreFile openToRead(String name) throws IOException {
    if (!directory.containsKey(name)) {
      throw new FileNotFoundException(name);
    }
    return new Open(directory.get(name));
  }

  @Override
  public List<String> list() {
    return List.copyOf(directory.keySet());
  }

  @Override
  public void rename(String from, String to) {
    operation();
    directory.put(to, directory.remove(from));
    changed();
  }

  @Override
  public void delete(String name) throws IOException {
    operation();
    if (directory.remove(name) == null) {
      throw new FileNotFoundException(name);
    }
    changed();
  }

  @Override
  public void syncDirectory() {
    operation();
    history.clear();
    changed();
  }

  private final class Open implements StoreFile {
    private final Content content;

    Open(Content content) {
      this.content = content;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      operation();
      int length = source.remaining();
      long end = position + length;
      long more = Math.max(0, end - content.now.length);
      if (used() + more > room) {
        throw new IOException("No space left on device");
      }
      if (more > 0) {
        content.resize((int) end);
      }
      source.get(content.now, (int) position, length);
      content.unforced.set((int) position / SECTOR, ((int) end - 1) / SECTOR + 1);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      if (position + target.remaining() > content.now.length) {
        throw new EOFException();
      }
      target.put(content.now, (int) position, target.remaining());
    }

    @Override
    public void force() throws IOException {
      beforeForce.run();
      operation();
      if (forceFails != null) {
        throw forceFails;
      }
      if (content.forced.length != content.now.length) {
        content.forced = Arrays.copyOf(content.forced, content.now.length);
      }
      for (int i = content.unforced.nextSetBit(0); i >= 0; i = content.unforced.nextSetBit(i + 1)) {
        int at = i * SECTOR;
        int count = Math.min(SECTOR, content.now.length - at);
        if (count > 0) {
          System.arraycopy(content.now, at, content.forced, at, count);
        }
      }
      content.unforced.clear();
    }

    @Override
    public long size() {
      return content.now.length;
    }

    @Override
    public void truncate(long length) {
      operation();
      if (length < content.now.length) {
        content.resize((int) length);
      }
    }

    @Override
    public void close() {}
  }
}
