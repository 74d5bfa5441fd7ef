package io.harveymq.broker.channel;

import io.harveymq.broker.ConsumerTimeoutScope;
import io.harveymq.broker.argument.ArgumentCheck;
import io.harveymq.broker.argument.ArgumentChecks;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What becomes of deliveries that are not acknowledged in time, RabbitMQ's consumer timeout. Up to
 * 4.2 the oldest delivery of a channel counts, and the channel is closed for it. From 4.3 on each
 * delivery of a quorum queue counts; it goes back to its queue, and its consumer is cancelled if
 * the client understands that, else the channel is closed. There is one deadline a channel;
 * deliveries are looked at when it falls due, not with every acknowledgement. Owned by the home
 * loop.
 */
final class AckTimeout {
  private static final String ARGUMENT = "x-consumer-timeout";
  private static final ArgumentChecks CHECKS =
      new ArgumentChecks().with(ARGUMENT, ArgumentCheck::nonNegativeInteger);
  private static final long NEVER = Long.MAX_VALUE;

  /** Policies change while a delivery is outstanding; RabbitMQ looks every minute. */
  private static final long LONGEST_WAIT = 60_000;

  private static final int AT_ONCE = 1_024;

  private final AmqpChannel channel;
  private final Unacked unacked;
  private final ConsumerTimeoutScope scope;
  private final long nodeTimeout;
  private final LateTags lateTags = new LateTags();
  private final Deadline deadline = new Deadline(this::check);
  private boolean ended;

  /** No delivery is outstanding yet. */
  AckTimeout(AmqpChannel channel, Unacked unacked, Settings settings) {
    this.channel = channel;
    this.unacked = unacked;
    this.scope = settings.compatibility().consumerTimeoutScope();
    long millis = settings.consumerTimeoutMillis();
    this.nodeTimeout = millis == 0 ? NEVER : millis;
  }

  /**
   * The time that a new consumer has for each delivery, in milliseconds; it stays that, whatever
   * policies say later, because RabbitMQ's queue notes it with the consumer. Without meaning before
   * 4.3.
   *
   * @param arguments those of basic.consume
   * @throws ChannelException 406 for an argument that is no number from 0 on
   */
  long ofConsumer(AmqpQueue queue, FieldTable arguments) {
    if (scope != ConsumerTimeoutScope.QUORUM_QUEUE || queue.type() != QueueType.QUORUM) {
      return NEVER;
    }
    String resource = ResourceName.queue(channel.vhost().name(), queue.name());
    CHECKS.run(resource, arguments, Set.of(ARGUMENT));
    return arguments.containsKey(ARGUMENT) ? arguments.get(ARGUMENT).asLong() : ofQueue(queue);
  }

  private long ofQueue(AmqpQueue queue) {
    if (queue instanceof MessageQueue messages && messages.settings().consumerTimeout() != null) {
      return messages.settings().consumerTimeout();
    }
    return nodeTimeout;
  }

  private long of(QueueEntry entry) {
    AmqpQueue queue = entry.queue();
    if (scope == ConsumerTimeoutScope.NODE) {
      return nodeTimeout;
    } else if (scope == ConsumerTimeoutScope.QUEUE) {
      return ofQueue(queue);
    } else if (queue.type() != QueueType.QUORUM || queue.isDeleted()) {
      return NEVER;
    }
    return entry.consumer() == null ? ofQueue(queue) : entry.consumer().ackTimeout();
  }

  /** When that much time is over, counted as RabbitMQ does: it has to be more than the timeout. */
  private static long after(long time, long timeout) {
    return timeout > NEVER - time - 1 ? NEVER : time + timeout + 1;
  }

  /** Deliveries that were taken back, and which the client may still settle to no effect. */
  LateTags lateTags() {
    return lateTags;
  }

  /** A delivery is outstanding from now on. */
  void started(QueueEntry entry) {
    long now = channel.home().now();
    entry.deliveredAt(now);
    long timeout = of(entry);
    if (timeout != NEVER) {
      checkAt(after(now, timeout));
    }
  }

  /** Deliveries are outstanding again that were taken out earlier. */
  void restored() {
    checkAt(channel.home().now());
  }

  private void checkAt(long time) {
    HomeLoop home = channel.home();
    long due =
        scope == ConsumerTimeoutScope.QUEUE ? Math.min(time, home.now() + LONGEST_WAIT) : time;
    if (due != NEVER && (!deadline.isSet() || due < deadline.due())) {
      home.deadlines().set(deadline, due);
    }
  }

  private void check() {
    if (scope == ConsumerTimeoutScope.QUORUM_QUEUE) {
      if (!takeBackOverdue(AT_ONCE)) {
        channel.home().startBulk(channel, this::takeBackOverdue);
      }
      return;
    }
    QueueEntry oldest = unacked.oldest();
    if (oldest != null) {
      long timeout = of(oldest);
      long due = after(oldest.deliveredAt(), timeout);
      if (due <= channel.home().now()) {
        channel.fail(timedOut(timeout));
      } else {
        checkAt(due);
      }
    }
  }

  /**
   * Takes back what is overdue, and finds out when to look again.
   *
   * @param most deliveries to take back
   * @return false when there is more
   */
  private boolean takeBackOverdue(int most) {
    long now = channel.home().now();
    long next = NEVER;
    List<QueueEntry> overdue = new ArrayList<>();
    int slots = ended ? 0 : unacked.slots();
    for (int i = 0; i < slots && overdue.size() < most; i++) {
      QueueEntry entry = unacked.at(i);
      if (entry == null) {
        continue;
      }
      long due = after(entry.deliveredAt(), of(entry));
      if (due <= now) {
        overdue.add(entry);
      } else {
        next = Math.min(next, due);
      }
    }
    checkAt(next);
    takeBack(overdue);
    return overdue.size() < most;
  }

  private void takeBack(List<QueueEntry> overdue) {
    ChannelException fatal = null;
    for (QueueEntry entry : overdue) {
      if (fatal == null && !cancelsFor(entry)) {
        fatal = timedOut(of(entry));
      }
    }
    int fromWindow = 0;
    for (QueueEntry entry : overdue) {
      fromWindow += entry.consumer() == null ? 0 : 1;
      unacked.take(entry.deliveryTag());
      lateTags.add(entry.deliveryTag());
      Settlement.settle(entry, Settlement.Outcome.TIME_OUT, channel);
    }
    channel.unackedTaken(overdue.size());
    channel.window().settled(fromWindow);
    if (fatal != null) {
      channel.fail(fatal);
    }
  }

  /**
   * Cancels the consumer of a delivery, unless that was done for another one.
   *
   * @return false when there is none, or the client would not understand
   */
  private boolean cancelsFor(QueueEntry entry) {
    Consumer consumer = entry.consumer();
    if (consumer == null || !channel.connection().understandsConsumerCancel()) {
      return false;
    }
    if (!consumer.cancelled()) {
      ErrorLog.consumerTimedOut(channel, consumer);
      consumer.timeOut();
      channel.consumers().end(consumer);
      channel.send(new BasicMethod.Cancel(consumer.tag(), true));
    }
    return consumer.timedOut();
  }

  private ChannelException timedOut(long timeout) {
    return new ChannelException(
        ReplyCode.PRECONDITION_FAILED,
        "delivery acknowledgement on channel "
            + channel.number()
            + " timed out. Timeout value used: "
            + timeout
            + " ms. This timeout value can be configured, see consumers doc guide to learn"
            + " more");
  }

  /** The channel ends. */
  void end() {
    ended = true;
    channel.home().deadlines().clear(deadline);
  }
}
