package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.AMQConnection;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What went between channels, exchanges and queues, told of each of them. */
class HttpFlowsTest extends HttpTest {
  private String channelPath() {
    AMQConnection socket = (AMQConnection) connection;
    return "/channels/"
        + ManagementClient.segment(
            "127.0.0.1:%d -> 127.0.0.1:%d (%d)"
                .formatted(socket.getLocalPort(), socket.getPort(), channel.getChannelNumber()));
  }

  private void isOfThisChannel(JsonNode entry) {
    JsonNode details = entry.get("channel_details");
    assertFields(
        details, "connection_name", "name", "node", "number", "peer_host", "peer_port", "user");
    assertThat(details.get("number").intValue()).isEqualTo(channel.getChannelNumber());
    assertThat(details.get("user").textValue()).isEqualTo(BrokerUnderTest.user());
    assertThat(details.get("name").textValue())
        .isEqualTo(
            details.get("connection_name").textValue() + " (" + channel.getChannelNumber() + ")");
  }

  @Test
  void anExchangeTellsWhoPublishedToItAndWhereItWent() throws Exception {
    String exchange = putExchange("direct");
    String first = newQueue();
    String second = newQueue();
    channel.queueBind(first, exchange, "a");
    channel.queueBind(first, exchange, "b");
    channel.queueBind(second, exchange, "b");
    channel.basicPublish(exchange, "a", null, new byte[1]);
    channel.basicPublish(exchange, "a", null, new byte[1]);
    channel.basicPublish(exchange, "b", null, new byte[1]);
    channel.basicPublish(exchange, "c", null, new byte[1]);
    JsonNode read =
        eventually(
            exchangePath(exchange),
            found -> {
              assertThat(found.path("incoming")).hasSize(1);
              assertThat(found.at("/incoming/0/stats/publish").intValue()).isEqualTo(4);
              assertThat(found.path("outgoing")).hasSize(2);
              assertThat(published(found.path("outgoing"), "queue", first)).isEqualTo(3);
              assertThat(published(found.path("outgoing"), "queue", second)).isEqualTo(1);
            });
    JsonNode incoming = read.at("/incoming/0");
    assertFields(incoming, "stats", "channel_details");
    isOfThisChannel(incoming);
    assertThat(incoming.at("/stats/publish_details/rate").isNumber()).isTrue();
    JsonNode outgoing = read.at("/outgoing/0");
    assertFields(outgoing, "stats", "queue");
    assertThat(outgoing.at("/queue/vhost").textValue()).isEqualTo("/");
    JsonNode queue =
        eventually(
            queuePath(first),
            found ->
                assertThat(published(found.path("incoming"), "exchange", exchange)).isEqualTo(3));
    assertThat(queue.get("incoming")).hasSize(1);
    assertFields(queue.at("/incoming/0"), "stats", "exchange");
    assertThat(HttpAnswer.fields(queue.at("/incoming/0/stats")))
        .containsOnly("publish", "publish_details");
    assertThat(queue.at("/incoming/0/exchange/vhost").textValue()).isEqualTo("/");
  }

  private static int published(JsonNode flows, String kind, String name) {
    int count = 0;
    for (JsonNode flow : flows) {
      if (flow.path(kind).path("name").asText().equals(name)) {
        count += flow.at("/stats/publish").intValue();
      }
    }
    return count;
  }

