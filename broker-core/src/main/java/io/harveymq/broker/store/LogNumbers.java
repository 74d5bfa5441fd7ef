package io.harveymq.broker.store;

/**
 * Numbers of logs. What has a fixed number of logs has numbers in a row; a quorum queue has one
 * log, and whichever of these it needs besides, whose numbers follow from that one's: of each
 * priority but one, and of the delays of its messages. Stateless; any thread.
 */
public final class LogNumbers {
  private static final int SHIFT = 56;

  /** Numbers that are given out are below this; from this on each belongs to one of them. */
  public static final long LEAST_BESIDES = 1L << SHIFT;

  private static final int DELAYS = 40;

  private LogNumbers() {}

  /**
   * The log of the messages of a priority in a quorum queue.
   *
   * @param first the number of the queue's log
   * @param priority from 0 to 31
   */
  public static long ofPriority(long first, int priority) {
    return first | priority + 1L << SHIFT;
  }

  /**
   * The log of what says until when messages of a quorum queue wait.
   *
   * @param first the number of the queue's log
   */
  public static long ofDelays(long first) {
    return first | (long) DELAYS << SHIFT;
  }

  /** Whether a log is one that a quorum queue has besides its first. */
  public static boolean isBesides(long number) {
    return number >= LEAST_BESIDES;
  }

  /** The number that was given out for a log, itself or that of the queue's first. */
  public static long first(long number) {
    return isBesides(number) ? number & LEAST_BESIDES - 1 : number;
  }
}
