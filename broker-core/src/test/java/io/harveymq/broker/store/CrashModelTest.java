package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes, deliveries, acks, requeues and purges on a durable queue with a small memory, a
 * store thread that is late at random, a disk that is full at times, and crashes: a broker that
 * starts on what was committed has to have all that was confirmed and not acknowledged, in order,
 * and nothing else for certain.
 */
class CrashModelTest {
  private static final int SHARE = 16 << 20;

  private final MemoryStore store = new MemoryStore();
  private final FullStore disk = new FullStore(store);
  private Random random;
  private TestBroker broker;
  private TestChannel publisher;
  private TestChannel worker;
  private int lastNumber;
  private long lastTag;
  private final Map<Long, Integer> numberOfTag = new HashMap<>();
  private final Set<Integer> mustBeThere = new TreeSet<>();
  private final Set<Integer> mayBeThere = new TreeSet<>();
  private final Set<Integer> mustBeAway = new HashSet<>();
  private final Set<Integer> settled = new HashSet<>();
  private final Map<Long, Integer> held = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nothingConfirmedIsLostAndNoCommittedAckReturns(long seed) {
    random = new Random(seed);
    start();
    for (int crash = 0; crash < 12; crash++) {
      for (int i = 0; i < 150; i++) {
        act();
      }
      checkAfterCrash();
    }
    assertThat(lastNumber).isGreaterThan(2_000);
  }

  private void start() {
    disk.full(false);
    disk.whenCommitted(this::goOnMeanwhile);
    broker = TestBroker.on(disk, SHARE);
    publisher = broker.channel();
    publisher.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    publisher.confirm();
    worker = broker.channel();
    numberOfTag.clear();
    held.clear();
    lastTag = 0;
  }

  /** The loop hears of a commit, or not, before the store thread goes on. */
  private void goOnMeanwhile() {
    broker.stepLoops(random.nextInt(4) * random.nextInt(10));
    if (random.nextInt(8) == 0) {
      disk.full(true);
    }
  }

  private void act() {
    int dice = random.nextInt(100);
    if (dice < 45) {
      publishSome();
    } else if (dice < 60) {
      getSome();
    } else if (dice < 75) {
      settleSome();
    } else if (dice < 77) {
      purge();
    } else if (dice < 85) {
      broker.holdStore(random.nextBoolean());
    } else if (dice < 88) {
      disk.full(random.nextBoolean());
    } else {
      quiet();
    }
    readConfirms();
  }

  private void publishSome() {
    for (int i = random.nextInt(20); i >= 0; i--) {
      boolean persistent = random.nextInt(5) > 0;
      int number = ++lastNumber;
      byte[] body =
          Arrays.copyOf(
              String.valueOf(number).getBytes(StandardCharsets.US_ASCII),
              3_000 + random.nextInt(6_000));
      publisher.publish(
          "", "q", BasicProperties.builder().deliveryMode(persistent ? 2 : 1).build(), body);
      lastTag++;
      if (persistent) {
        numberOfTag.put(lastTag, number);
        mayBeThere.add(number);
      }
    }
  }

  private void getSome() {
    for (int i = random.nextInt(12); i >= 0; i--) {
      worker.send(new BasicMethod.Get("q", false));
    }
    readGets();
  }

  private void readGets() {
    for (Received one = worker.next(); one != null; one = worker.next()) {
      if (!(one.method() instanceof BasicMethod.GetEmpty)
          && !(one.method() instanceof QueueMethod.PurgeOk)) {
        held.put(one.deliveryTag(), Integer.valueOf(one.text().trim()));
      }
    }
  }

  private void settleSome() {
    for (long tag : new ArrayList<>(held.keySet())) {
      int dice = random.nextInt(4);
      if (dice == 0) {
        worker.requeue(tag);
        held.remove(tag);
      } else if (dice > 1) {
        worker.ack(tag);
        gone(held.remove(tag));
      }
    }
  }

  private void gone(int number) {
    mustBeThere.remove(number);
    mayBeThere.add(number);
    settled.add(number);
  }

  private void purge() {
    quiet();
    worker.send(new QueueMethod.Purge("q", false));
    broker.run();
    readGets();
    Set<Integer> kept = new HashSet<>(held.values());
    for (Set<Integer> all : List.of(mustBeThere, mayBeThere)) {
      for (int number : new ArrayList<>(all)) {
        if (!kept.contains(number)) {
          gone(number);
        }
      }
    }
    quiet();
  }

  /** Everything is committed. */
  private void quiet() {
    broker.holdStore(false);
    broker.run();
    disk.whenCommitted(() -> {});
    disk.full(false);
    broker.advance(1_000);
    disk.whenCommitted(this::goOnMeanwhile);
    readConfirms();
    mustBeAway.addAll(settled);
    mayBeThere.removeAll(settled);
    settled.clear();
  }

  private void readConfirms() {
    for (Received one = publisher.next(); one != null; one = publisher.next()) {
      BasicMethod.Ack ack = (BasicMethod.Ack) one.method();
      for (long tag : new ArrayList<>(numberOfTag.keySet())) {
        if (tag == ack.deliveryTag() || ack.multiple() && tag < ack.deliveryTag()) {
          int number = numberOfTag.remove(tag);
          if (!settled.contains(number) && !mustBeAway.contains(number)) {
            mayBeThere.remove(number);
            mustBeThere.add(number);
          }
        }
      }
    }
  }

  private void checkAfterCrash() {
    readGets();
    start();
    List<Integer> found = new ArrayList<>();
    worker.drain("q").forEach(body -> found.add(Integer.valueOf(body.trim())));
    assertThat(found).isSorted().doesNotHaveDuplicates();
    assertThat(found).containsAll(mustBeThere).doesNotContainAnyElementsOf(mustBeAway);
    Set<Integer> allowed = new HashSet<>(mustBeThere);
    allowed.addAll(mayBeThere);
    assertThat(allowed).containsAll(found);
    mustBeAway.addAll(mayBeThere);
    mustBeThere.clear();
    mayBeThere.clear();
    settled.clear();
    mustBeThere.addAll(found);
    mustBeAway.removeAll(found);
    worker.close();
    worker = broker.channel();
  }
}
