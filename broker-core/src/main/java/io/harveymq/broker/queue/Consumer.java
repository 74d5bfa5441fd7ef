package io.harveymq.broker.queue;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.vhost.Events;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.codec.CommandEncoder;

/** Someone who takes messages from a queue through a channel. Owned by the home loop. */
public final class Consumer {
  /** Whether a consumer can take a message now, and what it waits for if not. */
  public enum Readiness {
    READY,
    PREFETCH_FULL,
    CHANNEL_FULL,
    OUTPUT_FULL
  }

  /** The latest acknowledgements that count, about so many. */
  private static final int RECENT_ACKS = 8;

  private final String tag;
  private final AmqpChannel channel;
  private final AmqpQueue queue;
  private final boolean noAck;
  private final boolean exclusive;
  private final ConsumerArguments arguments;
  private final int prefetch;
  private final long ackTimeout;
  private final byte[] deliverPrefix;
  private final boolean forReplies;
  private final Flow flow;
  private int unacked;

  /** Milliseconds, times {@link #RECENT_ACKS}. */
  private long recentAckMillis = -1;

  private boolean parked;
  private boolean cancelled;
  private boolean timedOut;

  /**
   * @param options what basic.consume asked for
   * @param prefetch deliveries that may be unacknowledged, 0 for no limit
   */
  public Consumer(AmqpChannel channel, AmqpQueue queue, Options options, int prefetch) {
    this.tag = options.tag();
    this.channel = channel;
    this.queue = queue;
    this.noAck = options.noAck();
    this.exclusive = options.exclusive();
    this.arguments = options.arguments();
    this.ackTimeout = options.ackTimeout();
    this.prefetch = noAck ? 0 : prefetch;
    this.deliverPrefix = CommandEncoder.deliverPrefix(tag);
    this.forReplies = ReplyQueues.isReplyKey(queue.name());
    this.flow = channel.deliveries().flowFrom(queue);
  }

  /**
   * What basic.consume asks for.
   *
   * @param tag the consumer tag, made up by the broker if the client left it empty
   * @param arguments parsed
   * @param ackTimeout milliseconds within which each delivery has to be acknowledged, {@link
   *     Long#MAX_VALUE} for no limit; only if consumers have their own
   */
  public record Options(
      String tag, boolean noAck, boolean exclusive, ConsumerArguments arguments, long ackTimeout) {}

  public String tag() {
    return tag;
  }

  public AmqpChannel channel() {
    return channel;
  }

  public AmqpQueue queue() {
    return queue;
  }

  public boolean noAck() {
    return noAck;
  }

  /** Whether it has its queue to itself. */
  public boolean exclusive() {
    return exclusive;
  }

  int priority() {
    return arguments.priority();
  }

  /** What basic.consume was told. */
  public ConsumerArguments arguments() {
    return arguments;
  }

  /** Deliveries that may be outstanding, 0 for no limit. */
  public int prefetch() {
    return prefetch;
  }

  /** Deliveries that are outstanding. */
  public int unacked() {
    return unacked;
  }

  /** Whether it gets messages; not while it waits for a single active one to go. */
  public boolean isActive() {
    return queue.isActive(this);
  }

  /** Whether it gets direct replies. */
  public boolean forReplies() {
    return forReplies;
  }

  /** What it takes from its queue, together with others of its channel. */
  public Flow flow() {
    return flow;
  }

  /** The unchanging part of its deliveries. */
  public byte[] deliverPrefix() {
    return deliverPrefix;
  }

  /**
   * Milliseconds within which each delivery has to be acknowledged, if consumers have their own.
   */
  public long ackTimeout() {
    return ackTimeout;
  }

  /** It did not acknowledge in time, and is cancelled for it. */
  public void timeOut() {
    timedOut = true;
  }

  /** Whether it was cancelled because it did not acknowledge in time. */
  public boolean timedOut() {
    return timedOut;
  }

  /** Whether it was cancelled, by either side. */
  public boolean cancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
    Events events = channel.connection().vhost().events();
    if (events != null) {
      events.deleted(this);
    }
  }

  /**
   * Whether it can take a message now. Quorum queues know nothing of the window of a channel, which
   * may be set after they are consumed from (rabbit_quorum_queue:consume).
   */
  public Readiness readiness() {
    if (prefetch > 0 && unacked >= prefetch) {
      return Readiness.PREFETCH_FULL;
    }
    return channel.readiness(!queue.isQuorum());
  }

  /**
   * Takes a message, which awaits its acknowledgement then.
   *
   * @param shown the message as it gets it
   * @return bytes of the message
   */
  int took(QueueEntry entry, Message shown) {
    unacked++;
    channel.deliveries().deliver(this, entry, shown);
    return shown.size();
  }

  /** Counts a delivery as settled; the consumer takes part again if that was what it waited for. */
  void settled() {
    unacked--;
    if (parked) {
      unpark();
    }
  }

  /**
   * It acknowledged a delivery.
   *
   * @param millis since the delivery
   */
  public void acked(long millis) {
    flow.add(Counter.ACK);
    long took = Math.max(0, millis);
    long before = recentAckMillis < 0 ? took * RECENT_ACKS : recentAckMillis;
    recentAckMillis = before + took - before / RECENT_ACKS;
  }

  /**
   * Milliseconds that it takes from a delivery to the acknowledgement, the latest counting most; -1
   * while it has acknowledged nothing.
   */
  public long ackMillis() {
    return recentAckMillis < 0 ? -1 : recentAckMillis / RECENT_ACKS;
  }

  /** Whether it waits for something that it lacks. */
  boolean isParked() {
    return parked;
  }

  /** Leaves the round of its queue until what it lacks is there. */
  void park(Readiness reason) {
    parked = true;
    channel.park(this, reason);
  }

  /** Takes part in the round of its queue again if nothing else is lacking. */
  public void unpark() {
    if (!parked || cancelled) {
      return;
    }
    Readiness now = readiness();
    if (now == Readiness.READY) {
      parked = false;
      queue.activate(this);
    } else {
      channel.park(this, now);
    }
  }
}
