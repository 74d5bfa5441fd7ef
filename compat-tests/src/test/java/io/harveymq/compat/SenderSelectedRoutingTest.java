package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The headers CC and BCC, which name more routing keys. */
class SenderSelectedRoutingTest extends CompatTest {

  @Test
  void everyKeyIsRoutedOnTheSameExchange() throws Exception {
    String exchange = newExchange("direct");
    String first = newQueue(exchange, "a");
    String second = newQueue(exchange, "b");
    String third = newQueue(exchange, "c");
    String fourth = newQueue(exchange, "d");
    publish(exchange, "a", Map.of("CC", List.of("b", "nowhere"), "BCC", List.of("c", "a")));

    assertThat(drain(first)).containsExactly("one");
    assertThat(drain(second)).containsExactly("one");
    assertThat(drain(third)).containsExactly("one");
    assertThat(drain(fourth)).isEmpty();
  }

  @Test
  void ccIsDeliveredAndBccIsNot() throws Exception {
    String queue = newQueue();
    publish("", "nowhere", Map.of("CC", List.of(queue), "BCC", List.of("x"), "mine", 1));

    GetResponse got = channel.basicGet(queue, true);
    assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("nowhere");
    assertThat(got.getProps().getHeaders()).containsOnlyKeys("CC", "mine");
    assertThat(got.getProps().getHeaders().get("CC").toString()).isEqualTo("[" + queue + "]");
  }

  @Test
  void namesAreInCapitals() throws Exception {
    String queue = newQueue();
    publish("", "nowhere", Map.of("cc", List.of(queue), "Bcc", List.of(queue)));

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void routedByCcAloneIsRouted() throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    List<String> returned = new ArrayList<>();
    channel.addReturnListener(message -> returned.add(message.getReplyText()));
    var properties = headers(Map.of("BCC", List.of(queue)));
    channel.basicPublish("", "nowhere", true, properties, bytes("one"));
    channel.waitForConfirmsOrDie(10_000);

    assertThat(returned).isEmpty();
    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void valueMustBeAnArray() throws Exception {
    String queue = newQueue();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,\"CC\",longstr}",
            AmqpMethod.BASIC_PUBLISH),
        ch -> ch.basicPublish("", queue, headers(Map.of("CC", queue)), bytes("one")));
  }

  private void publish(String exchange, String key, Map<String, Object> headers) throws Exception {
    channel.basicPublish(exchange, key, headers(headers), bytes("one"));
  }

  private static AMQP.BasicProperties headers(Map<String, Object> headers) {
    return properties().headers(headers).build();
  }
}
