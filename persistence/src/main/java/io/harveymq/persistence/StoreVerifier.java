package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.codec.BasicProperties;
import io.harveymq.persistence.journal.DiskFiles;
import io.harveymq.persistence.journal.JournalCheck;
import io.harveymq.persistence.journal.StoreOpenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks through a store that no broker has open: journals, directory, space, and every live
 * message. It changes nothing but the lock file. Any thread.
 */
public final class StoreVerifier {
  private final List<String> findings = new ArrayList<>();

  private StoreVerifier() {}

  /**
   * What is wrong, one text each; empty when nothing is.
   *
   * @throws StoreOpenException when the directory is in use or can't be read
   * @throws IOException when a file can't be read
   */
  public static List<String> verify(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of("There is no store in " + directory);
    }
    DiskFiles disk = new DiskFiles(directory);
    List<String> damagedJournals = new ArrayList<>();
    AutoCloseable lock = disk.lock();
    try {
      damagedJournals.addAll(JournalCheck.findings(disk));
    } finally {
      PrivateFiles.unlock(lock);
    }
    if (!damagedJournals.isEmpty()) {
      return damagedJournals;
    }
    StoreVerifier verifier = new StoreVerifier();
    try {
      MapDbStore store =
          MapDbStore.open(new ScratchFiles(disk), StoreOptions.defaults(), Runnable::run);
      try {
        verifier.lookAt(store);
      } finally {
        store.close();
      }
    } catch (StoreOpenException e) {
      verifier.findings.add(e.getMessage());
    }
    return verifier.findings;
  }

  private void lookAt(MapDbStore store) {
    try {
      store.audit();
    } catch (IllegalStateException e) {
      findings.add(e.getMessage());
    }
    MessageRecord.Reader reader = new MessageRecord.Reader(store.segments().bodies());
    for (SegmentLog log : store.logs().all()) {
      for (Segment segment : log.segments()) {
        try {
          lookAt(segment, store.segments().read(segment), reader);
        } catch (RuntimeException e) {
          findings.add(
              "log " + log.number + ", " + Extent.text(segment.extent) + ": " + e.getMessage());
        }
      }
    }
  }

  private static void lookAt(Segment segment, ByteBuffer records, MessageRecord.Reader reader) {
    int end = segment.used;
    int live = 0;
    for (int at = 0, length; at < end; at += length) {
      length = MessageRecord.length(records, at, end);
      long position = segment.first + MessageRecord.position(records, at);
      if (segment.isLive(position)) {
        live++;
        lookAt(reader.message(records, at), position);
      }
    }
    if (live != segment.live) {
      throw new IllegalStateException(live + " live messages instead of " + segment.live);
    }
  }

  private static void lookAt(Message message, long position) {
    byte[] address = message.address();
    int exchange = address.length < 2 ? 0 : address[0] & 0xFF;
    if (address.length < 2 + exchange
        || address.length != 2 + exchange + (address[1 + exchange] & 0xFF)) {
      throw new IllegalStateException("message " + position + " has a damaged routing key");
    }
    try {
      BasicProperties.validate(message.properties());
    } catch (RuntimeException e) {
      throw new IllegalStateException("message " + position + " has " + e.getMessage(), e);
    }
  }
}
