package io.harveymq.broker.story;

import io.harveymq.broker.vhost.Firehose;
import io.harveymq.codec.Content;
import java.util.List;

/**
 * What happened to a message so far, its dead letters included. Immutable.
 *
 * @param id names it as long as the broker runs
 * @param steps the oldest first
 * @param leftOut steps that there was no room for, after the first {@value
 *     MessageStory#FIRST_STEPS}
 * @param places the queues that it was in, or is
 * @param unfollowed queues that it went to besides, of which nothing is known
 */
public record Story(
    long id,
    Published published,
    List<StoryStep> steps,
    int leftOut,
    List<Place> places,
    int unfollowed) {

  /**
   * How it began.
   *
   * @param time in milliseconds since the epoch, by the broker's clock
   * @param message with the beginning of its body; without properties if they are long
   * @param size bytes of the whole body
   * @param queues how many queues it was routed to
   */
  public record Published(long time, Content message, int size, int queues, Firehose.Tap by) {}

  /** Where a message is, as seen from one queue. */
  public enum State {
    /** It waits in the queue. */
    READY,
    /** A client has it and has not acknowledged it. */
    UNACKED,
    /** It is not there any more. */
    GONE
  }

  /**
   * A queue that a message was in, or is.
   *
   * @param owner the user whose connection has exclusive use of the queue; null when it is not
   *     exclusive
   * @param since when it came into that state, in milliseconds since the epoch
   */
  public record Place(String queue, String owner, State state, long since) {}
}
