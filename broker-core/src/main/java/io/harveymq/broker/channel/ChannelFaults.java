package io.harveymq.broker.channel;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.fault.FaultOperation;
import io.harveymq.broker.fault.FaultStrike;
import io.harveymq.broker.fault.FaultTarget;
import io.harveymq.broker.fault.WithheldConfirms;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.Route;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;

/**
 * What injected faults do to the commands of a channel. Whoever asks has seen that some fault is
 * on. Stateless; called on the home loop.
 */
final class ChannelFaults {
  private ChannelFaults() {}

  /**
   * A message is to be published that may be.
   *
   * @return whether it is dealt with, and goes nowhere
   * @throws ChannelException when a fault closes the channel
   * @throws ConnectionException when it closes the connection
   */
  static boolean strikesPublish(AmqpChannel channel, String exchange, Route route) {
    return strikes(channel, publish(channel, exchange, route));
  }

  /** The same for another command, on a queue. */
  static boolean strikes(AmqpChannel channel, FaultOperation operation, AmqpQueue queue) {
    AmqpQueue[] queues = {queue};
    return strikes(
        channel, new FaultTarget(operation, channel.access().user(), null, queues, false));
  }

  private static boolean strikes(AmqpChannel channel, FaultTarget target) {
    FaultStrike strike = channel.vhost().faults().strike(target);
    if (strike == null) {
      return false;
    }
    switch (strike.kind()) {
      case NACK -> {
        Exchange exchange = channel.vhost().exchange(target.exchange());
        long tag = channel.confirms().next(channel.deliveries().flowTo(exchange));
        channel.confirms().reject(tag);
        channel.connection().throttle().published(1);
      }
      case CLOSE_CHANNEL -> throw new ChannelException(strike.code(), strike.text());
      case CLOSE_CONNECTION -> throw new ConnectionException(strike.code(), strike.text());
      case CUT -> channel.connection().reset(strike.text());
      default -> throw new IllegalStateException("no end of a command: " + strike.kind());
    }
    return true;
  }

  /** A message was published whose confirm with this tag is not due yet. */
  static void withhold(AmqpChannel channel, String exchange, Route route, long tag) {
    WithheldConfirms by = channel.vhost().faults().withholds(publish(channel, exchange, route));
    if (by != null) {
      channel.confirms().withhold(tag, by);
    }
  }

  private static FaultTarget publish(AmqpChannel channel, String exchange, Route route) {
    return new FaultTarget(
        FaultOperation.PUBLISH,
        channel.access().user(),
        exchange,
        route.queues(),
        channel.confirms() != null);
  }
}
