package io.harveymq.benchmarks.micro;

import io.harveymq.persistence.journal.JournalOptions;
import io.harveymq.persistence.journal.JournaledVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Commits a second of a batch of messages of 1 KiB: through the store's journal, and what the disk
 * allows, a write and an fdatasync into a file of zeros. The directory is the one that {@code
 * -Dharvey.benchmark.directory} names, or the temporary one. JMH's threads.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class JournalBenchmark {
  private static final int MESSAGE = 1024;
  private static final int FILE = 64 << 20;
  private static final Runnable NOTHING = () -> {};

  /** Messages in a commit. */
  @Param({"1", "10", "100", "1000"})
  public int batch;

  private final byte[] message = new byte[MESSAGE];
  private Path directory;
  private JournaledVolume volume;
  private FileChannel raw;
  private ByteBuffer bytes;
  private long position;

  /** Makes both files, of zeros. */
  @Setup
  public void setUp() throws IOException {
    String parent = System.getProperty("harvey.benchmark.directory");
    directory =
        parent == null
            ? Files.createTempDirectory("journal")
            : Files.createTempDirectory(Path.of(parent), "journal");
    volume = JournaledVolume.open(directory.resolve("store"), JournalOptions.defaults());
    if (!volume.reserve(2 * FILE)) {
      throw new IOException("no room in " + directory);
    }
    raw =
        FileChannel.open(
            directory.resolve("raw"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    raw.write(ByteBuffer.allocate(FILE), 0);
    raw.force(true);
    bytes = ByteBuffer.allocateDirect(batch * MESSAGE);
  }

  /** Deletes them. */
  @TearDown
  public void tearDown() throws IOException {
    volume.close();
    raw.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** One range for each message. */
  @Benchmark
  public void journal() {
    long at = next();
    for (int i = 0; i < batch; i++) {
      volume.range(at + (long) i * MESSAGE, MESSAGE).put(message);
    }
    volume.commit(NOTHING);
  }

  /** One range for all messages, as the segments of one queue make them. */
  @Benchmark
  public void journalOneRange() {
    ByteBuffer window = volume.range(next(), batch * MESSAGE);
    for (int i = 0; i < batch; i++) {
      window.put(message);
    }
    volume.commit(NOTHING);
  }

  /** One write, one force. */
  @Benchmark
  public void raw() throws IOException {
    bytes.clear();
    for (int i = 0; i < batch; i++) {
      bytes.put(message);
    }
    raw.write(bytes.flip(), next());
    raw.force(false);
  }

  private long next() {
    int size = batch * MESSAGE;
    position = position + 2L * size > FILE ? 0 : position + size;
    return position;
  }
}
