package io.harveymq.broker.queue;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.OffsetHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A stream: keeps all messages until they are too old or too many, whoever has read them. Each
 * consumer reads at a place of its own; what it settles only makes room for more. Owned by the home
 * loop of its virtual host.
 */
public final class StreamQueue extends AmqpQueue {
  /** Numbers that a stream has in the store for the logs of its segments. */
  public static final long LOG_NUMBERS = 1L << 32;

  private final StreamLog log;
  private final Map<Consumer, StreamReader> readers = new LinkedHashMap<>(2);
  private final ArrayDeque<StreamReader> active = new ArrayDeque<>(2);
  private int unacked;
  private boolean dirty;

  /** A new stream. */
  public StreamQueue(Definition definition, VirtualHost vhost) {
    super(definition, vhost);
    long number = home.store() == null ? 0 : home.store().newLogs(LOG_NUMBERS);
    log = new StreamLog(home, number, settings(), this::becameVisible);
  }

  /**
   * A stream that was found in the store; {@link #start} has to follow on the home loop.
   *
   * @param number of its logs in the store
   * @param found what the store has of all logs
   */
  public StreamQueue(
      Definition definition,
      VirtualHost vhost,
      long number,
      NavigableMap<Long, MessageStore.Log> found) {
    super(definition, vhost);
    log = new StreamLog(home, number, settings(), this::becameVisible);
    log.recover(found.subMap(number, true, number + LOG_NUMBERS, false));
  }

  @Override
  public void start() {
    applyPolicies();
  }

  @Override
  public void applyPolicies() {
    log.apply(settings());
  }

  private StreamSettings settings() {
    return StreamSettings.of(definition.arguments(), vhost.policies().of(definition));
  }

  @Override
  public long log() {
    return log.number();
  }

  @Override
  public int readyCount() {
    return (int) Math.min(Integer.MAX_VALUE, log.visible() - log.first());
  }

  @Override
  public long bodyBytes() {
    return log.bytes();
  }

  @Override
  public int unackedCount() {
    return unacked;
  }

  @Override
  public int consumerCount() {
    return readers.size();
  }

  @Override
  public List<Consumer> consumers() {
    return List.copyOf(readers.keySet());
  }

  @Override
  public Consumer firstConsumer() {
    return readers.isEmpty() ? null : readers.keySet().iterator().next();
  }

  @Override
  public boolean publish(Message message) {
    assert home.loop().inLoop();
    StoryTaps.entered(this, message, 0, log.next(), log.next());
    int second = home.second();
    if (message.arrived() == 0) {
      // before the store thread can see it
      message.arrived(second);
    }
    log.append(message);
    recentKeys().came(message, second, home);
    return true;
  }

  @Override
  public boolean isBehind() {
    return false;
  }

  /** Looks into it; nothing changes, and no consumer gets anything sooner or later. */
  public StreamLook look() {
    return new StreamLook(this, log);
  }

  private void becameVisible() {
    for (StreamReader reader : readers.values()) {
      if (reader.isAtEnd()) {
        activate(reader);
      }
    }
  }

  // ---- deliveries

  @Override
  public boolean deliver() {
    dirty = false;
    while (!active.isEmpty() && !isHeldByFault()) {
      StreamReader reader = active.poll();
      StreamReader.Outcome outcome = reader.deliver();
      if (outcome == StreamReader.Outcome.WAITS) {
        reader.active(false);
      } else {
        active.add(reader);
      }
      if (outcome == StreamReader.Outcome.TURN_OVER) {
        markDirty();
        return false;
      }
    }
    long unread = Long.MAX_VALUE;
    for (StreamReader reader : readers.values()) {
      unread = Math.min(unread, Math.max(reader.next(), log.tailFirst()));
    }
    log.shortenTail(unread);
    return true;
  }

  /**
   * Hands a message to a consumer.
   *
   * @return bytes of the message
   */
  int deliver(Consumer consumer, Message message, long offset) {
    unacked++;
    memory.add(MemoryAccount.UNACKED_SIZE);
    byte[] properties = OffsetHeader.addTo(message.properties(), offset);
    Message shown = new Message(message.address(), properties, message.body());
    StoryTaps.readBack(this, shown, 0, offset, true);
    return consumer.took(QueueEntry.ofStream(offset), shown);
  }

  private void markDirty() {
    if (!dirty && !isDeleted()) {
      dirty = true;
      home.markDirty(this);
    }
  }

  /** A reader has something to do. */
  void activate(StreamReader reader) {
    if (!reader.isActive()) {
      reader.active(true);
      active.add(reader);
    }
    markDirty();
  }

  @Override
  void activate(Consumer consumer) {
    StreamReader reader = readers.get(consumer);
    if (reader != null) {
      activate(reader);
    }
  }

  // ---- settling gives credit, and that is all

  @Override
  public void ack(QueueEntry entry) {
    unacked--;
    memory.add(-MemoryAccount.UNACKED_SIZE);
    entry.consumer().settled();
  }

  @Override
  public void reject(QueueEntry entry) {
    ack(entry);
  }

  @Override
  public void requeue(QueueEntry entry, ComeBack why) {
    ack(entry);
  }

  @Override
  public boolean isHeld() {
    return false;
  }

  @Override
  void released() {
    // Nothing is ever put back.
  }

  @Override
  public void used() {
    // It has no time to go unused.
  }

  // ---- consumers

  /** RabbitMQ takes exclusive consumers of a stream like any others. */
  @Override
  public boolean acceptsConsumer(boolean exclusive) {
    return true;
  }

  @Override
  public void addConsumer(Consumer consumer) {
    ConsumerArguments arguments = consumer.arguments();
    StreamFilter filter =
        vhost.compatibility().streams().filters() ? StreamFilter.of(arguments.table()) : null;
    StreamReader reader = new StreamReader(this, log, consumer, filter);
    readers.put(consumer, reader);
    log.keepTail(true);
    reader.locate(arguments.streamOffset());
  }

  @Override
  public boolean removeConsumer(Consumer consumer) {
    consumer.cancel();
    StreamReader reader = readers.remove(consumer);
    if (reader != null) {
      reader.close();
      active.remove(reader);
      log.keepTail(!readers.isEmpty());
      markDirty();
    }
    return false;
  }

  /** Makes the stream go; RabbitMQ then tells of no messages. */
  @Override
  public int delete() {
    markDeleted();
    StoryTaps.emptied(this);
    List<Consumer> consumers = new ArrayList<>(readers.keySet());
    readers.values().forEach(StreamReader::close);
    readers.clear();
    active.clear();
    log.remove();
    for (Consumer consumer : consumers) {
      consumer.cancel();
      consumer.channel().cancelledByQueue(consumer);
    }
    return 0;
  }
}
