package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The firehose. With an external broker the system property {@code harvey.test.ctl} has to name a
 * program that takes RabbitMQ's commands trace_on and trace_off.
 */
class FirehoseTest extends CompatTest {
  private static final String TRACE = "amq.rabbitmq.trace";

  private String queue;
  private Deliveries traces;

  @BeforeEach
  void switchOn() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded() || System.getProperty("harvey.test.ctl") != null);
    queue = newQueue();
    String watched = newQueue();
    for (String key : List.of("publish.#", "deliver.#")) {
      channel.queueBind(watched, TRACE, key);
    }
    traces = Deliveries.noAckFrom(channel, watched);
    trace(true);
  }

  @AfterEach
  void switchOff() throws Exception {
    if (traces != null) {
      trace(false);
    }
  }

  private static void trace(boolean on) throws Exception {
    if (BrokerUnderTest.isEmbedded()) {
      if (on) {
        BrokerUnderTest.tracing().on("/");
      } else {
        BrokerUnderTest.tracing().off("/");
      }
      return;
    }
    Process ctl =
        new ProcessBuilder(System.getProperty("harvey.test.ctl"), on ? "trace_on" : "trace_off")
            .inheritIO()
            .start();
    assertThat(ctl.waitFor()).isZero();
  }

  /** The next trace about the queue or exchange of this test. */
  private Delivery next(String key) throws Exception {
    Delivery trace = traces.next();
    assertThat(trace.getEnvelope().getRoutingKey()).isEqualTo(key);
    assertThat(trace.getEnvelope().getExchange()).isEqualTo(TRACE);
    return trace;
  }

  /** Values with their Java types, by name. */
  private static String shown(Map<String, Object> headers) {
    return new TreeMap<>(headers)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
            .collect(Collectors.joining(", "));
  }

  @SuppressWarnings("unchecked")
  private static String shown(Object value) {
    if (value instanceof Map<?, ?> map) {
      return "{" + shown((Map<String, Object>) map) + "}";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(FirehoseTest::shown).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof LongString ? "'" + value + "'" : value + value.getClass().getName();
  }

  @Test
  void publishAndDeliveryAreShownWithAllFields() throws Exception {
    String exchange = newExchange("direct");
    channel.queueBind(queue, exchange, "k");
    Channel publisher = newConnection().createChannel(7);
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .contentType("text/plain")
            .contentEncoding("utf-8")
            .headers(Map.of("CC", List.of("other"), "BCC", List.of("hidden")))
            .deliveryMode(2)
            .priority(3)
            .correlationId("c")
            .replyTo("r")
            .expiration("60000")
            .messageId("m")
            .timestamp(new Date(1_700_000_000_000L))
            .type("t")
            .userId(BrokerUnderTest.user())
            .appId("a")
            .clusterId("cluster")
            .build();
    publisher.basicPublish(exchange, "k", properties, bytes("body"));
    Delivery published = next("publish." + exchange);
    channel.basicGet(queue, true);
    Delivery delivered = next("deliver." + queue);

    assertThat(Deliveries.text(published)).isEqualTo("body");
    assertThat(Deliveries.text(delivered)).isEqualTo("body");
    assertThat(published.getProperties().getDeliveryMode()).isNull();
    assertThat(published.getProperties().getContentType()).isNull();
    String described =
        ("node='%s', properties={app_id='a', cluster_id='cluster', content_encoding='utf-8',"
                + " content_type='text/plain', correlation_id='c',"
                + " delivery_mode=2java.lang.Integer, expiration='60000', headers={CC=['other']},"
                + " message_id='m', priority=3java.lang.Integer, reply_to='r',"
                + " timestamp=1700000000java.lang.Integer, type='t', user_id='%s'}, ")
            .formatted(published.getProperties().getHeaders().get("node"), BrokerUnderTest.user());
    assertThat(described).contains("@");
    String where = "channel=%djava.lang.Integer, connection='%s', exchange_name='%s', ";
    assertThat(shown(published.getProperties().getHeaders()))
        .isEqualTo(
            where.formatted(7, nameOf(publisher), exchange)
                + described
                + "routed_queues=['%s'], routing_keys=['k', 'other', 'hidden'], ".formatted(queue)
                + "user='%s', vhost='/'".formatted(BrokerUnderTest.user()));
    // RabbitMQ still knows the keys in BCC when it delivers, Harvey does not
    assertThat(shown(delivered.getProperties().getHeaders()).replace(", 'hidden'", ""))
        .isEqualTo(
            where.formatted(1, nameOf(channel), exchange)
                + described
                + "redelivered=0java.lang.Integer, routing_keys=['k', 'other'], "
                + "user='%s', vhost='/'".formatted(BrokerUnderTest.user()));
  }

  private static String nameOf(Channel channel) {
    int port = ((com.rabbitmq.client.impl.AMQConnection) channel.getConnection()).getLocalPort();
    return "127.0.0.1:" + port + " -> 127.0.0.1:" + BrokerUnderTest.port();
  }

  @Test
  void everyDeliveryIsShownAndTellsWhetherItIsTheFirst() throws Exception {
    channel.basicPublish("", queue, null, bytes("body"));
    Map<String, Object> published = next("publish.").getProperties().getHeaders();
    assertThat(shown(published))
        .contains("exchange_name='', ", "properties={}, ")
        .contains("routed_queues=['%s'], routing_keys=['%s']".formatted(queue, queue));

    Channel consumer = newConnection().createChannel();
    Deliveries first = Deliveries.from(consumer, queue);
    consumer.basicReject(Deliveries.tag(first.next()), true);
    Delivery second = first.next();
    consumer.basicAck(Deliveries.tag(second), false);
    assertThat(next("deliver." + queue).getProperties().getHeaders())
        .containsEntry("redelivered", 0);
    assertThat(next("deliver." + queue).getProperties().getHeaders())
        .containsEntry("redelivered", 1);
  }

  @Test
  void nothingIsShownOnceItIsOff() throws Exception {
    trace(false);
    channel.basicPublish("", queue, null, bytes("unseen"));
    assertThat(channel.basicGet(queue, true)).isNotNull();
    trace(true);
    channel.basicPublish("", queue, null, bytes("seen"));
    assertThat(Deliveries.text(next("publish."))).isEqualTo("seen");
  }
}
