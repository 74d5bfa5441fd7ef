package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file does not outgrow what is in it. More with {@code -Dharvey.space.factor=10} in the JVM's
 * options.
 */
@Timeout(900)
class StoreSpaceTest {
  private static final int FACTOR = Integer.getInteger("harvey.space.factor", 1);
  private static final Runnable NOTHING = () -> {};

  /** What a message may take besides its content. */
  private static final int ALLOWANCE = 64;

  private static final int BATCH = 100;

  @TempDir Path directory;

  private final Random random = new Random(5);
  private MapDbStore store;

  private void open() {
    store = MapDbStore.open(directory, StoreOptions.defaults());
  }

  private long append(long log, long position, int bodyBytes) {
    Message message = Messages.random(random, position, bodyBytes);
    store.messages().append(log, position, message, true);
    return message.size() + message.address().length + ALLOWANCE;
  }

  private long fileBytes() throws Exception {
    return Files.size(directory.resolve("store.db"));
  }

  @Test
  void wavesThatFillAndDrainKeepTheFileNearTheirPeak() throws Exception {
    open();
    store.definitions().put(Messages.queue(1));
    long peak = 0;
    long position = 0;
    for (int wave = 0; wave < 8 * FACTOR; wave++) {
      long live = 0;
      long first = position;
      int[] sizes = new int[200_000];
      int limit = wave % 2 == 0 ? 3_000 : 60_000;
      while (live < 60_000_000) {
        Message[] batch = new Message[BATCH];
        long bytes = 0;
        for (int i = 0; i < BATCH; i++) {
          batch[i] = Messages.random(random, position + i, random.nextInt(limit));
          bytes += batch[i].size() + 600;
        }
        store.messages().reserve(bytes);
        for (Message message : batch) {
          sizes[(int) (position - first)] = message.size();
          store.messages().append(1, position++, message, true);
          live += message.size() + message.address().length + ALLOWANCE;
        }
        store.messages().commit(NOTHING);
      }
      peak = Math.max(peak, live);
      for (long at = first; at < position; at++) {
        store.messages().ack(1, at, sizes[(int) (at - first)]);
        if (at % BATCH == 0) {
          store.messages().commit(NOTHING);
        }
      }
      store.messages().commit(NOTHING);
      store.audit();
    }
    StoreInfo info = store.info();
    assertThat(info.messages()).isZero();
    store.close();
    assertThat(fileBytes()).as("%s", info).isLessThan(peak * 13 / 10);
  }

  @Test
  void aSteadyQueueDoesNotGrowTheFile() throws Exception {
    open();
    store.definitions().put(Messages.queue(1));
    int kept = 1_000;
    int[] sizes = new int[kept];
    long early = 0;
    int rounds = 100_000 * FACTOR;
    for (int position = 0; position < rounds; position++) {
      if (position >= kept) {
        store.messages().ack(1, position - kept, sizes[position % kept]);
      }
      Message message = Messages.random(random, position, random.nextInt(4_000));
      sizes[position % kept] = message.size();
      store.messages().append(1, position, message, true);
      if (position % BATCH == 0) {
        store.messages().commit(NOTHING);
      }
      if (position == rounds / 20) {
        early = fileBytes();
      }
    }
    store.messages().commit(NOTHING);
    store.audit();
    assertThat(store.info().messages()).isEqualTo(kept);
    assertThat(store.info().liveBytes()).isLessThan(store.info().bytes() * 13 / 10 + 200_000);
    store.close();
    assertThat(fileBytes()).isEqualTo(early);
  }

  @Test
  void slowlyAcknowledgedStragglersDoNotHoldSegments() {
    open();
    store.definitions().put(Messages.queue(1));
    int count = 40_000;
    int[] sizes = new int[count];
    for (int position = 0; position < count; position++) {
      Message message = Messages.random(random, position, random.nextInt(1_000));
      sizes[position] = message.size();
      store.messages().append(1, position, message, true);
      if (position % BATCH == 0) {
        store.messages().commit(NOTHING);
      }
    }
    for (int position = 0; position < count; position++) {
      if (position % 100 != 0) {
        store.messages().ack(1, position, sizes[position]);
      }
      if (position % BATCH == 0) {
        store.messages().commit(NOTHING);
      }
    }
    while (store.tidy()) {
      store.audit();
    }
    store.audit();
    StoreInfo info = store.info();
    assertThat(info.messages()).isEqualTo(count / 100);
    assertThat(info.liveBytes()).isLessThan(info.bytes() * 4);
    store.close();
  }

  @Test
  void declaringAndDeletingDoesNotGrowTheFile() throws Exception {
    open();
    long early = 0;
    int rounds = 10_000 * FACTOR;
    for (int i = 0; i < rounds; i++) {
      var queue = Messages.queue(1 + i, random.nextInt(600));
      store.definitions().put(queue);
      append(queue.log(), 0, random.nextInt(500));
      if (i % 3 == 0) {
        store.messages().commit(NOTHING);
      }
      store.messages().remove(queue.log());
      store.definitions().remove(queue);
      if (i % 10 == 0) {
        store.messages().commit(NOTHING);
      }
      if (i == rounds / 20) {
        early = fileBytes();
      }
    }
    store.messages().commit(NOTHING);
    store.audit();
    assertThat(store.info().definitions()).isZero();
    store.close();
    assertThat(fileBytes()).isEqualTo(early);
  }

  @Test
  void messagesWithFarApartPositionsTakeLittle() {
    open();
    store.definitions().put(Messages.queue(1));
    int count = 3_000;
    for (int i = 0; i < count; i++) {
      append(1, i * 2_000L, 50);
      if (i % 50 == 0) {
        store.messages().commit(NOTHING);
      }
    }
    store.messages().commit(NOTHING);
    // a block, and an entry each; what a commit gives back can be used by the next one
    assertThat(store.info().slabs()).isLessThan(2 * count / Extent.SLAB_BLOCKS + 30);
    store.close();
  }

  @Test
  void manyQueuesWithOneSmallMessageEachTakeLittle() {
    open();
    int queues = 10_000;
    for (int i = 1; i <= queues; i++) {
      store.definitions().put(Messages.queue(i));
      append(i, 0, 50);
      if (i % 500 == 0) {
        store.messages().commit(NOTHING);
      }
    }
    store.messages().commit(NOTHING);
    store.audit();
    // a block, and an entry each for the queue and its segment
    assertThat(store.info().liveBytes()).isLessThan(queues * 4L * Extent.BLOCK);
    store.close();
  }
}
