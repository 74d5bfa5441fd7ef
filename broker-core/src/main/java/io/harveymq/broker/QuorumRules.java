package io.harveymq.broker;

/**
 * What versions of RabbitMQ do otherwise with quorum queues. Immutable; any thread.
 *
 * @param priorities how messages of different priorities are served
 * @param delayedRetries whether messages that come back can be made to wait: from 4.3 on
 */
public record QuorumRules(Priorities priorities, boolean delayedRetries) {
  /** How messages of different priorities are served. */
  public enum Priorities {
    /** As they came: before 4.0. */
    NONE,
    /** Two that are above 4 and one that is not, in turn: from 4.0 on (rabbit_fifo_q). */
    TWO,
    /** 0 to 31, the higher always before the lower: from 4.3 on (rabbit_fifo_pq). */
    STRICT
  }

  /** The rules of a release, such as 402 for 4.2. */
  static QuorumRules of(int release) {
    return new QuorumRules(priorities(release), release >= 403);
  }

  private static Priorities priorities(int release) {
    if (release >= 403) {
      return Priorities.STRICT;
    }
    return release < 400 ? Priorities.NONE : Priorities.TWO;
  }
}
