package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.codec.Content;
import java.util.List;

/**
 * A message that waits in a delayed exchange, as it was at one time. Immutable.
 *
 * @param id names it, see {@link io.harveymq.broker.exchange.DelayedMessages#id}
 * @param exchange that it was published to
 * @param due when it is let go, in milliseconds since the epoch as users see the time
 * @param bodySize bytes of its body
 * @param message null when it was only in the store
 */
public record DelayedInfo(
    String id, String exchange, String routingKey, long due, int bodySize, Content message) {

  /** Whatever is due later than this. */
  private static final long NEVER = Long.MAX_VALUE / 2;

  /**
   * Some of them.
   *
   * @param total how many wait in the exchange
   * @param until names all that have come by now; null when one was asked for
   * @param some in the order in which they are due
   */
  public record Page(int total, String until, List<DelayedInfo> some) {}

  /**
   * Some of them in full, to be looked through.
   *
   * @param some in the order in which they are due; without content where it is not stored yet
   * @param hasMore whether others are due after these
   */
  public record Part(List<DelayedInfo> some, boolean hasMore) {}

  /**
   * On the home loop.
   *
   * @param ahead how much the time that users see is ahead of that by which it falls due
   */
  static DelayedInfo of(String id, DelayedMessage waiting, Content message, long ahead) {
    return new DelayedInfo(
        id,
        waiting.exchange(),
        waiting.routingKey(),
        waiting.due() > NEVER ? waiting.due() : waiting.due() + ahead,
        waiting.bodySize(),
        message);
  }
}
