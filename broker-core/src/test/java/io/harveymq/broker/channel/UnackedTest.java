package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnackedTest {
  private final TestBroker broker = TestBroker.start();
  private final MessageQueue queue = queue("q");
  private final Unacked unacked = new Unacked(1);

  private MessageQueue queue(String name) {
    broker.channel().declare(name);
    return broker.queue(name);
  }

  private QueueEntry entry(MessageQueue from, long tag) {
    broker.fill(from.name(), 1);
    QueueEntry entry = from.get();
    entry.delivered(null, tag);
    return entry;
  }

  private void add(int from, int to) {
    broker.fill("q", to - from + 1);
    for (int tag = from; tag <= to; tag++) {
      QueueEntry entry = queue.get();
      entry.delivered(null, tag);
      unacked.add(entry);
    }
  }

  private static List<Long> tags(Unacked.Batch batch) {
    List<QueueEntry> entries = new ArrayList<>();
    batch.addTo(entries);
    return entries.stream().map(QueueEntry::deliveryTag).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void behavesLikeASortedMap(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, QueueEntry> model = new TreeMap<>();
    List<QueueEntry> aside = new ArrayList<>();
    long next = 1;
    // Some seeds keep few outstanding, some thousands, so that batches are taken both ways.
    int adding = seed % 2 == 0 ? 70 : 51;
    int multiple = seed % 3 == 0 ? 3 : 1;
    for (int i = 0; i < 60_000; i++) {
      int dice = random.nextInt(1_000);
      if (dice < adding * 10) {
        next += random.nextInt(20) == 0 ? 1 + random.nextInt(5_000) : 1;
        QueueEntry entry = entry(queue, next);
        unacked.add(entry);
        model.put(next, entry);
      } else if (dice < 990 - multiple) {
        long tag = someTag(random, model, next);
        QueueEntry taken = unacked.take(tag);
        assertThat(taken).isSameAs(model.remove(tag));
        if (taken != null && random.nextInt(4) == 0) {
          aside.add(taken);
        }
      } else if (dice < 990) {
        long tag = someTag(random, model, next);
        List<Long> expected = List.copyOf(model.headMap(tag, true).keySet());
        model.headMap(tag, true).clear();
        aside.clear();
        assertThat(tags(unacked.takeUpTo(tag))).isEqualTo(expected);
      } else if (dice < 999) {
        aside.forEach(entry -> model.put(entry.deliveryTag(), entry));
        unacked.restore(aside);
        aside.clear();
      } else {
        assertThat(tags(unacked.takeAll())).isEqualTo(List.copyOf(model.keySet()));
        model.clear();
        aside.clear();
      }
      long probe = someTag(random, model, next);
      assertThat(unacked.contains(probe)).isEqualTo(model.containsKey(probe));
      assertThat(unacked.size()).isEqualTo(model.size());
      assertThat(unacked.isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  private static long someTag(Random random, TreeMap<Long, QueueEntry> model, long last) {
    if (model.isEmpty() || random.nextInt(5) == 0) {
      return (long) (random.nextDouble() * (last + 2));
    }
    Long near = model.ceilingKey((long) (random.nextDouble() * last));
    return near == null ? model.firstKey() : near;
  }

  @Test
  void oneOldDeliveryAmongManySettledOnesNeedsLittleRoom() {
    add(1, 1);
    for (int tag = 2; tag < 300_000; tag++) {
      add(tag, tag);
      assertThat(unacked.take(tag)).isNotNull();
    }
    assertThat(unacked.size()).isEqualTo(1);
    assertThat(unacked.takeAll().ring().length).isLessThanOrEqualTo(64);
  }

  @Test
  void manyThatWereSettledDoNotKeepTheirRoom() {
    add(1, 100_000);
    for (int tag = 100_000; tag >= 1; tag--) {
      unacked.take(tag);
    }
    add(100_001, 100_001);
    assertThat(tags(unacked.takeAll())).containsExactly(100_001L);
    add(100_002, 103_000);
    assertThat(unacked.takeAll().ring().length).isLessThanOrEqualTo(4_096);
  }

  @Test
  void aBatchHasRoomForNotMuchMoreThanItHolds() {
    add(1, 200_000);
    for (int tag = 2_000; tag <= 20_000; tag += 2_000) {
      Unacked.Batch batch = unacked.takeUpTo(tag);
      assertThat(batch.ring().length).isLessThanOrEqualTo(4_096);
      assertThat(tags(batch)).hasSize(2_000).endsWith((long) tag);
    }
    assertThat(unacked.size()).isEqualTo(180_000);
  }

  @Test
  void aLargeBatchNamesTheQueuesItCameFrom() {
    MessageQueue other = queue("other");
    add(1, 3_000);
    unacked.add(entry(other, 3_001));
    add(3_002, 6_000);
    Unacked.Batch first = unacked.takeUpTo(2_900);
    assertThat(first.queues()).contains(queue);
    unacked.add(entry(other, 7_000));
    Unacked.Batch all = unacked.takeAll();
    assertThat(tags(all)).hasSize(3_101);
    assertThat(all.queues()).containsExactlyInAnyOrder(queue, other);
  }

  @Test
  void queuesThatHaveNothingOutstandingAreForgotten() {
    add(1, 1);
    for (int i = 2; i < 1_000; i++) {
      unacked.add(entry(queue("q" + i), i));
      unacked.take(i);
    }
    add(1_001, 4_000);
    assertThat(unacked.takeAll().queues()).contains(queue).hasSizeLessThan(100);
  }
}
