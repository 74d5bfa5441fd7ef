package io.harveymq.broker.vhost;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.Content;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somebody's look at the messages that are published to an exchange, or that go into a queue and
 * out of it. Bounded: who is slow to take misses the oldest, and is forgotten after a while. Owned
 * by the home loop.
 */
public final class MessageTail {
  static final int MOST = 500;
  static final long MOST_BYTES = 1 << 20;

  /** Bytes of a body that are shown, and of the properties if they are to be shown at all. */
  static final int SHOWN_BYTES = 4 << 10;

  private static final int OVERHEAD = 200;

  /** Of the machine's time, which a reader needs, whatever the broker's clock says. */
  private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final byte[] NO_PROPERTIES = {0, 0};

  private final String exchange;
  private final String queue;
  private final VirtualHost vhost;
  private final BrokerClock clock;
  private final ArrayDeque<Seen> waiting = new ArrayDeque<>();
  private long bytes;
  private long missed;
  private long nextId = 1;
  private long taken = System.nanoTime();
  private boolean forgotten;

  /**
   * @param exchange whose messages are watched, empty for the default exchange; null for a queue
   * @param queue whose messages are watched; null for an exchange
   * @throws ChannelException 404 when it is not there
   */
  MessageTail(String exchange, String queue, VirtualHost vhost) {
    if (queue == null) {
      vhost.exchange(exchange);
    } else {
      vhost.queue(queue);
    }
    this.exchange = exchange;
    this.queue = queue;
    this.vhost = vhost;
    this.clock = vhost.home().loop().clock();
  }

  /**
   * A message on its way. Immutable.
   *
   * @param time in milliseconds since the epoch
   * @param delivered whether it was given to a client; else it was published
   * @param message with the beginning of its body
   * @param size bytes of the whole body
   * @param queues where it went to, or the one that it came from
   * @param redelivered whether it had been delivered before
   */
  public record Seen(
      long id,
      long time,
      boolean delivered,
      Content message,
      int size,
      List<String> queues,
      boolean redelivered,
      Firehose.Tap by) {
    private long bytes() {
      return OVERHEAD + message.properties().length + message.body().length;
    }
  }

  /**
   * What was seen since it was asked last.
   *
   * @param missed messages that there was no room for
   */
  public record Batch(List<Seen> seen, long missed) {}

  /**
   * Takes what was seen since the last time.
   *
   * @throws ChannelException 404 when it was forgotten
   */
  public Batch take() {
    if (forgotten) {
      throw new ChannelException(ReplyCode.NOT_FOUND, "nobody took messages for a minute");
    }
    Batch batch = new Batch(List.copyOf(waiting), missed);
    waiting.clear();
    bytes = 0;
    missed = 0;
    taken = System.nanoTime();
    return batch;
  }

  void published(Message message, Route route, Firehose.Tap by) {
    if (queue != null ? !goesTo(route) : !message.exchange().equals(exchange)) {
      return;
    }
    List<String> queues = new ArrayList<>();
    for (AmqpQueue one : route.queues()) {
      if (!ReplyQueues.isReplyKey(one.name())) {
        queues.add(one.name());
      }
    }
    add(false, message, queues, false, by);
  }

  private boolean goesTo(Route route) {
    for (AmqpQueue one : route.queues()) {
      if (one.name().equals(queue)) {
        return true;
      }
    }
    return false;
  }

  void delivered(Message message, AmqpQueue from, boolean redelivered, Firehose.Tap by) {
    if (from.name().equals(queue)) {
      add(true, message, List.of(queue), redelivered, by);
    }
  }

  private void add(
      boolean delivered, Message of, List<String> queues, boolean again, Firehose.Tap by) {
    if (System.nanoTime() - taken > FORGOTTEN_NANOS) {
      forgotten = true;
      vhost.unwatch(this);
      return;
    }
    byte[] body = of.body();
    boolean few = of.properties().length <= SHOWN_BYTES;
    Content shown =
        new Content(
            of.address(),
            few ? of.properties() : NO_PROPERTIES,
            body.length <= SHOWN_BYTES ? body : Arrays.copyOf(body, SHOWN_BYTES));
    Seen seen =
        new Seen(nextId++, clock.millis(), delivered, shown, body.length, queues, again, by);
    waiting.addLast(seen);
    bytes += seen.bytes();
    while (waiting.size() > MOST || bytes > MOST_BYTES) {
      bytes -= waiting.pollFirst().bytes();
      missed++;
    }
  }
}
