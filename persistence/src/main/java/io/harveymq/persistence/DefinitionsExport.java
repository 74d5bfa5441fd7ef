package io.harveymq.persistence;

import io.harveymq.broker.store.Definition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code definitions.json} beside the store: the way out when the store can't be read. It is
 * written at most once in ten seconds while definitions change, and at the end. It has a thread of
 * its own, which keeps its own picture of what is defined; {@link #changed} and {@link #close} are
 * for the store thread.
 */
final class DefinitionsExport {
  static final String NAME = "definitions.json";

  private static final Logger LOG = LoggerFactory.getLogger(DefinitionsExport.class);
  private static final long END_MILLIS = 10_000;

  /** One change; without a definition what had the key is gone. */
  record Change(Object key, Definition definition) {}

  private final Path file;
  private final Map<Object, Definition> definitions = new LinkedHashMap<>();
  private final LinkedBlockingQueue<List<Change>> changes = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "definitions-export");
  private volatile boolean closing;

  DefinitionsExport(Path directory, List<Definition> initially) {
    this.file = directory.resolve(NAME);
    initially.forEach(definition -> definitions.put(definition.key(), definition));
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
  }

  /** Tells what a commit changed. */
  void changed(List<Change> committed) {
    changes.add(committed);
  }

  /** Writes what was not yet, and ends the thread. */
  void close() {
    closing = true;
    changes.add(List.of());
    boolean interrupted = false;
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    ExportPause pause = new ExportPause(!Files.exists(file), System.nanoTime());
    try {
      while (!closing || pause.isDue() || !changes.isEmpty()) {
        List<Change> next =
            closing
                ? changes.poll()
                : changes.poll(pause.nanosLeft(System.nanoTime()), TimeUnit.NANOSECONDS);
        if (next == null) {
          write();
          pause.written(System.nanoTime());
        } else if (!next.isEmpty()) {
          next.forEach(this::apply);
          pause.changed();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the export of definitions was interrupted", e);
    }
  }

  private void apply(Change change) {
    if (change.definition() == null) {
      definitions.remove(change.key());
    } else {
      definitions.put(change.key(), change.definition());
    }
  }

  private void write() {
    Path temporary = file.resolveSibling(NAME + ".tmp");
    try {
      byte[] bytes = DefinitionsJson.of(definitions.values()).getBytes(StandardCharsets.UTF_8);
      try (FileChannel channel = PrivateFiles.create(temporary)) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
          channel.write(source);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      PrivateFiles.sync(file.getParent());
    } catch (IOException | RuntimeException e) {
      LOG.warn("The definitions can't be exported to {}: {}", file, e.toString());
    }
  }
}
