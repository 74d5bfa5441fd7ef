package io.harveymq.broker.inspect;

import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Figures;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;

/**
 * A queue as it was at one time. Immutable.
 *
 * @param owner the name of the connection that has exclusive use; null unless exclusive
 * @param paused whether its consumers get nothing, because somebody wants it so
 * @param policy what is in force
 * @param messages how many there are
 * @param consumers how many there are
 * @param exclusiveTag the tag of the consumer that has the queue to itself, or null
 * @param activeTag the tag of the single active consumer, or null
 * @param figures what went through it
 */
public record QueueInfo(
    String vhost,
    String name,
    QueueType type,
    boolean durable,
    boolean autoDelete,
    boolean exclusive,
    FieldTable arguments,
    String owner,
    boolean paused,
    EffectivePolicy policy,
    Messages messages,
    int consumers,
    String exclusiveTag,
    String activeTag,
    Figures figures) {
  /** What a message takes in memory besides its content, as the broker counts. */
  private static final int BYTES_PER_MESSAGE = 108;

  private static final int BYTES_PER_QUEUE = 1_024;

  /**
   * Messages of a queue.
   *
   * @param ready those that wait, in a stream all
   * @param unacknowledged those that were delivered and not acknowledged
   * @param delayed those that came back and may not be delivered yet
   * @param delayedBytes bytes of the bodies of those
   * @param readyBytes bytes of the bodies of those that wait
   * @param unacknowledgedBytes bytes of the bodies of those delivered
   * @param inMemory of those that wait, how many are in memory
   * @param inMemoryBytes bytes of bodies and properties of those
   * @param persistent messages that survive a restart; none of a queue that does not
   * @param persistentBytes bytes of the bodies of those
   * @param headTimestamp the timestamp property of the first that waits, in seconds; 0 for none, or
   *     when it is not in memory
   * @param oldest when the message came that waits for longest, in milliseconds since the epoch, to
   *     whole seconds; 0 for none, or if nobody knows
   */
  public record Messages(
      long ready,
      long unacknowledged,
      long delayed,
      long delayedBytes,
      long readyBytes,
      long unacknowledgedBytes,
      long inMemory,
      long inMemoryBytes,
      long persistent,
      long persistentBytes,
      long headTimestamp,
      long oldest) {
    /** How many there are. */
    public long all() {
      return ready + unacknowledged + delayed;
    }

    /** Bytes of their bodies. */
    public long allBytes() {
      return readyBytes + unacknowledgedBytes + delayedBytes;
    }
  }

  /** Bytes that it takes in memory, messages included. */
  public long memory() {
    return BYTES_PER_QUEUE
        + messages.inMemoryBytes()
        + messages.unacknowledgedBytes()
        + BYTES_PER_MESSAGE * (messages.inMemory() + messages.unacknowledged());
  }

  /** Messages that wait in the store alone; a stream keeps them otherwise. */
  public long pagedOut() {
    return type == QueueType.STREAM ? messages.ready() : messages.ready() - messages.inMemory();
  }

  /**
   * Bytes of the bodies of those, less the properties of the others, which are counted with them.
   */
  public long pagedOutBytes() {
    long inMemory = type == QueueType.STREAM ? 0 : messages.inMemoryBytes();
    return pagedOut() == 0 ? 0 : Math.max(0, messages.readyBytes() - inMemory);
  }

  /** Whether consumers take what comes at once. */
  public boolean keepsUp() {
    return consumers > 0 && messages.ready() == 0;
  }

  /** Messages that survive a restart: of a quorum queue all. */
  public long persistent() {
    return type == QueueType.QUORUM ? messages.all() : messages.persistent();
  }

  /** Bytes of the bodies of those. */
  public long persistentBytes() {
    return type == QueueType.QUORUM ? messages.allBytes() : messages.persistentBytes();
  }

  /** Looks at a queue, on its home loop. */
  static QueueInfo of(VirtualHost vhost, AmqpQueue queue, Sampler sampler) {
    AmqpQueue.Definition definition = queue.definition();
    boolean single = definition.arguments().singleActiveConsumer();
    Consumer first = queue.firstConsumer();
    return new QueueInfo(
        vhost.name(),
        queue.name(),
        queue.type(),
        definition.durable(),
        definition.autoDelete(),
        definition.exclusive(),
        definition.arguments().table(),
        queue.owner() instanceof Connection owner ? owner.name() : null,
        queue instanceof MessageQueue whole && whole.isPaused(),
        vhost.policies().of(definition),
        messages(queue),
        queue.consumerCount(),
        first != null && first.exclusive() ? first.tag() : null,
        first != null && single ? first.tag() : null,
        queue.currentCounters().figures(sampler));
  }

  private static Messages messages(AmqpQueue queue) {
    if (queue instanceof MessageQueue whole) {
      return new Messages(
          whole.readyCount(),
          whole.unackedCount(),
          whole.lanes().delayedCount(),
          whole.lanes().delayedBytes(),
          whole.bodyBytes(),
          whole.unackedBytes(),
          whole.lanes().inMemory(),
          whole.lanes().bytesInMemory(),
          whole.lanes().persistent().count(),
          whole.lanes().persistent().bytes(),
          timestamp(whole.lanes().peek()),
          oldest(whole));
    }
    return new Messages(
        queue.readyCount(), queue.unackedCount(), 0, 0, queue.bodyBytes(), 0, 0, 0, 0, 0, 0, 0);
  }

  private static long oldest(MessageQueue queue) {
    long seconds = Integer.toUnsignedLong(queue.lanes().oldest());
    return seconds == 0 ? 0 : seconds * 1_000 + queue.vhost().home().ahead();
  }

  private static long timestamp(Message message) {
    if (message == null) {
      return 0;
    }
    Long timestamp = BasicProperties.trusted(message.properties()).timestamp();
    return timestamp == null ? 0 : timestamp;
  }
}
