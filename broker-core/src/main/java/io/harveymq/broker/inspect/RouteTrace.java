package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.BindingReason;
import io.harveymq.broker.exchange.DelayedExchange;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way that a message would take, without publishing it. Immutable.
 *
 * @param queues names of the queues that would get it
 * @param steps the exchanges that it would come through, in this order
 * @param delayMillis how long it would wait in the first one before
 */
public record RouteTrace(List<String> queues, List<Step> steps, long delayMillis) {
  /**
   * One exchange on the way.
   *
   * @param matched bindings that it would follow
   * @param notMatched those that it would not
   * @param alternate the alternate exchange that it would go on to, because nothing matched; or
   *     null
   */
  public record Step(
      String exchange, List<BindingInfo> matched, List<Miss> notMatched, String alternate) {}

  /**
   * A binding that is not followed.
   *
   * @param reason why, in words
   */
  public record Miss(BindingInfo binding, String reason) {}

  /** Looks for the way, on the home loop. */
  static RouteTrace of(VirtualHost vhost, String exchange, String key, FieldTable given) {
    long delay = delay(vhost.exchange(exchange), given);
    FieldTable headers = delay > 0 ? given.toBuilder().put("x-delay", -delay).build() : given;
    byte[] properties = BasicProperties.builder().headers(headers).build().encoded();
    Route route = vhost.router().route(vhost.exchange(exchange), key, properties);
    List<String> queues = Arrays.stream(route.queues()).map(queue -> queue.name()).toList();
    List<Step> steps = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    ArrayDeque<Exchange> toVisit = new ArrayDeque<>();
    toVisit.add(vhost.exchange(exchange));
    while (!toVisit.isEmpty()) {
      Exchange next = toVisit.poll();
      if (seen.add(next.name())) {
        steps.add(step(vhost, next, key, headers, queues, toVisit));
      }
    }
    return new RouteTrace(queues, steps, delay);
  }

  private static long delay(Exchange exchange, FieldTable headers) {
    return exchange instanceof DelayedExchange
        ? Math.max(0, DelayedExchange.delay(BasicProperties.builder().headers(headers).build()))
        : 0;
  }

  private static Step step(
      VirtualHost vhost,
      Exchange exchange,
      String key,
      FieldTable headers,
      List<String> queues,
      ArrayDeque<Exchange> toVisit) {
    List<BindingInfo> matched = new ArrayList<>();
    List<Miss> missed = new ArrayList<>();
    for (Binding binding : exchange.bindings()) {
      String reason = reason(binding, key, headers, queues);
      if (reason != null) {
        missed.add(new Miss(BindingInfo.of(vhost, binding), reason));
      } else {
        matched.add(BindingInfo.of(vhost, binding));
        if (binding.destination() instanceof Exchange next) {
          toVisit.add(next);
        }
      }
    }
    if (exchange.name().isEmpty()) {
      if (vhost.queueOrNull(key) != null) {
        matched.add(BindingInfo.toDefault(vhost, key));
      }
    }
    String alternate = null;
    if (matched.isEmpty() && exchange.alternateExchange() != null) {
      alternate = exchange.alternateExchange();
      Exchange found = vhost.exchangeOrNull(alternate);
      if (found != null) {
        toVisit.add(found);
      }
    }
    return new Step(exchange.name(), matched, missed, alternate);
  }

  private static String reason(
      Binding binding, String key, FieldTable headers, List<String> queues) {
    String reason = BindingReason.of(binding, key, headers);
    boolean chooses =
        switch (binding.source().definition().type()) {
          case CONSISTENT_HASH, MODULUS_HASH, RANDOM, LOCAL_RANDOM -> true;
          default -> false;
        };
    if (reason == null
        && chooses
        && binding.destination().isQueue()
        && !queues.contains(binding.destination().name())) {
      return "the exchange chose another binding for this message";
    }
    return reason;
  }
}
