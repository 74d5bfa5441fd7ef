package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.DelayedExchange;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.stats.Figures;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.vhost.VirtualHost;

/**
 * An exchange as it was at one time. Immutable.
 *
 * @param definition as it was declared
 * @param policy what is in force
 * @param declaredBy the user who declared it; null for one of a store that did not tell
 * @param bindings how many there are from it
 * @param delayed messages that wait in it until they are due; -1 where none ever do
 * @param figures what was published to it
 */
public record ExchangeInfo(
    String vhost,
    ExchangeDefinition definition,
    EffectivePolicy policy,
    String declaredBy,
    int bindings,
    int delayed,
    Figures figures) {

  /** Looks at an exchange, on its home loop. */
  static ExchangeInfo of(VirtualHost vhost, Exchange exchange, Sampler sampler) {
    return new ExchangeInfo(
        vhost.name(),
        exchange.definition(),
        exchange.name().isEmpty() ? EffectivePolicy.NONE : vhost.policies().of(exchange),
        exchange.declaredBy(),
        exchange.bindingCount(),
        exchange instanceof DelayedExchange keeper ? keeper.messages().count() : -1,
        exchange.counters().figures(sampler));
  }
}
