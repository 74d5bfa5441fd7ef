package io.harveymq.broker.queue;

import io.harveymq.broker.QuorumRules;
import io.harveymq.broker.store.LogNumbers;

/**
 * The priorities that a queue tells apart: its levels. A classic queue has them from 0 to its
 * x-max-priority; a quorum queue has 32 whatever it is asked for, and how many of them new messages
 * use, and in which turn they are served, depends on the version. Immutable; any thread.
 */
final class Levels {
  private static final int OF_QUORUM = 32;

  /** Of a message in a quorum queue that has no priority, as AMQP 1.0 has it. */
  private static final int NORMAL = 4;

  /** Where messages go that are more than normal, where there are only those two. */
  private static final int HIGH = 5;

  private final int count;
  private final QuorumRules.Priorities quorum;

  private Levels(int count, QuorumRules.Priorities quorum) {
    this.count = count;
    this.quorum = quorum;
  }

  static Levels of(QueueArguments arguments, QuorumRules rules) {
    if (arguments.queueType() == QueueType.QUORUM) {
      return new Levels(OF_QUORUM, rules.priorities());
    }
    Integer most = arguments.maxPriority();
    return new Levels(most == null ? 1 : most + 1, null);
  }

  boolean isOfQuorum() {
    return quorum != null;
  }

  /** Levels are from 0 on to below this. */
  int count() {
    return count;
  }

  /** The level that is always there: that of messages without a priority. */
  int base() {
    return quorum == null ? 0 : NORMAL;
  }

  /** The level of a message. */
  int of(Message message) {
    if (count == 1 || quorum == QuorumRules.Priorities.NONE) {
      return base();
    }
    int priority = message.priority();
    if (priority < 0) {
      return base();
    }
    if (takeTurns()) {
      return isHigh(priority) ? HIGH : NORMAL;
    }
    return Math.min(priority, count - 1);
  }

  /** Whether it is more than normal, in a quorum queue. */
  static boolean isHigh(int level) {
    return level > NORMAL;
  }

  /**
   * Whether those above normal have two turns and the others one, and messages of all levels are
   * counted through so that one can tell which of two is older.
   */
  boolean takeTurns() {
    return quorum == QuorumRules.Priorities.TWO;
  }

  /** Whether a level is one of those that have two turns. */
  boolean isHighTurn(int level) {
    return takeTurns() && isHigh(level);
  }

  /** Whether messages expire at the head of each level, not only where the next one comes from. */
  boolean expireEach() {
    return quorum == QuorumRules.Priorities.STRICT;
  }

  /** How many numbers of logs in a row the queue needs. */
  int logs() {
    return quorum == null ? count : 1;
  }

  /**
   * The number of the log of a level.
   *
   * @param first that of the queue
   */
  long log(long first, int level) {
    if (level == base()) {
      return first;
    }
    return quorum == null ? first + level : LogNumbers.ofPriority(first, level);
  }
}
