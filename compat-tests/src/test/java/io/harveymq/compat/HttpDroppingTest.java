package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that were lost are told of as long as they would be lost again, on a moved clock. */
class HttpDroppingTest extends FindingsHttpTest {
  private static final String KIND = "dropping";

  private void assertSays(String text) {
    assertThat(found(KIND).get("text").textValue()).isEqualTo(text);
  }

  @Test
  void exchangeWithoutBindingsIsToldOfInThePastOnceItStops() throws Exception {
    channel.exchangeDeclare("lost", "fanout");
    publish("lost", "k", 3);
    JsonNode found = found(KIND);
    assertThat(found.get("text").textValue())
        .isEqualTo("lost drops every message: no queue is bound to it");
    assertThat(found.get("severity").textValue()).isEqualTo("bad");
    assertThat(found.at("/evidence/dropped").intValue()).isEqualTo(3);
    assertThat(found.at("/act/do").textValue()).isEqualTo("bind");
    long last = found.at("/evidence/last").longValue();
    assertThat(last).isEqualTo(found.get("since").longValue());
    clock.advance(Duration.ofSeconds(11));
    found = found(KIND);
    assertThat(found.get("text").textValue())
        .isEqualTo("lost dropped 3 messages: no queue is bound to it");
    assertThat(found.get("severity").textValue()).isEqualTo("warn");
    assertThat(found.get("weight").doubleValue()).isZero();
    assertThat(found.at("/evidence/last").longValue()).isEqualTo(last);
    assertThat(found.at("/act/do").textValue()).isEqualTo("bind");
    clock.advance(Duration.ofSeconds(888));
    assertThat(found(KIND)).isNotNull();
    publish("lost", "k", 1);
    assertThat(found(KIND).get("severity").textValue()).isEqualTo("bad");
    assertThat(found(KIND).at("/evidence/dropped").intValue()).isEqualTo(4);
    clock.advance(Duration.ofSeconds(901));
    assertThat(found(KIND)).isNull();
  }

  @Test
  void exchangeThatWouldRouteWhatItLostIsNoMoreToldOf() throws Exception {
    channel.exchangeDeclare("lost", "fanout");
    publish("lost", "k", 1);
    assertThat(found(KIND)).isNotNull();
    channel.queueBind(queue("audit", Map.of()), "lost", "");
    assertThat(found(KIND)).isNull();
    channel.queueUnbind("audit", "lost", "");
    clock.advance(Duration.ofSeconds(11));
    assertSays("lost dropped 1 message: no queue is bound to it");
    http.delete("/dev/dropped/%2F/lost");
    assertThat(found(KIND)).isNull();
  }

  @Test
  void keysThatMatchNoBindingAreNamed() throws Exception {
    channel.exchangeDeclare("orders", "topic");
    channel.queueBind(queue("billing", Map.of()), "orders", "order.*.paid");
    publish("orders", "order.eu.paid", 1);
    assertThat(found(KIND)).isNull();
    publish("orders", "order.eu.lost", 1);
    assertSays("orders drops keys that match no binding: `order.eu.lost`");
    publish("orders", "order.eu.sent", 2);
    clock.advance(Duration.ofSeconds(11));
    assertSays("orders dropped 3 messages: `order.eu.sent`, `order.eu.lost` match no binding");
    channel.queueBind("billing", "orders", "order.*.sent");
    assertSays("orders dropped 3 messages: `order.eu.lost` matches no binding");
    channel.queueBind("billing", "orders", "#");
    assertThat(found(KIND)).isNull();
  }

  @Test
  void keysThatNameNoQueueAreNamedUntilThereIsOne() throws Exception {
    publish("", "orderz", 1);
    assertSays("amq.default drops keys that name no queue: `orderz`");
    clock.advance(Duration.ofSeconds(11));
    assertSays("amq.default dropped 1 message: `orderz` names no queue");
    queue("orderz", Map.of());
    assertThat(found(KIND)).isNull();
  }

  @Test
  void deadLettersThatAnExchangeLeadsNowhereAreLostUntilSomethingIsBoundToIt() throws Exception {
    channel.exchangeDeclare("dlx", "fanout");
    queue("brief", Map.of("x-dead-letter-exchange", "dlx", "x-message-ttl", 1_000));
    assertThat(found("dead-letters-lost")).as("before there is one").isNull();
    publish("", "brief", 1);
    clock.advance(Duration.ofSeconds(2));
    JsonNode lost = found("dead-letters-lost");
    assertThat(lost.get("text").textValue())
        .isEqualTo("brief loses its dead letters: nothing is bound to exchange dlx");
    assertThat(lost.at("/act/do").textValue()).isEqualTo("bind");
    assertThat(lost.at("/act/exchange").textValue()).isEqualTo("dlx");
    channel.queueBind(queue("dead", Map.of()), "dlx", "");
    assertThat(found("dead-letters-lost")).isNull();
  }

  @Test
  void whatHappensNowGoesFirstAndWhatIsSeenForAMomentBeforeWhatStays() throws Exception {
    channel.exchangeDeclare("early", "fanout");
    publish("early", "k", 100);
    clock.advance(Duration.ofSeconds(11));
    queue("full", Map.of("x-max-length", 10));
    publish("", "full", 10);
    channel.exchangeDeclare("now", "fanout");
    publish("now", "k", 1);
    Channel other = connection.createChannel();
    assertThatThrownBy(() -> other.queueDeclare("full", true, false, false, null));
    awaitFound(
        "refused",
        refused ->
            assertThat(HttpAnswer.column(findings(), "kind"))
                .containsExactly(KIND, "refused", "near-limit", KIND));
  }
}
