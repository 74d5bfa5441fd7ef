package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Destination;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.Keeper;
import io.harveymq.broker.exchange.Matches;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.codec.BasicProperties;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the queues for a message: walks from its exchange along exchange-to-exchange bindings and
 * alternate exchanges, visiting each exchange once, and names each queue once. Routes that depend
 * on nothing but exchange and key are kept until the topology changes. Owned by the home loop.
 */
public final class Router implements Matches {
  private static final int CACHED_KEYS_PER_EXCHANGE = 1_024;

  /** Places in queues and letters of keys that are remembered of all exchanges. */
  private static final int MOST_CACHED = 1 << 19;

  private static final int CACHED_ROUTE_COST = 32;

  private static final Keeper[] NO_KEEPERS = {};

  private final VirtualHost vhost;
  private final Map<Exchange, Map<String, Route>> cache = new IdentityHashMap<>();
  private long cachedEpoch;
  private int cached;

  private final Set<AmqpQueue> queues = new LinkedHashSet<>();
  private final Set<Exchange> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<Exchange> toVisit = new ArrayDeque<>();
  private final List<Keeper> keepers = new ArrayList<>();
  private int matched;

  Router(VirtualHost vhost) {
    this.vhost = vhost;
  }

  /**
   * The route of a message.
   *
   * @param properties encoded properties; their headers matter to headers exchanges and for CC and
   *     BCC
   * @throws io.harveymq.codec.ChannelException 406 for a CC or BCC header of a wrong type
   */
  public Route route(Exchange exchange, String routingKey, byte[] properties) {
    if (SenderSelectedKeys.mayBeIn(properties)) {
      BasicProperties decoded = BasicProperties.trusted(properties);
      List<String> keys = SenderSelectedKeys.of(decoded.headers());
      if (!keys.isEmpty()) {
        keys.add(0, routingKey);
        return walk(exchange, keys, decoded);
      }
    }
    if (cachedEpoch != vhost.routingEpoch() || cached > MOST_CACHED) {
      cache.clear();
      cached = 0;
      cachedEpoch = vhost.routingEpoch();
    }
    Map<String, Route> routes = cache.get(exchange);
    Route known = routes == null ? null : routes.get(routingKey);
    if (known != null) {
      return known;
    }
    Route route = walk(exchange, List.of(routingKey), BasicProperties.trusted(properties));
    if (route.byKeyOnly()) {
      remember(exchange, routingKey, route);
    }
    return route;
  }

  /** The route by exchange and routing key; keys in CC and BCC do not count. */
  public Route routeByKeyAlone(Exchange exchange, String routingKey, byte[] properties) {
    return walk(exchange, List.of(routingKey), BasicProperties.trusted(properties));
  }

  /** The same with keys that are not in the properties. */
  Route route(Exchange exchange, String routingKey, byte[] properties, List<String> hiddenKeys) {
    if (hiddenKeys.isEmpty()) {
      return route(exchange, routingKey, properties);
    }
    BasicProperties decoded = BasicProperties.trusted(properties);
    List<String> keys = SenderSelectedKeys.of(decoded.headers());
    keys.add(0, routingKey);
    keys.addAll(hiddenKeys);
    return walk(exchange, keys, decoded);
  }

  /** Places in queues and letters of keys that are remembered. */
  int remembered() {
    return cached;
  }

  private void remember(Exchange exchange, String routingKey, Route route) {
    Map<String, Route> routes = cache.computeIfAbsent(exchange, e -> new HashMap<>());
    if (routes.size() < CACHED_KEYS_PER_EXCHANGE) {
      routes.put(routingKey, route);
      cached += CACHED_ROUTE_COST + routingKey.length() + route.queues().length;
    }
  }

  private Route walk(Exchange start, List<String> keys, BasicProperties properties) {
    boolean byKeyOnly = keys.size() == 1;
    visit(start);
    while (!toVisit.isEmpty()) {
      Exchange exchange = toVisit.poll();
      matched = 0;
      for (int i = 0; i < keys.size() && (i == 0 || exchange.looksAtKeys()); i++) {
        match(exchange, keys.get(i), properties);
      }
      if (matched == 0 && exchange.alternateExchange() != null) {
        Exchange alternate = vhost.exchangeOrNull(exchange.alternateExchange());
        if (alternate != null) {
          visit(alternate);
        }
      }
      byKeyOnly &= exchange.dependsOnKeyOnly();
    }
    AmqpQueue[] found = queues.toArray(new AmqpQueue[0]);
    queues.clear();
    seen.clear();
    Keeper[] keeping = keepers.isEmpty() ? NO_KEEPERS : keepers.toArray(NO_KEEPERS);
    keepers.clear();
    return new Route(start, found, vhost.routingEpoch(), byKeyOnly, keeping);
  }

  private void match(Exchange exchange, String key, BasicProperties properties) {
    if (exchange.name().isEmpty()) {
      AmqpQueue queue =
          ReplyQueues.isReplyKey(key) ? vhost.replyQueues().orNull(key) : vhost.queueOrNull(key);
      if (queue != null) {
        add(queue);
      }
    } else {
      exchange.match(key, properties, this);
    }
  }

  private void visit(Exchange exchange) {
    if (seen.add(exchange)) {
      toVisit.add(exchange);
    }
  }

  /** Called back by the exchange being matched. */
  @Override
  public void keep(Keeper keeper) {
    if (!keepers.contains(keeper)) {
      keepers.add(keeper);
    }
    if (keeper.holds()) {
      matched++;
    }
  }

  /** Called back by the exchange being matched. */
  @Override
  public void add(Destination destination) {
    matched++;
    if (destination instanceof AmqpQueue queue) {
      queues.add(queue);
    } else {
      visit((Exchange) destination);
    }
  }
}
