package io.harveymq.broker.exchange;

import io.harveymq.broker.LossBound;
import java.util.Map;

/** What goes with an exchange when it is deleted. Stateless; home loop. */
public final class ExchangeLoss {
  private ExchangeLoss() {}

  /** The messages that wait in it until they are due. */
  public static long messages(Exchange exchange) {
    return exchange instanceof DelayedExchange delayed ? delayed.messages().count() : 0;
  }

  /** All that goes with it. */
  public static Map<LossBound.Kind, Long> of(Exchange exchange) {
    return Map.of(
        LossBound.Kind.MESSAGES, messages(exchange),
        LossBound.Kind.BINDINGS, exchange.allBindings());
  }
}
