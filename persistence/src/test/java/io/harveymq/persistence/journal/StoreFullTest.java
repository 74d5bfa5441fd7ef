package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that gets full: refused batches change nothing, and those that were promised fit. */
@Timeout(120)
class StoreFullTest {
  private static final int LOGS = 400;
  private static final Runnable NOTHING = () -> {};

  /** What a batch counts for a message besides its content. */
  private static final int OVERHEAD = 600;

  private static final StoreOptions SMALL =
      new StoreOptions(
          new JournalOptions(1 << 20, 1 << 20, 8 << 20, 1 << 20, 1 << 20, 1 << 20, false));

  private record Stored(long log, long position, int size) {}

  private final Deque<Stored> stored = new ArrayDeque<>();
  private long position;

  private static Message message(Random random, int largest) {
    int size = random.nextInt(largest);
    int key = random.nextInt(255);
    return new Message(
        Content.address("e".repeat(key), "k".repeat(255)), new byte[2], new byte[size]);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aPromisedBatchAlwaysFitsAndARefusedOneChangesNothing(long seed) {
    Random random = new Random(seed);
    SimulatedFiles files = new SimulatedFiles();
    MapDbStore store = MapDbStore.open(files, SMALL, Runnable::run);
    for (int log = 1; log <= LOGS; log++) {
      store.definitions().put(new Definition.Queue("/", "q" + log, false, FieldTable.EMPTY, log));
    }
    store.messages().commit(NOTHING);
    files.room(files.used() + (24 << 20));
    int refused = 0;
    int taken = 0;
    for (int round = 0; round < 300; round++) {
      int[] limits = {1, 300, 3_000, 30_000, 200_000};
      Message[] batch = batch(random, limits[random.nextInt(limits.length)]);
      long bytes = 0;
      for (Message message : batch) {
        bytes += message.size() + OVERHEAD;
      }
      if (store.messages().reserve(bytes)) {
        taken++;
        append(store, random, batch);
      } else {
        refused++;
        drain(store, random);
      }
      store.messages().commit(NOTHING);
      store.audit();
    }
    assertThat(refused).isGreaterThan(3);
    assertThat(taken).isGreaterThan(50);
    assertThat(store.info().messages()).isEqualTo(stored.size());
    store.close();
  }

  private static Message[] batch(Random random, int largest) {
    Message[] batch = new Message[1 + random.nextInt(largest > 10_000 ? 30 : 600)];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = message(random, largest);
    }
    return batch;
  }

  private void append(MapDbStore store, Random random, Message[] batch) {
    int spread = 1 + random.nextInt(LOGS);
    for (Message message : batch) {
      long log = 1 + random.nextInt(spread);
      store.messages().append(log, position, message, true);
      stored.add(new Stored(log, position++, message.size()));
    }
  }

  private void drain(MapDbStore store, Random random) {
    int left = random.nextInt(stored.size() + 1);
    while (stored.size() > left) {
      Stored next = random.nextBoolean() ? stored.pollFirst() : stored.pollLast();
      store.messages().ack(next.log, next.position, next.size);
    }
  }
}
