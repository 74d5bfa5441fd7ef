package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of a message through exchanges, and what changes it. */
class RoutingTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel().declare("a").declare("b");

  private int ready(String queue) {
    broker.run();
    return broker.queue(queue).readyCount();
  }

  private static FieldTable alternate(String exchange) {
    return FieldTable.builder().put("alternate-exchange", exchange).build();
  }

  private static FieldValue keys(String... keys) {
    return FieldValue.of(
        Arrays.stream(keys)
            .map(key -> new FieldValue.LongString(key.getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  // ---- known routes

  @Test
  void aRepeatedPublishFollowsEachChangeOfTheTopology() {
    channel.declareExchange("x", "direct").bind("a", "x", "k");
    channel.publish("x", "k", "1").publish("x", "k", "2");
    assertThat(ready("a")).isEqualTo(2);

    channel.bind("b", "x", "k").publish("x", "k", "3");
    assertThat(ready("a")).isEqualTo(3);
    assertThat(ready("b")).isEqualTo(1);

    channel.unbind("a", "x", "k").publish("x", "k", "4");
    assertThat(ready("a")).isEqualTo(3);
    assertThat(ready("b")).isEqualTo(2);

    channel.call(new QueueMethod.Delete("b", false, false, false), QueueMethod.DeleteOk.class);
    channel.publishMandatory("x", "k", "5");
    assertThat(channel.expect(BasicMethod.Return.class).replyCode()).isEqualTo(312);
  }

  @Test
  void aQueueThatIsDeclaredAgainGetsWhatIsPublishedToItsName() {
    channel.publish("a", "1");
    channel.call(new QueueMethod.Delete("a", false, false, false), QueueMethod.DeleteOk.class);
    channel.publish("a", "2");
    channel.declare("a").publish("a", "3");
    assertThat(channel.drain("a")).containsExactly("3");
  }

  @Test
  void anExchangeThatIsDeclaredAgainHasNoneOfTheOldBindings() {
    channel.declareExchange("x", "fanout").bind("a", "x", "").publish("x", "", "1");
    channel.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    channel.declareExchange("x", "fanout").publish("x", "", "2");
    assertThat(channel.drain("a")).containsExactly("1");
    channel.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    channel.publish("x", "", "3");
    channel.expectClose(404);
  }

  @Test
  void manyKeysAreRoutedRightBeyondWhatIsRemembered() {
    channel.declareExchange("t", "topic").bind("a", "t", "*.even").bind("b", "t", "*.odd");
    for (int i = 0; i < 3_000; i++) {
      channel.publish("t", i + (i % 2 == 0 ? ".even" : ".odd"), "m");
    }
    assertThat(ready("a")).isEqualTo(1_500);
    assertThat(ready("b")).isEqualTo(1_500);
  }

  @Test
  void headersAreLookedAtForEachMessage() {
    channel.declareExchange("h", "headers");
    FieldTable red = FieldTable.builder().put("colour", "red").build();
    channel.call(new QueueMethod.Bind("a", "h", "", false, red), QueueMethod.BindOk.class);
    BasicProperties matching = BasicProperties.builder().headers(red).build();
    for (int i = 0; i < 3; i++) {
      channel.publish("h", "k", matching, new byte[1]);
      channel.publish("h", "k", BasicProperties.EMPTY, new byte[1]);
    }
    assertThat(ready("a")).isEqualTo(3);
  }

  // ---- CC and BCC

  @Test
  void ccAndBccAddKeysAndBccIsNotShown() {
    FieldTable headers =
        FieldTable.builder().put("CC", keys("b", "nowhere")).put("BCC", keys("c")).build();
    BasicProperties properties = BasicProperties.builder().messageId("id").headers(headers).build();
    channel.declare("c").publish("", "a", properties, new byte[1]);
    for (String queue : List.of("a", "b", "c")) {
      Received got = channel.get(queue);
      BasicProperties shown = BasicProperties.of(got.properties());
      assertThat(shown.messageId()).isEqualTo("id");
      assertThat(shown.headers().containsKey("CC")).isTrue();
      assertThat(shown.headers().containsKey("BCC")).isFalse();
      assertThat(((BasicMethod.GetOk) got.method()).routingKey()).isEqualTo("a");
    }
    channel.ackUpTo(0);
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aRouteWithCcIsNotTakenForMessagesWithout() {
    BasicProperties properties =
        BasicProperties.builder()
            .headers(FieldTable.builder().put("CC", keys("b", "a")).build())
            .build();
    channel.publish("", "a", properties, new byte[1]).publish("a", "plain");
    channel.publish("", "a", properties, new byte[1]).publish("a", "plain");
    assertThat(ready("a")).isEqualTo(4);
    assertThat(ready("b")).isEqualTo(2);
  }

  @Test
  void ccOfAnotherTypeThanArrayIsRefused() {
    BasicProperties properties =
        BasicProperties.builder().headers(FieldTable.builder().put("CC", "b").build()).build();
    channel.publish("", "a", properties, new byte[1]).expectClose(406);
    assertThat(ready("a")).isZero();
  }

  // ---- graphs

  @Test
  void anAlternateExchangeTakesWhatMatchesNothing() {
    channel.declareExchange("other", "fanout").bind("b", "other", "");
    channel.declareExchange("x", "direct", alternate("other")).bind("a", "x", "k");
    channel.publish("x", "k", "1").publish("x", "unknown", "2");
    assertThat(channel.drain("a")).containsExactly("1");
    assertThat(channel.drain("b")).containsExactly("2");
  }

  @Test
  void anAlternateExchangeThatComesLaterIsUsedFromThenOn() {
    channel.declareExchange("x", "direct", alternate("later"));
    channel.publish("x", "k", "1");
    channel.declareExchange("later", "fanout").bind("b", "later", "").publish("x", "k", "2");
    assertThat(channel.drain("b")).containsExactly("2");
  }

  @Test
  void alternateExchangesInACircleEnd() {
    channel.declareExchange("x", "direct", alternate("y"));
    channel.declareExchange("y", "direct", alternate("z"));
    channel.declareExchange("z", "direct", alternate("x"));
    channel.publishMandatory("x", "k", "1");
    channel.expect(BasicMethod.Return.class);
    channel.declareExchange("self", "direct", alternate("self"));
    channel.publishMandatory("self", "k", "1");
    channel.expect(BasicMethod.Return.class);
    channel.bind("a", "z", "k").publish("x", "k", "2");
    assertThat(channel.drain("a")).containsExactly("2");
  }

  @Test
  void exchangesBoundInACircleDeliverOnceToEachQueue() {
    channel.declareExchange("x", "fanout").declareExchange("y", "fanout");
    channel.declareExchange("z", "fanout");
    channel.bindExchange("y", "x", "").bindExchange("z", "y", "").bindExchange("x", "z", "");
    channel.bindExchange("x", "x", "");
    channel.bind("a", "x", "").bind("a", "z", "").bind("b", "y", "");
    channel.publish("y", "", "1").publish("y", "", "2");
    assertThat(channel.drain("a")).containsExactly("1", "2");
    assertThat(channel.drain("b")).containsExactly("1", "2");
    channel.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    channel.publish("y", "", "3");
    assertThat(channel.drain("a")).containsExactly("3");
  }

  @Test
  void aMessageInSeveralQueuesIsCountedOnce() {
    channel.declareExchange("x", "fanout").bind("a", "x", "").bind("b", "x", "");
    channel.publish("x", "", BasicProperties.EMPTY, new byte[1_000]);
    broker.run();
    assertThat(broker.memory().used())
        .isEqualTo(1_000 + 2 + MemoryAccount.MESSAGE_OVERHEAD + 2L * MemoryAccount.ENTRY_SIZE);
  }

  // ---- the log

  /** The lines about dropped messages that the action makes. */
  private static long linesOf(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return captured
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("message dropped"))
        .count();
  }

  private void publishNowhere(int times, String key) {
    for (int i = 0; i < times; i++) {
      channel.publish(key, "dropped");
    }
    broker.run();
  }

  @Test
  void aTargetIsToldOfOnceInTenMinutes() {
    assertThat(linesOf(() -> publishNowhere(100, "nowhere"))).isEqualTo(1);
    broker.advance(599_999);
    assertThat(linesOf(() -> publishNowhere(100, "nowhere"))).isZero();
    broker.advance(1);
    assertThat(linesOf(() -> publishNowhere(100, "nowhere"))).isEqualTo(1);
  }

  @Test
  void targetsInTurnsAreEachToldOfOnce() {
    Runnable both =
        () -> {
          for (int i = 0; i < 50; i++) {
            publishNowhere(1, "here");
            publishNowhere(1, "there");
          }
        };
    assertThat(linesOf(both)).isEqualTo(2);
    broker.advance(300_000);
    assertThat(linesOf(both)).isZero();
    broker.advance(300_000);
    assertThat(linesOf(both)).isEqualTo(2);
  }

  @Test
  void soManyTargetsAreToldOfAndNoMore() {
    Runnable many =
        () -> {
          for (int i = 0; i < 2_000; i++) {
            channel.publish("nowhere-" + i, "dropped");
          }
          broker.run();
        };
    assertThat(linesOf(many)).isEqualTo(256);
    assertThat(linesOf(many)).isZero();
    broker.advance(600_000);
    assertThat(linesOf(many)).isEqualTo(256);
  }
}
