package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** x-delayed-message, which an external broker may not have. */
class DelayedExchangeTest extends CompatTest {
  private static final String DELAYED = "x-delayed-message";

  private String exchange;

  @BeforeEach
  void declare() throws Exception {
    exchange = name("x");
    Connection probing = newConnection();
    boolean known = true;
    try {
      Channel probe = probing.createChannel();
      probe.exchangeDeclare(exchange, DELAYED, true, false, Map.of("x-delayed-type", "topic"));
    } catch (IOException unknown) {
      known = false;
    }
    BrokerUnderTest.requirePlugin(known, "delayed exchanges");
  }

  private static AMQP.BasicProperties delay(Object delay) {
    return properties().headers(Map.of("x-delay", delay)).build();
  }

  @Test
  void messagesComeWhenTheyAreDue() throws Exception {
    String queue = newQueue(exchange, "a.*");
    Deliveries deliveries = Deliveries.noAckFrom(channel, queue);
    long start = System.nanoTime();
    channel.basicPublish(exchange, "a.b", delay(600), bytes("second"));
    channel.basicPublish(exchange, "a.b", delay(300L), bytes("first"));
    channel.basicPublish(exchange, "a.b", null, bytes("at once"));

    assertThat(deliveries.nextText()).isEqualTo("at once");
    Delivery first = deliveries.next();
    assertThat(Deliveries.text(first)).isEqualTo("first");
    assertThat(first.getProperties().getHeaders()).containsEntry("x-delay", -300);
    assertThat(first.getEnvelope().getExchange()).isEqualTo(exchange);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(299_000_000L);
    assertThat(deliveries.nextText()).isEqualTo("second");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(599_000_000L);
  }

  @Test
  void withoutATypeItIsRefused() throws Exception {
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing exchange"
                + " type",
            AmqpMethod.EXCHANGE_DECLARE),
        ch -> ch.exchangeDeclare(name("x"), DELAYED));
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - Invalid argument, 'x-delayed-message' can't be used for"
                + " 'x-delayed-type'",
            AmqpMethod.EXCHANGE_DECLARE),
        ch ->
            ch.exchangeDeclare(
                name("x"), DELAYED, false, false, Map.of("x-delayed-type", DELAYED)));
  }
}
