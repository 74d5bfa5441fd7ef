package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** amq.rabbitmq.event, which an external broker may not have. */
class EventExchangeTest extends CompatTest {
  private WatchedEvents events;

  @BeforeEach
  void watch() throws Exception {
    events = WatchedEvents.on(connection, newQueue());
  }

  private Map<String, Object> next(String key, String field, String value) throws Exception {
    return events.next(key, field, value);
  }

  @Test
  void topologyIsTold() throws Exception {
    String queue = name("q");
    String exchange = name("x");
    String user = BrokerUnderTest.user();
    channel.queueDeclare(queue, false, false, true, Map.of("x-expires", 60_000));
    channel.exchangeDeclare(exchange, "direct", true, false, null);
    channel.queueBind(queue, exchange, "k", Map.of("z", "s"));
    channel.queueUnbind(queue, exchange, "k", Map.of("z", "s"));
    channel.queueDelete(queue);
    channel.exchangeDelete(exchange);

    Map<String, Object> who = Map.of("user_who_performed_action", user, "vhost", "/");
    assertThat(next("queue.created", "name", queue))
        .containsAllEntriesOf(who)
        .containsEntry("durable", false)
        .containsEntry("auto_delete", true)
        .containsEntry("exclusive", false)
        .containsEntry("arguments", List.of("{<<\"x-expires\">>,signedint,60000}"));
    assertThat(next("exchange.created", "name", exchange))
        .containsAllEntriesOf(who)
        .containsEntry("type", "direct")
        .containsEntry("durable", true)
        .containsEntry("auto_delete", false)
        .containsEntry("internal", false)
        .containsEntry("arguments", List.of());
    Map<String, Object> binding =
        Map.of(
            "user_who_performed_action",
            user,
            "vhost",
            "/",
            "arguments",
            List.of("{<<\"z\">>,longstr,<<\"s\">>}"),
            "routing_key",
            "k",
            "destination_kind",
            "queue",
            "destination_name",
            queue,
            "source_kind",
            "exchange",
            "source_name",
            exchange);
    assertThat(next("binding.created", "source_name", exchange)).isEqualTo(binding);
    assertThat(next("binding.deleted", "source_name", exchange)).isEqualTo(binding);
    assertThat(next("queue.deleted", "name", queue))
        .isEqualTo(Map.of("user_who_performed_action", user, "vhost", "/", "name", queue));
    assertThat(next("exchange.deleted", "name", exchange))
        .isEqualTo(Map.of("user_who_performed_action", user, "vhost", "/", "name", exchange));
  }

  @Test
  void connectionsChannelsAndConsumersAreTold() throws Exception {
    String queue = newQueue();
    Connection other = newConnection();
    Channel watched = other.createChannel(5);
    watched.basicQos(7);
    String tag = watched.basicConsume(queue, false, new Deliveries(watched));
    watched.basicCancel(tag);
    watched.close();
    other.close();

    int port = ((com.rabbitmq.client.impl.AMQConnection) other).getLocalPort();
    String name = "127.0.0.1:" + port + " -> 127.0.0.1:" + BrokerUnderTest.port();
    Map<String, Object> opened = next("connection.created", "name", name);
    assertThat(opened)
        .containsEntry("user", BrokerUnderTest.user())
        .containsEntry("vhost", "/")
        .containsEntry("protocol", "{0,9,1}")
        .containsEntry("type", "network")
        .containsKeys("pid", "node");
    Map<String, Object> channelOpened = next("channel.created", "name", name + " (5)");
    assertThat(channelOpened)
        .containsEntry("number", 5L)
        .containsEntry("user", BrokerUnderTest.user())
        .containsEntry("connection", opened.get("pid"));
    assertThat(next("consumer.created", "consumer_tag", tag))
        .isEqualTo(
            Map.of(
                "user_who_performed_action",
                BrokerUnderTest.user(),
                "arguments",
                List.of(),
                "prefetch_count",
                7L,
                "queue",
                queue,
                "vhost",
                "/",
                "channel",
                channelOpened.get("pid"),
                "ack_required",
                true,
                "exclusive",
                false,
                "consumer_tag",
                tag));
    assertThat(next("consumer.deleted", "consumer_tag", tag)).containsEntry("queue", queue);
    assertThat(next("channel.closed", "pid", (String) channelOpened.get("pid"))).hasSize(2);
    assertThat(next("connection.closed", "name", name)).containsEntry("pid", opened.get("pid"));
  }
}
