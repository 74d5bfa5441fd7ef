package io.harveymq.broker.channel;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.ClientName;
import io.harveymq.broker.queue.ComeBack;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.Continuation;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.List;

/**
 * Settles many deliveries at once: acknowledges, drops or puts them back, in slices if there are
 * many. Queues that get several messages back are held meanwhile, so that nobody sees a part of
 * them. Owned by the home loop.
 */
final class Settlement implements Continuation {
  /** What becomes of the messages. */
  enum Outcome {
    /** Dealt with. */
    DONE(StoryEvent.ACKED),
    /** Refused for good. */
    REJECT(StoryEvent.REJECTED),
    /** Comes back, after a delivery that failed. */
    REQUEUE(StoryEvent.REQUEUED),
    /** Comes back, which is no failure. */
    RETURN(StoryEvent.REQUEUED),
    /** Comes back, because the client was too slow. */
    TIME_OUT(StoryEvent.TAKEN_BACK),
    /** Comes back, because the channel ended. */
    ABANDON(StoryEvent.CHANNEL_CLOSED);

    private final StoryEvent told;

    Outcome(StoryEvent told) {
      this.told = told;
    }

    private boolean putsBack() {
      return this != DONE && this != REJECT;
    }
  }

  private static final int AT_ONCE = 1_024;

  private static final int REFUSALS_AT_ONCE = 256;

  /** Refusing a message, which may become a dead letter, counts for so many. */
  private static final int REFUSAL_UNITS = 32;

  private final Unacked.Batch batch;
  private final Outcome outcome;
  private final HomeLoop home;
  private final ClientName client;
  private int next;

  private Settlement(Unacked.Batch batch, Outcome outcome, AmqpChannel channel) {
    this.batch = batch;
    this.outcome = outcome;
    this.home = channel.home();
    this.client = outcome == Outcome.DONE ? null : ClientName.of(channel.connection());
  }

  /**
   * Settles the deliveries, oldest first, now or over the coming turns.
   *
   * @param channel that got them; what it has settled before comes first
   */
  static void settle(Unacked.Batch batch, Outcome outcome, AmqpChannel channel) {
    Settlement settlement = new Settlement(batch, outcome, channel);
    if (batch.slots() <= (outcome == Outcome.REJECT ? REFUSALS_AT_ONCE : AT_ONCE)) {
      settlement.settleAtOnce();
    } else {
      if (outcome.putsBack()) {
        batch.queues().forEach(queue -> queue.waiters().hold());
      }
      channel.home().startBulk(channel, settlement);
    }
  }

  private void settleAtOnce() {
    if (outcome.putsBack() && batch.slots() > 1) {
      // Limits are kept when all has come back (rabbit_amqqueue_process:requeue_and_run). A copy:
      // dead letters may reach consumers of this channel meanwhile.
      List<AmqpQueue> queues = List.copyOf(batch.queues());
      queues.forEach(queue -> queue.waiters().hold());
      settleNext(batch.slots());
      queues.forEach(queue -> queue.waiters().releaseHold());
    } else {
      settleNext(batch.slots());
    }
  }

  /** Settles one delivery of a channel now. */
  static void settle(QueueEntry entry, Outcome outcome, AmqpChannel channel) {
    ClientName client = outcome == Outcome.DONE ? null : ClientName.of(channel.connection());
    settle(entry, outcome, channel.home(), client);
  }

  /**
   * Settles one delivery now.
   *
   * @param client who had it; null for one that is not named, or if the outcome is DONE
   */
  static void settle(QueueEntry entry, Outcome outcome, HomeLoop home, ClientName client) {
    StoryTaps.settled(entry, outcome.told);
    if (outcome != Outcome.DONE) {
      entry.returnedBy(client);
    }
    switch (outcome) {
      case DONE -> acked(entry, home.now() - entry.deliveredAt());
      case REJECT -> entry.queue().reject(entry);
      case REQUEUE -> entry.queue().requeue(entry, ComeBack.FAILED);
      case RETURN -> entry.queue().requeue(entry, ComeBack.RETURNED);
      case TIME_OUT -> entry.queue().requeue(entry, ComeBack.TIMED_OUT);
      case ABANDON -> entry.queue().requeue(entry, ComeBack.LOST);
    }
  }

  /** The time of the turn tells how long it took; nothing more is asked for a message. */
  private static void acked(QueueEntry entry, long millis) {
    AmqpQueue queue = entry.queue();
    queue.counters().add(Counter.ACK);
    queue.counters().add(Counter.ACK_TIME_MS, Math.max(0, millis));
    if (entry.consumer() != null) {
      entry.consumer().acked(millis);
    }
    queue.ack(entry);
  }

  @Override
  public boolean step(int units) {
    settleNext(outcome == Outcome.REJECT ? units / REFUSAL_UNITS : units);
    if (next < batch.slots()) {
      return false;
    }
    releaseHolds();
    return true;
  }

  @Override
  public void givenUp() {
    releaseHolds();
  }

  private void releaseHolds() {
    if (outcome.putsBack()) {
      batch.queues().forEach(queue -> queue.waiters().releaseHold());
    }
  }

  private void settleNext(int units) {
    int end = (int) Math.min(batch.slots(), (long) next + units);
    for (; next < end; next++) {
      QueueEntry entry = batch.at(next);
      if (entry != null) {
        settle(entry, outcome, home, client);
      }
    }
  }
}
