package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands of several clients against a model of what has to be in each queue, in which
 * order, and outstanding where. A queue has at most one consumer at a time here, so that the model
 * knows who gets what; deliveries are checked one by one.
 */
class ModelTest {
  private static final int QUEUES = 4;
  private static final int CHANNELS = 5;
  private static final int ROUNDS = 1_000;

  /** A message in a queue: its place for ever, and whether it was delivered before. */
  private record Item(long place, String body, boolean redelivered) {}

  private static final class Queue {
    final String name;
    final TreeMap<Long, Item> ready = new TreeMap<>();
    final ArrayDeque<Item> handedOut = new ArrayDeque<>();
    boolean deleted;

    Queue(String name) {
      this.name = name;
    }

    Item next() {
      return handedOut.isEmpty() ? ready.pollFirstEntry().getValue() : handedOut.poll();
    }
  }

  private record Outstanding(Queue queue, Item item) {}

  private record Published(Queue queue, String body) {}

  private record Settled(long tag, Outstanding what, boolean requeue) {}

  private static final class Actor {
    TestChannel channel;
    boolean transactional;
    long lastTag;
    final TreeMap<Long, Outstanding> unacked = new TreeMap<>();
    final List<Published> published = new ArrayList<>();
    final List<Settled> settled = new ArrayList<>();
    final Set<String> consumes = new TreeSet<>();
  }

  private Random random;
  private TestBroker broker;
  private final Map<String, Queue> queues = new HashMap<>();
  private final List<Actor> actors = new ArrayList<>();
  private int published;
  private long arrived;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyDeliveryIsTheOneThatTheModelExpects(long seed) {
    random = new Random(seed);
    broker = seed % 4 == 0 ? TestBroker.withTwoLoops() : TestBroker.start();
    TestChannel setup = broker.channel();
    for (int i = 0; i < QUEUES; i++) {
      setup.declare("q" + i);
      queues.put("q" + i, new Queue("q" + i));
    }
    setup.client().close();
    for (int i = 0; i < CHANNELS; i++) {
      actors.add(new Actor());
      connect(actors.get(i));
    }

    for (int round = 0; round < ROUNDS; round++) {
      act(actors.get(random.nextInt(CHANNELS)));
      settle();
      if (round % 10 == 0) {
        checkCounts();
      }
    }

    actors.forEach(this::lose);
    settle();
    checkCounts();
    TestChannel last = broker.channel();
    queues.values().forEach(queue -> drain(last, queue));
    last.client().close();
    broker.run();
    assertThat(broker.memory().used()).isEqualTo(readyBytes());
    TestChannel purger = broker.channel();
    queues.keySet().forEach(q -> purger.call(purge(q), QueueMethod.PurgeOk.class));
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  private static QueueMethod.Purge purge(String queue) {
    return new QueueMethod.Purge(queue, false);
  }

  private static void drain(TestChannel channel, Queue queue) {
    for (Item item : queue.ready.values()) {
      Received got = channel.get(queue.name);
      assertThat(got.text()).isEqualTo(item.body);
      assertThat(got.redelivered()).isEqualTo(item.redelivered);
    }
    assertThat(channel.get(queue.name)).isNull();
  }

  private long readyBytes() {
    return queues.values().stream()
        .flatMap(queue -> queue.ready.values().stream())
        .mapToLong(item -> item.body.length() + 2 + 100 + 8)
        .sum();
  }

  private void connect(Actor actor) {
    actor.channel = broker.channel();
    actor.transactional = random.nextInt(4) == 0;
    if (actor.transactional) {
      actor.channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    }
  }

  // ---- commands

  private void act(Actor actor) {
    String queue = "q" + random.nextInt(QUEUES);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> publish(actor, queue, 1 + random.nextInt(8));
      case 5, 6 -> get(actor, queue);
      case 7, 8, 9, 10 -> settleOne(actor);
      case 11, 12 -> settleMany(actor);
      case 13, 14 -> consume(actor, queue);
      case 15 -> cancel(actor, queue);
      case 16 -> endTransaction(actor);
      case 17 -> recover(actor);
      case 18 -> rarely(actor, queue);
      default -> publish(actor, queue, 1);
    }
  }

