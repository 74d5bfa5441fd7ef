package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoredMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** What a store must hold, and random changes to it that the store is told as well. */
public final class StoreModel {
  private static final int LOGS = 8;
  private static final int TRANSIENT_LOGS = 2;
  private static final int STREAMS = 3;

  private record Stored(Message message, long due, boolean survives) {}

  private static final class ModelLog {
    final TreeMap<Long, Stored> messages = new TreeMap<>();
    final Map<Long, Integer> deliveries = new HashMap<>();
    long next;
    long deliveredUpTo;

    ModelLog copy() {
      ModelLog copy = new ModelLog();
      copy.messages.putAll(messages);
      copy.deliveries.putAll(deliveries);
      copy.next = next;
      copy.deliveredUpTo = deliveredUpTo;
      return copy;
    }
  }

  private final Random random;

  /** The logs of a stream's segments, oldest first, and what comes next. */
  private static final class ModelStream {
    final ArrayDeque<Long> segments = new ArrayDeque<>();
    long nextLog;
    long next;

    ModelStream(long base) {
      nextLog = base + 1;
    }

    ModelStream copy() {
      ModelStream copy = new ModelStream(nextLog - 1);
      copy.segments.addAll(segments);
      copy.next = next;
      return copy;
    }
  }

  private final Map<Long, ModelLog> logs = new HashMap<>();
  private final TreeMap<Long, ModelStream> streams = new TreeMap<>();
  private final Map<Object, Definition> definitions = new HashMap<>();
  private int largest = 100_000;
  private long nextLog = 1;
  private long appended;
  private boolean endedInOrder = true;

  public StoreModel(long seed) {
    random = new Random(seed);
  }

  private StoreModel(StoreModel from) {
    random = new Random(0);
    copy(from);
  }

  private void copy(StoreModel from) {
    from.logs.forEach((number, log) -> logs.put(number, log.copy()));
    from.streams.forEach((number, stream) -> streams.put(number, stream.copy()));
    definitions.putAll(from.definitions);
  }

  /** What it is now, to compare a store with later. */
  public StoreModel snapshot() {
    return new StoreModel(this);
  }

  public Random random() {
    return random;
  }

  public void largest(int bytes) {
    largest = bytes;
  }

  public long appended() {
    return appended;
  }

  public void commit(BrokerStore store) {
    boolean[] durable = {false};
    store.messages().commit(() -> durable[0] = true);
    assertThat(durable[0]).isTrue();
  }

