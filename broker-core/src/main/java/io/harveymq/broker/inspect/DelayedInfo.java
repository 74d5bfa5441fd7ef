package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.codec.Content;
import java.util.List;

/**
 * A message that waits in a delayed exchange, as it was at one time. Immutable.
 *
 * @param id names it, see {@link DelayedMessage#id}
 * @param exchange that it was published to
 * @param due when it is let go, in milliseconds since the epoch by the broker's clock
 * @param waitsMillis how long it still waits
 * @param bodySize bytes of its body
 * @param message null when it was only in the store
 */
public record DelayedInfo(
    String id,
    String exchange,
    String routingKey,
    long due,
    long waitsMillis,
    int bodySize,
    Content message) {

  /**
   * Some of them.
   *
   * @param total how many wait in the exchange
   * @param some in the order in which they are due
   */
  public record Page(int total, List<DelayedInfo> some) {}

  /** On the home loop. */
  static DelayedInfo of(DelayedMessage waiting, Content message, long now) {
    return new DelayedInfo(
        waiting.id(),
        waiting.exchange(),
        waiting.routingKey(),
        waiting.due(),
        Math.max(0, waiting.due() - now),
        waiting.bodySize(),
        message);
  }
}
