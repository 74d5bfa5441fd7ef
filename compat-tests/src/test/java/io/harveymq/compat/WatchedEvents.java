package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What amq.rabbitmq.event tells from now on. Confined to the thread of the test. */
final class WatchedEvents {
  private static final String EVENTS = "amq.rabbitmq.event";

  private final Deliveries events;

  private WatchedEvents(Deliveries events) {
    this.events = events;
  }

  /** Binds the queue; leaves the test out for an external broker without the exchange. */
  static WatchedEvents on(Connection connection, String queue) throws Exception {
    boolean known = true;
    try {
      connection.createChannel().exchangeDeclarePassive(EVENTS);
    } catch (IOException missing) {
      known = false;
    }
    BrokerUnderTest.requirePlugin(known, "event exchange");
    Channel channel = connection.createChannel();
    channel.queueBind(queue, EVENTS, "#");
    return new WatchedEvents(Deliveries.noAckFrom(channel, queue));
  }

  /** The headers of the next event of this kind that is about this; without its time. */
  private Map<String, Object> next(String key, Predicate<Map<String, Object>> about)
      throws Exception {
    while (true) {
      Delivery event = events.next();
      Map<String, Object> headers = new TreeMap<>();
      event.getProperties().getHeaders().forEach((name, value) -> headers.put(name, plain(value)));
      if (event.getEnvelope().getRoutingKey().equals(key) && about.test(headers)) {
        assertThat(event.getEnvelope().getExchange()).isEqualTo(EVENTS);
        assertThat(event.getBody()).isEmpty();
        assertThat(event.getProperties().getDeliveryMode()).isEqualTo(2);
        long millis = (Long) headers.remove("timestamp_in_ms");
        assertThat(event.getProperties().getTimestamp().getTime()).isEqualTo(millis / 1000 * 1000);
        return headers;
      }
    }
  }

  /** The next event with this key in which a header is so, whatever comes before it. */
  Map<String, Object> next(String key, String header, String value) throws Exception {
    return next(key, headers -> value.equals(headers.get(header)));
  }

  /** The same of what an administrator did, whose name is left out. */
  Map<String, Object> nextByAdministrator(String key, String header, String value)
      throws Exception {
    Map<String, Object> headers = next(key, header, value);
    assertThat(headers.remove("user_who_performed_action")).isIn("rmq-cli", "rmq-internal");
    return headers;
  }

  private static Object plain(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(WatchedEvents::plain).toList();
    }
    if (value instanceof Map<?, ?> table) {
      Map<Object, Object> all = new TreeMap<>();
      table.forEach((name, field) -> all.put(name, plain(field)));
      return all;
    }
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }
}
