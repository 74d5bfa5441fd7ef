package io.harveymq.broker;

import io.harveymq.broker.exchange.DelayedExchange;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Shows and cancels the messages that wait in x-delayed-message exchanges.
 *
 * <p>Safe from any thread but those of the broker, for which an answer would have to wait.
 */
public final class DelayedExchanges {
  private static final long TIMEOUT_SECONDS = 10;
  private static final int MOST_LISTED = 10_000;

  private final Node node;

  DelayedExchanges(Node node) {
    this.node = node;
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

  private <T> T ask(String vhostName, String exchange, Function<DelayedMessages, T> question) {
    VirtualHost vhost = node.vhostOrNull(vhostName);
    if (vhost == null) {
      throw new IllegalArgumentException("there is no virtual host '" + vhostName + "'");
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      vhost
          .home()
          .execute(
              () -> {
                if (vhost.exchangeOrNull(exchange) instanceof DelayedExchange delayed) {
                  answer.complete(question.apply(delayed.messages()));
                } else {
                  answer.completeExceptionally(
                      new IllegalArgumentException(
                          "there is no delayed exchange '" + exchange + "'"));
                }
              });
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof IllegalArgumentException unknown) {
        throw unknown;
      }
      throw new IllegalStateException("delayed messages could not be asked for", failure);
    } catch (TimeoutException | RuntimeException failure) {
      throw new IllegalStateException("delayed messages could not be asked for", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for delayed messages", interrupted);
    }
  }
}
