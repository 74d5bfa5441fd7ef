package io.harveymq.persistence.journal;

import java.io.IOException;
import java.util.List;

/**
 * A directory of files: the border between the store and the disk, so that tests can put a
 * simulated disk in its place. Used by the store thread and the journal keeper at the same time.
 */
public interface StoreFiles {

  /** Where the directory is, for messages to a person. */
  String location();

  /**
   * Takes the directory for this process until the lock is closed.
   *
   * @throws StoreOpenException when it is in use or cannot be used; the text says why and what to
   *     do
   */
  AutoCloseable lock();

  /** Opens a file to read and write it at positions; creates an empty one when there is none. */
  StoreFile open(String name) throws IOException;

  /** Opens an existing file only to read it. */
  StoreFile openToRead(String name) throws IOException;

  /** The names of all files, in no order. */
  List<String> list() throws IOException;

  /** Renames a file, replacing any of the new name; it may be open. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file that exists, or a directory with what is in it. */
  void delete(String name) throws IOException;

  /** Names made, changed and deleted so far survive a power loss when this returns. */
  void syncDirectory() throws IOException;
}
