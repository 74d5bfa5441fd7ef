package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store in memory: a broker that is started again with the same object finds everything that was
 * committed, as after a restart on the same data directory. For tests of restarts within one JVM.
 * Used by one broker at a time; owned by its store thread.
 */
public final class MemoryStore implements BrokerStore, MessageStore, DefinitionStore {
  private static final class Stored {
    final Message message;
    final long due;
    final boolean survives;
    int deliveries;

    Stored(Message message, long due, boolean survives) {
      this.message = message;
      this.due = due;
      this.survives = survives;
    }
  }

  private static final class KeptLog {
    final TreeMap<Long, Stored> messages = new TreeMap<>();
    long nextPosition;
    long deliveredUpTo;
  }

  private final Map<Long, KeptLog> kept = new HashMap<>();
  private final Map<Object, Definition> keptDefinitions = new LinkedHashMap<>();
  private final List<Runnable> uncommitted = new ArrayList<>();
  private boolean inUse;
  private boolean endedInOrder = true;

  @Override
  public DefinitionStore definitions() {
    return this;
  }

  @Override
  public MessageStore messages() {
    return this;
  }

  @Override
  public void whenFailed(Consumer<Throwable> listener) {
    // Nothing can fail here.
  }

  @Override
  public boolean tidy() {
    return false;
  }

  @Override
  public void close() {
    inUse = false;
  }

  private void forgetWhatDoesNotSurvive() {
    uncommitted.clear();
    kept.keySet().removeIf(number -> number < 0);
    kept.values().forEach(log -> log.messages.values().removeIf(stored -> !stored.survives));
  }

  // ---- definitions

  @Override
  public List<Definition> load() {
    return List.copyOf(keptDefinitions.values());
  }

  @Override
  public void put(Definition definition) {
    uncommitted.add(() -> keptDefinitions.put(definition.key(), definition));
  }

  @Override
  public void remove(Definition definition) {
    uncommitted.add(() -> keptDefinitions.remove(definition.key()));
  }

  // ---- messages

  @Override
  public List<Log> logs() {
    endedInOrder = !inUse;
    inUse = true;
    forgetWhatDoesNotSurvive();
    List<Log> logs = new ArrayList<>();
    kept.forEach((number, log) -> logs.add(found(number, log)));
    return logs;
  }

  private Log found(long number, KeptLog log) {
    long bytes = 0;
    boolean hasDue = false;
    for (Stored stored : log.messages.values()) {
      bytes += stored.message.body().length;
      hasDue |= stored.due > 0;
    }
    long next = Math.max(log.nextPosition, log.deliveredUpTo);
    long first = log.messages.isEmpty() ? next : log.messages.firstKey();
    long delivered = endedInOrder ? log.deliveredUpTo : next;
    return new Log(number, log.messages.size(), bytes, first, next, delivered, hasDue);
  }

  private KeptLog keptLog(long number) {
    return kept.computeIfAbsent(number, n -> new KeptLog());
  }

  @Override
  public boolean reserve(long bytes) {
    return true;
  }

  @Override
  public void append(long log, long position, Message message, long due, boolean survives) {
    uncommitted.add(
        () -> {
          Message copy = copy(message);
          KeptLog to = keptLog(log);
          to.messages.put(position, new Stored(copy, due, survives));
          to.nextPosition = position + 1;
        });
  }

  @Override
  public void ack(long log, long position, int size) {
    uncommitted.add(() -> keptLog(log).messages.remove(position));
  }

  @Override
  public void drop(long log, long from, long to) {
    uncommitted.add(() -> keptLog(log).messages.subMap(from, to).clear());
  }

  @Override
  public void delivered(long log, long upTo) {
    uncommitted.add(() -> keptLog(log).deliveredUpTo = upTo);
  }

  @Override
  public void returned(long log, long position, int deliveries) {
    uncommitted.add(
        () -> {
          Stored stored = keptLog(log).messages.get(position);
          if (stored != null) {
            stored.deliveries = deliveries;
          }
        });
  }

  @Override
  public void remove(long log) {
    uncommitted.add(() -> kept.remove(log));
  }

  @Override
  public List<StoredMessage> read(long log, long from, int maxBytes) {
    List<StoredMessage> found = new ArrayList<>();
    if (!kept.containsKey(log)) {
      return found;
    }
    long bytes = 0;
    for (Map.Entry<Long, Stored> next : keptLog(log).messages.tailMap(from).entrySet()) {
      Message stored = next.getValue().message;
      if (bytes > 0 && bytes + stored.size() > maxBytes) {
        break;
      }
      bytes += stored.size();
      Message copy = copy(stored);
      found.add(
          new StoredMessage(next.getKey(), copy, next.getValue().due, next.getValue().deliveries));
    }
    return found;
  }

  @Override
  public long skip(long log, long from, long count) {
    return kept.containsKey(log)
        ? keptLog(log).messages.tailMap(from).keySet().stream()
            .skip(count)
            .findFirst()
            .orElse(Long.MAX_VALUE)
        : Long.MAX_VALUE;
  }

  @Override
  public long count(long log, long from, long to) {
    return kept.containsKey(log) && from < to ? keptLog(log).messages.subMap(from, to).size() : 0;
  }

  @Override
  public Arrival arrival(long log, long from) {
    Map.Entry<Long, Stored> next =
        kept.containsKey(log) ? keptLog(log).messages.ceilingEntry(from) : null;
    return next == null ? null : new Arrival(next.getKey(), next.getValue().message.arrived());
  }

  private static Message copy(Message message) {
    Message copy = new Message(message.address(), message.properties(), message.body());
    if (message.isDeadLetter()) {
      copy.markDeadLetter();
    }
    copy.arrived(message.arrived());
    return copy;
  }

  @Override
  public void commit(Runnable whenDurable) {
    uncommitted.forEach(Runnable::run);
    uncommitted.clear();
    whenDurable.run();
  }
}
