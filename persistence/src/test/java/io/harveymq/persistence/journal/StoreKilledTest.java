package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child commits numbered batches of messages, acknowledgements out of order and definitions, and
 * is killed at random moments; the next one goes on with the same files. More rounds with {@code
 * -Dharvey.kill.rounds=200} in the JVM's options.
 */
@Timeout(900)
class StoreKilledTest {
  private static final int ROUNDS = Integer.getInteger("harvey.kill.rounds", 10);
  private static final int LOGS = 5;
  private static final int BATCH = 20;

  /** Batches after which some of the messages, and all, are acknowledged. */
  private static final int SOME_AFTER = 3;

  private static final int ALL_AFTER = 30;

  @TempDir Path directory;

  private static Random random(long batch, int index) {
    return new Random(batch * BATCH + index);
  }

  private static Message message(long batch, int index) {
    Random random = random(batch, index);
    int size = random.nextInt(random.nextInt(8) == 0 ? 60_000 : 1_500);
    byte[] body = new byte[size];
    random.nextBytes(body);
    byte[] properties = BasicProperties.builder().messageId(batch + "." + index).build().encoded();
    return new Message(Content.address("", "queue-" + index), properties, body);
  }

  private static boolean goesTo(long log, long batch, int index) {
    return log == 1 + index % LOGS || random(batch, index).nextInt() >> log % 3 == 0 || index == 7;
  }

  private static boolean isAckedEarly(long log, long batch, int index) {
    return (random(batch, index).nextInt(100) + log * 13) % 100 < 80;
  }

  private static boolean isLive(long log, long batch, int index, long after) {
    return goesTo(log, batch, index)
        && batch <= after
        && batch > after - ALL_AFTER
        && (batch > after - SOME_AFTER || !isAckedEarly(log, batch, index));
  }

  private static Definition.Queue queue(long log, long batch) {
    int size = new Random(batch).nextInt(batch % 10 == 0 ? 3_000 : 200);
    FieldTable arguments = FieldTable.builder().put("filler", "x".repeat(size)).build();
    return new Definition.Queue("/", "queue-" + log, false, arguments, log);
  }

  /** The definition of a queue changes with each batch of a fitting number. */
  private static Definition.Queue lastDefinition(long log, long after) {
    long batch = after - Math.floorMod(after - log, LOGS);
    return batch < 0 ? null : queue(log, batch);
  }

  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      MapDbStore store = MapDbStore.open(directory, StoreOptions.defaults());
      try (FileChannel confirmed =
          FileChannel.open(
              directory.resolve("confirmed"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        System.out.println("open");
        for (long n = lastBatch(store) + 1; ; n++) {
          change(store, n);
          ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(0, n);
          store
              .messages()
              .commit(
                  () -> {
                    try {
                      confirmed.write(number, 0);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
        }
      }
    }

    private static void change(MapDbStore store, long n) {
      for (long log = 1; log <= LOGS && n == 0; log++) {
        store.definitions().put(queue(log, 0));
      }
      store.definitions().put(queue(1 + Math.floorMod(n - 1, LOGS), n));
      for (int i = 0; i < BATCH; i++) {
        Message message = message(n, i);
        for (long log = 1; log <= LOGS; log++) {
          if (goesTo(log, n, i)) {
            store.messages().append(log, n * BATCH + i, message, true);
          }
        }
      }
      ack(store, n, n - SOME_AFTER, true);
      ack(store, n, n - ALL_AFTER, false);
    }

    private static void ack(MapDbStore store, long n, long batch, boolean early) {
      for (int i = 0; i < BATCH && batch >= 0; i++) {
        for (long log = 1; log <= LOGS; log++) {
          if (goesTo(log, batch, i) && isAckedEarly(log, batch, i) == early) {
            store.messages().ack(log, batch * BATCH + i, message(batch, i).body().length);
          }
        }
      }
    }
  }

  private static long lastBatch(MapDbStore store) {
    long next = 0;
    for (MessageStore.Log log : store.messages().logs()) {
      next = Math.max(next, log.nextPosition());
    }
    return Math.floorDiv(next - 1, BATCH);
  }

  @Test
  void everyConfirmedBatchOfAKilledBrokerIsThereAndNoneInPart() throws Exception {
    Random random = new Random(3);
    long before = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long from = before;
      int more = 1 + random.nextInt(150);
      try (ChildProcess child = ChildProcess.start(Child.class, directory.toString())) {
        child.awaitLine("open");
        await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  child.assertAlive();
                  return confirmed() >= from + more;
                });
      }
      before = verify();
    }
    assertThat(before).isGreaterThan(ROUNDS);
  }

  private long confirmed() throws IOException {
    Path file = directory.resolve("confirmed");
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    return bytes.length < Long.BYTES ? -1 : ByteBuffer.wrap(bytes).getLong();
  }

  private long verify() throws IOException {
    long confirmed = confirmed();
    MapDbStore store = MapDbStore.open(directory, StoreOptions.defaults());
    store.audit();
    long last = lastBatch(store);
    assertThat(last).isBetween(confirmed, confirmed + 1);
    List<Definition> expected = new ArrayList<>();
    for (long log = 1; log <= LOGS; log++) {
      Definition.Queue queue = lastDefinition(log, last);
      expected.add(queue == null ? queue(log, 0) : queue);
      verify(store, log, last);
    }
    assertThat(store.definitions().load()).containsExactlyInAnyOrderElementsOf(expected);
    store.close();
    return last;
  }

  private static void verify(MapDbStore store, long log, long last) {
    List<StoredMessage> found = store.messages().read(log, 0, Integer.MAX_VALUE);
    int at = 0;
    for (long batch = Math.max(0, last - ALL_AFTER); batch <= last; batch++) {
      for (int i = 0; i < BATCH; i++) {
        if (isLive(log, batch, i, last)) {
          assertThat(found.get(at).position()).isEqualTo(batch * BATCH + i);
          Message message = found.get(at++).message();
          assertThat(message.body()).isEqualTo(message(batch, i).body());
          assertThat(message.properties()).isEqualTo(message(batch, i).properties());
        }
      }
    }
    assertThat(found).hasSize(at);
  }
}
