package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A preallocated file of the journal. One thread at a time. */
final class JournalFile {
  private static final Pattern NAME = Pattern.compile("journal-(\\d{1,18})-(\\d{1,18})");
  private static final String TEMPORARY = "journal.tmp";

  /** What the name of a journal file says. */
  record Name(long epoch, long number) {
    @Override
    public String toString() {
      return "journal-" + epoch + "-" + number;
    }

    /** The journals in a directory, by epoch and number. */
    static List<Name> allIn(StoreFiles files) throws IOException {
      List<Name> names = new ArrayList<>();
      for (String text : files.list()) {
        Matcher matcher = NAME.matcher(text);
        if (matcher.matches()) {
          names.add(new Name(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
        }
      }
      names.sort(Comparator.comparingLong(Name::epoch).thenComparingLong(Name::number));
      return names;
    }
  }

  private final StoreFile file;
  private Name name;
  private long capacity;

  private JournalFile(StoreFile file, Name name, long capacity) {
    this.file = file;
    this.name = name;
    this.capacity = capacity;
  }

  /** Makes a file of zeros; it has its name only when it is complete and on the disk. */
  static JournalFile create(StoreFiles files, Name name, long capacity) throws IOException {
    StoreFile file = files.open(TEMPORARY);
    try {
      BaseFile.writeZeros(file, 0, capacity);
      file.force();
      files.rename(TEMPORARY, name.toString());
      files.syncDirectory();
      return new JournalFile(file, name, capacity);
    } catch (IOException e) {
      file.close();
      if (files.list().contains(TEMPORARY)) {
        files.delete(TEMPORARY);
      }
      throw e;
    }
  }

  /**
   * Gives a file whose transactions are all in the base a new place in the series; its old frames
   * are history.
   */
  void recycle(StoreFiles files, Name next) throws IOException {
    files.rename(name.toString(), next.toString());
    files.syncDirectory();
    name = next;
  }

  void delete(StoreFiles files) throws IOException {
    file.close();
    files.delete(name.toString());
    files.syncDirectory();
  }

  /** Makes it large enough for a frame that no file so far could take. */
  void extend(long wanted) throws IOException {
    if (wanted > capacity) {
      BaseFile.writeZeros(file, capacity, wanted);
      file.force();
      capacity = wanted;
    }
  }

  Name name() {
    return name;
  }

  long capacity() {
    return capacity;
  }

  void write(long position, ByteBuffer frame) throws IOException {
    file.write(position, frame);
  }

  void force() throws IOException {
    file.force();
  }

  void close() throws IOException {
    file.close();
  }
}