  /** One random change to a store and the model. */
  public void change(BrokerStore store) {
    MessageStore messages = store.messages();
    if (definitions.isEmpty() || random.nextInt(60) == 0) {
      declare(store);
      return;
    }
    if (random.nextInt(8) == 0) {
      changeStream(store);
      return;
    }
    long number = pick();
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> append(messages);
      case 6 -> appendMany(messages, number);
      case 7, 8, 9, 10, 11 -> ackSome(messages, number);
      case 12 -> ackMost(messages, number);
      case 13 -> drop(messages, number);
      case 14, 15 -> returned(messages, number);
      case 16, 17 -> delivered(messages, number);
      case 18 -> redefine(store);
      default -> {
        if (random.nextInt(20) == 0) {
          remove(store, number);
        }
      }
    }
  }

  private void declare(BrokerStore store) {
    if (definitions.size() - streams.size() < LOGS) {
      Definition.Queue queue = Messages.queue(nextLog++, random.nextInt(400));
      store.definitions().put(queue);
      definitions.put(queue.key(), queue);
      logs.put(queue.log(), new ModelLog());
    }
  }

  private void redefine(BrokerStore store) {
    for (Definition definition : List.copyOf(definitions.values())) {
      if (definition instanceof Definition.Queue queue
          && !streams.containsKey(queue.log())
          && random.nextInt(4) == 0) {
        int bytes = random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(500);
        Definition.Queue changed = Messages.queue(queue.log(), bytes);
        store.definitions().put(changed);
        definitions.put(changed.key(), changed);
      }
    }
  }

  private long pick() {
    if (random.nextInt(5) == 0) {
      return -1 - random.nextInt(TRANSIENT_LOGS);
    }
    List<Long> numbers = new ArrayList<>(logs.keySet());
    streams.values().forEach(stream -> numbers.removeAll(stream.segments));
    return numbers.get(random.nextInt(numbers.size()));
  }

  private ModelLog log(long number) {
    return logs.computeIfAbsent(number, n -> new ModelLog());
  }

  private int size() {
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1 -> random.nextInt(largest);
      case 2, 3 -> random.nextInt(Math.min(largest, 20_000));
      default -> random.nextInt(Math.min(largest, 2_000));
    };
  }

  private void append(MessageStore store) {
    int headers = random.nextInt(30) == 0 ? random.nextInt(10_000) : random.nextInt(50);
    Message message = Messages.random(random, appended, size(), headers);
    Set<Long> to = new HashSet<>();
    for (int i = random.nextInt(3) == 0 ? random.nextInt(LOGS) + 1 : 1; i > 0; i--) {
      to.add(pick());
    }
    to.forEach(number -> append(store, number, message));
  }

  private void append(MessageStore store, long number, Message message) {
    ModelLog log = log(number);
    long position = log.next + (random.nextInt(10) == 0 ? random.nextInt(300) : 0);
    boolean survives = number > 0 && random.nextInt(10) != 0;
    long due = random.nextInt(5) == 0 ? 1 + random.nextInt(1_000_000) : 0;
    log.next = position + 1;
    log.messages.put(position, new Stored(message, due, survives));
    store.append(number, position, message, due, survives);
    appended++;
  }

  private void appendMany(MessageStore store, long number) {
    for (int i = random.nextInt(200); i > 0; i--) {
      append(store, number, Messages.random(random, appended, random.nextInt(1_000)));
    }
  }

  private void ackSome(MessageStore store, long number) {
    List<Long> positions = new ArrayList<>(log(number).messages.keySet());
    for (int i = 0; i < 3 && !positions.isEmpty(); i++) {
      boolean oldest = random.nextInt(4) != 0;
      long position = positions.remove(oldest ? 0 : random.nextInt(positions.size()));
      ack(store, number, position);
    }
    store.ack(number, log(number).next + 5, 10);
  }

  private void ackMost(MessageStore store, long number) {
    for (long position : List.copyOf(log(number).messages.keySet())) {
      if (random.nextInt(20) != 0) {
        ack(store, number, position);
      }
    }
  }

  private void ack(MessageStore store, long number, long position) {
    Stored gone = log(number).messages.remove(position);
    log(number).deliveries.remove(position);
    store.ack(number, position, gone.message.body().length);
  }

  private void drop(MessageStore store, long number) {
    ModelLog log = log(number);
    long from = random.nextInt((int) log.next + 1);
    long to = from + random.nextInt(100);
    log.messages.subMap(from, to).clear();
    log.deliveries.keySet().removeIf(position -> position >= from && position < to);
    store.drop(number, from, to);
  }

  private void returned(MessageStore store, long number) {
    for (long position : log(number).messages.keySet()) {
      if (random.nextInt(10) == 0) {
        int deliveries = random.nextInt(0xFFFF);
        store.returned(number, position, deliveries);
        log(number).deliveries.put(position, deliveries);
      }
    }
    store.returned(number, log(number).next + 1, 3);
  }

  private void delivered(MessageStore store, long number) {
    ModelLog log = log(number);
    if (number > 0 && log.deliveredUpTo < log.next) {
      log.deliveredUpTo += 1 + random.nextInt((int) (log.next - log.deliveredUpTo));
      store.delivered(number, log.deliveredUpTo);
    }
  }

  private void remove(BrokerStore store, long number) {
    logs.remove(number);
    store.messages().remove(number);
    for (Definition definition : List.copyOf(definitions.values())) {
      if (definition instanceof Definition.Queue queue && queue.log() == number) {
        definitions.remove(queue.key());
        store.definitions().remove(queue);
      }
    }
    if (definitions.size() == streams.size()) {
      declare(store);
    }
  }

  // ---- streams

  private void changeStream(BrokerStore store) {
    List<Long> bases = new ArrayList<>(streams.keySet());
    if (bases.isEmpty() || bases.size() < STREAMS && random.nextInt(30) == 0) {
      declareStream(store);
      return;
    }
    long base = bases.get(random.nextInt(bases.size()));
    ModelStream stream = streams.get(base);
    switch (random.nextInt(10)) {
      case 0 -> beginSegment(stream);
      case 1, 2 -> retain(store.messages(), stream);
      case 3 -> {
        if (random.nextInt(10) == 0) {
          removeStream(store, base);
        }
      }
      default -> appendToStream(store.messages(), stream);
    }
  }

  private void declareStream(BrokerStore store) {
    Definition.Queue stream = Messages.stream(nextLog);
    nextLog += stream.logNumbers();
    store.definitions().put(stream);
    definitions.put(stream.key(), stream);
    streams.put(stream.log(), new ModelStream(stream.log()));
  }

  private void beginSegment(ModelStream stream) {
    logs.put(stream.nextLog, new ModelLog());
    stream.segments.add(stream.nextLog++);
  }

  private void appendToStream(MessageStore store, ModelStream stream) {
    if (stream.segments.isEmpty()) {
      beginSegment(stream);
    }
    long number = stream.segments.getLast();
    // Far apart, messages take many segments of the store.
    int apart = random.nextInt(3) == 0 ? Segment.SPAN : 1;
    for (int i = 1 + random.nextInt(200); i > 0; i--) {
      Message message = Messages.random(random, appended, random.nextInt(1_000));
      long time = 1 + appended;
      logs.get(number).next = stream.next + 1;
      logs.get(number).messages.put(stream.next, new Stored(message, time, true));
      store.append(number, stream.next, message, time, true);
      stream.next += apart;
      appended++;
    }
  }

  private void retain(MessageStore store, ModelStream stream) {
    if (stream.segments.size() > 1) {
      long oldest = stream.segments.poll();
      logs.remove(oldest);
      store.remove(oldest);
    }
  }

  private void removeStream(BrokerStore store, long base) {
    for (long number : streams.remove(base).segments) {
      logs.remove(number);
      store.messages().remove(number);
    }
    Definition stream = Messages.stream(base);
    definitions.remove(stream.key());
    store.definitions().remove(stream);
  }

  /** The broker was started again. */
  public void restarted() {
    logs.keySet().removeIf(number -> number < 0);
    for (ModelLog log : logs.values()) {
      log.messages.values().removeIf(stored -> !stored.survives);
    }
    // Nothing is delivered of a stream, and the store does not note what it guessed.
    streams
        .values()
        .forEach(stream -> stream.segments.forEach(number -> logs.get(number).deliveredUpTo = 0));
  }

  /** It was killed: what was delivered is not known. */
  public void killed() {
    restarted();
    endedInOrder = false;
  }

  /** Goes on with what another one has, and its own random numbers. */
  public void takeOver(StoreModel from) {
    logs.clear();
    streams.clear();
    definitions.clear();
    copy(from);
    endedInOrder = from.endedInOrder;
  }

  /** Reads all logs, and definitions, of a store that was just opened. */
  public void checkAll(BrokerStore store) {
    assertThat(store.definitions().load())
        .containsExactlyInAnyOrderElementsOf(definitions.values());
    Map<Long, MessageStore.Log> found = new HashMap<>();
    for (MessageStore.Log log : store.messages().logs()) {
      found.put(log.number(), log);
    }
    logs.forEach((number, log) -> check(store, number, log, found.remove(number)));
    assertThat(found).isEmpty();
    endedInOrder = true;
  }

  private void check(BrokerStore store, long number, ModelLog log, MessageStore.Log described) {
    if (described != null) {
      assertThat(described.messages()).isEqualTo(log.messages.size());
      long bytes = log.messages.values().stream().mapToLong(m -> m.message.body().length).sum();
      assertThat(described.bytes()).as("bytes of log %d", number).isEqualTo(bytes);
      if (endedInOrder) {
        assertThat(described.deliveredUpTo()).isEqualTo(log.deliveredUpTo);
      } else {
        assertThat(described.deliveredUpTo()).isEqualTo(described.nextPosition());
        log.deliveredUpTo = described.deliveredUpTo();
      }
      if (!log.messages.isEmpty()) {
        assertThat(described.firstPosition()).isEqualTo(log.messages.firstKey());
        assertThat(described.nextPosition()).isGreaterThan(log.messages.lastKey());
      }
      if (log.messages.values().stream().anyMatch(stored -> stored.due() > 0)) {
        assertThat(described.hasDue()).isTrue();
      }
      log.next = Math.max(log.next, described.nextPosition());
    } else {
      assertThat(log.messages).as("messages of log %d", number).isEmpty();
      assertThat(endedInOrder ? log.deliveredUpTo : 0).isZero();
      log.deliveredUpTo = 0;
    }
    read(store, number, log, 0, 50_000);
  }

  /** Reads a part of a log. */
  public void checkSome(BrokerStore store) {
    List<Long> numbers = new ArrayList<>(List.of(pick()));
    streams.values().forEach(stream -> numbers.addAll(stream.segments));
    long number = numbers.get(random.nextInt(numbers.size()));
    ModelLog log = log(number);
    read(store, number, log, random.nextInt((int) log.next + 1), 1 + random.nextInt(100_000));
    count(store, number, log);
  }

  private void count(BrokerStore store, long number, ModelLog log) {
    long from = random.nextInt((int) log.next + 1);
    long to = from + random.nextInt((int) (log.next - from) + 1);
    List<Long> live = List.copyOf(log.messages.tailMap(from).keySet());
    assertThat(store.messages().count(number, from, to))
        .as("messages of log %d from %d to %d", number, from, to)
        .isEqualTo(live.stream().filter(position -> position < to).count());
    int skip = random.nextInt(live.size() + 1);
    assertThat(store.messages().skip(number, from, skip))
        .as("%d messages of log %d behind %d", skip, number, from)
        .isEqualTo(skip < live.size() ? live.get(skip) : Long.MAX_VALUE);
  }

  private static void read(BrokerStore store, long number, ModelLog log, long from, int maxBytes) {
    long at = from;
    for (Map.Entry<Long, Stored> left : log.messages.tailMap(from).entrySet()) {
      if (left.getKey() < at) {
        continue;
      }
      List<StoredMessage> found = store.messages().read(number, at, maxBytes);
      assertThat(found).as("log %d from %d", number, at).isNotEmpty();
      for (StoredMessage message : found) {
        long position = message.position();
        String what = "message " + position + " of log " + number;
        assertThat(log.messages).as(what).containsKey(position);
        assertThat(log.messages.higherKey(at - 1)).as(what).isEqualTo(position);
        StoreModelTest.assertSame(message.message(), log.messages.get(position).message(), what);
        assertThat(message.due())
            .as("due time of " + what)
            .isEqualTo(log.messages.get(position).due());
        assertThat(message.deliveries())
            .as("deliveries of " + what)
            .isEqualTo(log.deliveries.getOrDefault(position, 0));
        at = position + 1;
      }
    }
    assertThat(store.messages().read(number, at, maxBytes)).isEmpty();
  }
}