  @Test
  void aQueueTellsWhichChannelsTookItsMessages() throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    for (int i = 0; i < 4; i++) {
      channel.basicPublish("", queue, null, new byte[1]);
    }
    channel.waitForConfirmsOrDie(10_000);
    GetResponse got = channel.basicGet(queue, false);
    channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    channel.basicGet(queue, true);
    consumeAndAck(queue, 2);
    JsonNode read =
        eventually(
            queuePath(queue),
            found -> {
              assertThat(found.path("deliveries")).hasSize(1);
              JsonNode stats = found.at("/deliveries/0/stats");
              assertThat(stats.path("ack").intValue()).isEqualTo(3);
              assertThat(stats.path("deliver").intValue()).isEqualTo(2);
              assertThat(stats.path("deliver_get").intValue()).isEqualTo(4);
              assertThat(stats.path("get").intValue()).isEqualTo(1);
              assertThat(stats.path("get_no_ack").intValue()).isEqualTo(1);
            });
    JsonNode delivery = read.at("/deliveries/0");
    assertFields(delivery, "stats", "channel_details");
    isOfThisChannel(delivery);
    assertThat(HttpAnswer.fields(delivery.get("stats")))
        .contains("ack", "deliver", "deliver_get", "deliver_no_ack", "get", "get_no_ack")
        .contains("redeliver", "deliver_details");
    JsonNode own =
        eventually(
            channelPath(),
            found ->
                assertThat(found.path("deliveries"))
                    .anySatisfy(
                        one -> {
                          assertThat(one.at("/queue/name").textValue()).isEqualTo(queue);
                          assertThat(one.at("/stats/ack").intValue()).isEqualTo(3);
                        }));
    assertFields(own.at("/deliveries/0"), "stats", "queue");
    assertThat(own.at("/publishes"))
        .anySatisfy(
            one -> {
              assertFields(one, "stats", "exchange");
              assertThat(one.at("/exchange/name").textValue()).isEmpty();
              assertThat(one.at("/stats/publish").intValue()).isGreaterThanOrEqualTo(4);
            });
  }

  private void consumeAndAck(String queue, int count) throws Exception {
    BlockingQueue<Long> deliveries = new LinkedBlockingQueue<>();
    channel.basicConsume(
        queue,
        false,
        (tag, delivery) -> deliveries.add(delivery.getEnvelope().getDeliveryTag()),
        tag -> {});
    long last = 0;
    for (int i = 0; i < count; i++) {
      last = deliveries.take();
    }
    channel.basicAck(last, true);
  }

  @Test
  void confirmsAreToldByExchange() throws Exception {
    String first = putExchange("fanout");
    String second = putExchange("fanout");
    channel.queueBind(newQueue(), first, "");
    channel.confirmSelect();
    for (int i = 0; i < 3; i++) {
      channel.basicPublish(first, "", null, new byte[1]);
      channel.basicPublish(second, "", null, new byte[1]);
      channel.basicPublish(second, "", null, new byte[1]);
    }
    channel.waitForConfirmsOrDie(10_000);
    JsonNode own =
        eventually(
            channelPath(),
            found -> {
              assertThat(confirmed(found, first)).isEqualTo(3);
              assertThat(confirmed(found, second)).isEqualTo(6);
            });
    assertThat(own.at("/publishes/0/stats/confirm_details/rate").isNumber()).isTrue();
    eventually(
        exchangePath(second),
        found ->
            assertThat(found.at("/incoming/0/stats/confirm").intValue())
                .as("%s", found)
                .isEqualTo(6));
  }

  private static int confirmed(JsonNode channel, String exchange) {
    int count = 0;
    for (JsonNode flow : channel.path("publishes")) {
      if (flow.at("/exchange/name").asText().equals(exchange)) {
        count += flow.at("/stats/confirm").intValue();
      }
    }
    return count;
  }

  @Test
  void whatIsGoneIsForgotten() throws Exception {
    String exchange = putExchange("fanout");
    String stays = newQueue();
    String goes = newQueue();
    channel.queueBind(stays, exchange, "");
    channel.queueBind(goes, exchange, "");
    channel.basicPublish(exchange, "", null, new byte[1]);
    eventually(exchangePath(exchange), found -> assertThat(found.path("outgoing")).hasSize(2));
    channel.queueDelete(goes);
    JsonNode left =
        eventually(exchangePath(exchange), found -> assertThat(found.path("outgoing")).hasSize(1));
    assertJson(left.at("/outgoing/0/queue"), Map.of("name", stays, "vhost", "/"));
    http.delete(exchangePath(exchange)).isEmpty(204);
    eventually(
        queuePath(stays),
        found -> assertThat(published(found.path("incoming"), "exchange", exchange)).isZero());
  }
}
