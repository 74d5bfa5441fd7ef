package io.harveymq.broker.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts messages that queues of a virtual host dropped, and what was done with them, in RabbitMQ's
 * terms. Owned by the home loop.
 */
public final class DeathCounts {
  /** What is done with a message that died. */
  public enum Strategy {
    /** It goes to a dead letter exchange, if one can take it. */
    AT_MOST_ONCE,
    /** It goes to a dead letter exchange, and stays until one has taken it. */
    AT_LEAST_ONCE,
    /** It is gone, because there is no dead letter exchange. */
    DISABLED
  }

  private final long[][][] died =
      new long[QueueType.values().length][Strategy.values().length][DeathReason.values().length];
  private long confirmed;

  /** How many messages of queues of a type died for a reason. Immutable. */
  public record Count(QueueType type, Strategy strategy, DeathReason reason, long count) {}

  /** Counts a message that leaves a queue, by what its settings say now. */
  void died(MessageQueue queue, DeathReason reason) {
    QueueSettings settings = queue.settings();
    Strategy strategy = Strategy.DISABLED;
    if (settings.atLeastOnce()) {
      strategy = Strategy.AT_LEAST_ONCE;
    } else if (settings.deadLetterExchange() != null) {
      strategy = Strategy.AT_MOST_ONCE;
    }
    died[queue.type().ordinal()][strategy.ordinal()][reason.ordinal()]++;
  }

  /** Counts a message that stayed until others had taken it. */
  void confirmed() {
    confirmed++;
  }

  /** Adds the counts of others. */
  public void addAll(DeathCounts others) {
    for (Count one : others.all()) {
      died[one.type().ordinal()][one.strategy().ordinal()][one.reason().ordinal()] += one.count();
    }
    confirmed += others.confirmed;
  }

  /** Messages that stayed until others had taken them. */
  public long confirmedCount() {
    return confirmed;
  }

  /** All counts, those of 0 too. */
  public List<Count> all() {
    List<Count> all = new ArrayList<>();
    for (QueueType type : QueueType.values()) {
      for (Strategy strategy : Strategy.values()) {
        for (DeathReason reason : DeathReason.values()) {
          long count = died[type.ordinal()][strategy.ordinal()][reason.ordinal()];
          all.add(new Count(type, strategy, reason, count));
        }
      }
    }
    return all;
  }
}