  private void rarely(Actor actor, String queue) {
    switch (random.nextInt(5)) {
      case 0 -> {
        int waiting = queues.get(queue).ready.size();
        queues.get(queue).ready.clear();
        assertThat(actor.channel.call(purge(queue), QueueMethod.PurgeOk.class).messageCount())
            .isEqualTo(waiting);
      }
      case 1 -> delete(actor, queue);
      case 2 -> {
        lose(actor);
        connect(actor);
      }
      case 3 -> {
        actor.channel.close();
        forget(actor);
        connect(actor);
      }
      default -> {
        actor.channel.ack(actor.lastTag + 1);
        forget(actor);
        actor.channel.expectClose(406);
        connect(actor);
      }
    }
  }

  private void lose(Actor actor) {
    actor.channel.client().drop();
    forget(actor);
  }

  /** The channel is gone: what it held goes back, what it consumed is free. */
  private void forget(Actor actor) {
    actor.consumes.clear();
    rollback(actor);
    actor.unacked.values().forEach(this::putBack);
    actor.unacked.clear();
    actor.lastTag = 0;
  }

  private void putBack(Outstanding one) {
    if (!one.queue.deleted) {
      Item item = one.item;
      one.queue.ready.put(item.place, new Item(item.place, item.body, true));
    }
  }

  private void arrive(Published one) {
    if (!one.queue.deleted) {
      one.queue.ready.put(++arrived, new Item(arrived, one.body, false));
    }
  }

  private void publish(Actor actor, String queue, int count) {
    for (int i = 0; i < count; i++) {
      String body = queue + ":" + published;
      actor.channel.publish(
          "", queue, BasicProperties.EMPTY, body.getBytes(StandardCharsets.UTF_8));
      if (actor.transactional) {
        actor.published.add(new Published(queues.get(queue), body));
      } else {
        arrive(new Published(queues.get(queue), body));
      }
      published++;
    }
  }

  private void get(Actor actor, String queue) {
    Received got = actor.channel.get(queue);
    Map.Entry<Long, Item> expected = queues.get(queue).ready.pollFirstEntry();
    if (expected == null) {
      assertThat(got).isNull();
      return;
    }
    check(actor, got, queue, expected.getValue());
    assertThat(((BasicMethod.GetOk) got.method()).messageCount())
        .isEqualTo(queues.get(queue).ready.size());
  }

  private void check(Actor actor, Received got, String queue, Item expected) {
    assertThat(got).as("message %s of %s", expected, queue).isNotNull();
    assertThat(got.text()).isEqualTo(expected.body);
    assertThat(got.redelivered()).isEqualTo(expected.redelivered);
    assertThat(got.deliveryTag()).isEqualTo(++actor.lastTag);
    actor.unacked.put(got.deliveryTag(), new Outstanding(queues.get(queue), expected));
  }

  private void settleOne(Actor actor) {
    if (actor.unacked.isEmpty()) {
      return;
    }
    List<Long> tags = new ArrayList<>(actor.unacked.keySet());
    long tag = tags.get(random.nextInt(tags.size()));
    boolean requeue = random.nextBoolean();
    if (requeue) {
      actor.channel.requeue(tag);
    } else {
      actor.channel.ack(tag);
    }
    settled(actor, tag, requeue);
  }

  private void settleMany(Actor actor) {
    if (actor.unacked.isEmpty()) {
      return;
    }
    List<Long> tags = new ArrayList<>(actor.unacked.keySet());
    long upTo = tags.get(random.nextInt(tags.size()));
    boolean requeue = random.nextBoolean();
    actor.channel.send(
        requeue
            ? new BasicMethod.Nack(upTo, true, true)
            : random.nextBoolean()
                ? new BasicMethod.Ack(upTo, true)
                : new BasicMethod.Nack(upTo, true, false));
    for (long tag : new TreeSet<>(actor.unacked.headMap(upTo, true).keySet())) {
      settled(actor, tag, requeue);
    }
  }

