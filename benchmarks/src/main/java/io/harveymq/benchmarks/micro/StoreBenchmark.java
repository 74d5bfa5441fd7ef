package io.harveymq.benchmarks.micro;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
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
 * Commits a second of a batch of messages of 1 KiB: stored in a durable queue, where those of some
 * batches before are acknowledged at the same time; and what the disk allows, a write and an
 * fdatasync into a file of zeros. The directory is the one that {@code
 * -Dharvey.benchmark.directory} names, or the temporary one. JMH's threads.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StoreBenchmark {
  private static final int MESSAGE = 1024;
  private static final int FILE = 64 << 20;
  private static final Runnable NOTHING = () -> {};

  /** Messages in a commit. */
  @Param({"1", "10", "100", "1000"})
  public int batch;

  private static final long LOG = 1;
  private static final int WAITING = 10_000;

  private Path directory;
  private MapDbStore store;
  private MessageStore messages;
  private Message message;
  private long published;
  private long acknowledged;
  private FileChannel raw;
  private ByteBuffer bytes;
  private byte[] body;
  private long position;

  /** Makes both files, and a queue with some messages. */
  @Setup
  public void setUp() throws IOException {
    String parent = System.getProperty("harvey.benchmark.directory");
    directory =
        parent == null
            ? Files.createTempDirectory("journal")
            : Files.createTempDirectory(Path.of(parent), "journal");
    store = MapDbStore.open(directory.resolve("store"), StoreOptions.defaults());
    messages = store.messages();
    body = new byte[MESSAGE];
    byte[] persistent = BasicProperties.builder().deliveryMode(2).build().encoded();
    message = new Message(Content.address("", "queue"), persistent, body);
    store.definitions().put(new Definition.Queue("/", "queue", false, FieldTable.EMPTY, LOG));
    publish(WAITING);
    messages.commit(NOTHING);
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
    store.close();
    raw.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A batch comes, as many go. */
  @Benchmark
  public void store() {
    publish(batch);
    for (int i = 0; i < batch; i++) {
      messages.ack(LOG, acknowledged++, message.size());
    }
    messages.commit(NOTHING);
  }

  private void publish(int count) {
    if (!messages.reserve(count * (message.size() + 600L))) {
      throw new IllegalStateException("no room in " + directory);
    }
    for (int i = 0; i < count; i++) {
      // Another object each time, as the broker has it: the store shares what is the same object.
      Message next = new Message(message.address(), message.properties(), body);
      messages.append(LOG, published++, next, true);
    }
  }

  /** One write, one force. */
  @Benchmark
  public void raw() throws IOException {
    bytes.clear();
    for (int i = 0; i < batch; i++) {
      bytes.put(body);
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
