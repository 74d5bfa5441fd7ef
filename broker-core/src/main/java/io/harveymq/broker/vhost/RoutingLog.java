package io.harveymq.broker.vhost;

import io.harveymq.broker.LogText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log about messages that were dropped because no queue took them: once for each exchange
 * and routing key in ten minutes, and only so many of them. Owned by the home loop.
 */
public final class RoutingLog {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingLog.class);
  private static final long QUIET_MILLIS = 600_000;
  private static final int REMEMBERED = 256;

  private record Target(String exchange, String routingKey) {}

  private final String vhost;
  private final BrokerClock clock;
  private final Map<Target, Long> told = new LinkedHashMap<>();
  private Target last;
  private long lastTold;

  RoutingLog(String vhost, BrokerClock clock) {
    this.vhost = vhost;
    this.clock = clock;
  }

  /** A message that was not mandatory reached no queue. */
  public void dropped(String exchange, String routingKey) {
    long now = clock.millis();
    if (last != null
        && now - lastTold < QUIET_MILLIS
        && last.routingKey.equals(routingKey)
        && last.exchange.equals(exchange)) {
      return;
    }
    last = new Target(exchange, routingKey);
    lastTold = now;
    Long before = told.get(last);
    if (before != null && now - before < QUIET_MILLIS) {
      lastTold = before;
      return;
    }
    told.values().removeIf(time -> now - time >= QUIET_MILLIS);
    if (told.size() >= REMEMBERED) {
      return;
    }
    told.put(last, now);
    if (exchange.isEmpty()) {
      LOG.warn(
          "message dropped: published to the default exchange in vhost '{}' with routing key '{}', but there is no queue"
              + " of that name; declare the queue first",
          LogText.of(vhost),
          LogText.of(routingKey));
    } else {
      LOG.warn(
          "message dropped: published to exchange '{}' in vhost '{}' with routing key '{}', but no binding matches; bind a"
              + " queue to the exchange with that key",
          LogText.of(exchange),
          LogText.of(vhost),
          LogText.of(routingKey));
    }
  }
}