  private void settled(Actor actor, long tag, boolean requeue) {
    Outstanding one = actor.unacked.remove(tag);
    if (actor.transactional) {
      actor.settled.add(new Settled(tag, one, requeue));
    } else if (requeue) {
      putBack(one);
    }
  }

  private void consume(Actor actor, String queue) {
    boolean taken = actors.stream().anyMatch(one -> one.consumes.contains(queue));
    if (taken) {
      return;
    }
    actor.channel.send(
        new BasicMethod.Consume(queue, queue, false, false, false, true, FieldTable.EMPTY));
    actor.consumes.add(queue);
  }

  private void cancel(Actor actor, String queue) {
    if (actor.consumes.remove(queue)) {
      actor.channel.send(new BasicMethod.Cancel(queue, true));
    }
  }

  private void recover(Actor actor) {
    if (random.nextInt(4) == 0) {
      actor.unacked.values().forEach(this::putBack);
      actor.unacked.clear();
      actor.channel.send(new BasicMethod.RecoverAsync(true));
    }
  }

  private void delete(Actor actor, String name) {
    Queue queue = queues.get(name);
    actor.channel.send(new QueueMethod.Delete(name, false, false, false));
    for (Actor one : actors) {
      if (one.consumes.remove(name)) {
        assertThat(one.channel.expect(BasicMethod.Cancel.class).consumerTag()).isEqualTo(name);
      }
    }
    assertThat(actor.channel.expect(QueueMethod.DeleteOk.class).messageCount())
        .isEqualTo(queue.ready.size());
    queue.deleted = true;
    queue.ready.clear();
    actor.channel.declare(name);
    queues.put(name, new Queue(name));
  }

  private void endTransaction(Actor actor) {
    if (!actor.transactional) {
      return;
    }
    if (random.nextBoolean()) {
      actor.channel.send(new TxMethod.Commit());
      actor.published.forEach(this::arrive);
      actor.published.clear();
      actor.settled.forEach(one -> handOut(one.what.queue));
      actor.settled.stream().filter(Settled::requeue).forEach(one -> putBack(one.what));
      actor.settled.clear();
    } else {
      actor.channel.send(new TxMethod.Rollback());
      rollback(actor);
    }
  }

  /** What was published finds its consumers before what comes back. */
  private void handOut(Queue queue) {
    if (actors.stream().anyMatch(one -> one.consumes.contains(queue.name))) {
      queue.handedOut.addAll(queue.ready.values());
      queue.ready.clear();
    }
  }

  private void rollback(Actor actor) {
    actor.published.clear();
    actor.settled.forEach(one -> actor.unacked.put(one.tag, one.what));
    actor.settled.clear();
  }

  // ---- checks

  /** Lets the broker come to rest and checks what consumers got. */
  private void settle() {
    broker.run();
    for (Actor actor : actors) {
      if (!actor.channel.client().socket().isActive()) {
        continue;
      }
      for (Received got : actor.channel.client().all(1)) {
        if (got.method() instanceof BasicMethod.Deliver deliver) {
          String queue = deliver.consumerTag();
          check(actor, got, queue, queues.get(queue).next());
        } else {
          assertThat(got.method())
              .isInstanceOfAny(TxMethod.CommitOk.class, TxMethod.RollbackOk.class);
        }
      }
    }
    for (Actor actor : actors) {
      actor.consumes.forEach(queue -> assertThat(queues.get(queue).ready).isEmpty());
    }
  }

  private void checkCounts() {
    for (Queue queue : queues.values()) {
      long outstanding = 0;
      int consumers = 0;
      for (Actor actor : actors) {
        outstanding += actor.unacked.values().stream().filter(u -> u.queue == queue).count();
        outstanding += actor.settled.stream().filter(s -> s.what.queue == queue).count();
        consumers += actor.consumes.contains(queue.name) ? 1 : 0;
      }
      MessageQueue real = broker.queue(queue.name);
      assertThat(real.readyCount()).isEqualTo(queue.ready.size());
      assertThat(real.unackedCount()).isEqualTo((int) outstanding);
      assertThat(real.consumerCount()).isEqualTo(consumers);
    }
  }
}
