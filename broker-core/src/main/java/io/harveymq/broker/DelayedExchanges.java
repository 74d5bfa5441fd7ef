package io.harveymq.broker;

import io.harveymq.broker.exchange.DelayedExchange;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.node.Node;
import java.util.List;
import java.util.function.Function;

/**
 * Shows and cancels the messages that wait in x-delayed-message exchanges.
 *
 * <p>Safe from any thread but those of the broker, for which an answer would have to wait.
 */
public final class DelayedExchanges {
  private static final int MOST_LISTED = 10_000;

  private final VhostCalls calls;

  DelayedExchanges(Node node) {
    this.calls = new VhostCalls(node);
  }

  /**
   * How many messages wait.
   *
   * @throws IllegalArgumentException when there is no such virtual host or delayed exchange
   * @throws IllegalStateException when the broker is closed
   */
  public int count(String vhost, String exchange) {
    return ask(vhost, exchange, DelayedMessages::count);
  }

  /**
   * The messages that are due first, in that order.
   *
   * @param limit how many at most, up to 10,000
   * @throws IllegalArgumentException when there is no such virtual host or delayed exchange
   * @throws IllegalStateException when the broker is closed
   */
  public List<DelayedMessage> list(String vhost, String exchange, int limit) {
    return ask(vhost, exchange, messages -> messages.first(Math.min(limit, MOST_LISTED)));
  }

  /**
   * Drops a message that {@link #list} gave; it goes nowhere.
   *
   * @return false when it does not wait any more
   * @throws IllegalArgumentException when there is no such virtual host or delayed exchange
   * @throws IllegalStateException when the broker is closed
   */
  public boolean cancel(String vhost, String exchange, DelayedMessage message) {
    return ask(vhost, exchange, messages -> messages.cancel(message));
  }

  private <T> T ask(String name, String exchange, Function<DelayedMessages, T> question) {
    return calls.call(
        name,
        vhost -> {
          if (vhost.exchangeOrNull(exchange) instanceof DelayedExchange delayed) {
            return question.apply(delayed.messages());
          }
          throw new IllegalArgumentException("there is no delayed exchange '" + exchange + "'");
        });
  }
}
