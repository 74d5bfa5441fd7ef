package io.harveymq.broker.exchange;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import org.junit.jupiter.api.Test;

/** The texts are what a RabbitMQ 3.10.8 answered. */
class ExchangeEquivalenceTest {
  private static final FieldTable NONE = FieldTable.EMPTY;
  private static final FieldTable TO_Y = alternate("y");

  @Test
  void sameDeclarationIsEquivalent() {
    assertEquivalent(
        definition("topic", true, true, true, TO_Y), definition("topic", true, true, true, TO_Y));
  }

  @Test
  void otherArgumentsAreNotCompared() {
    FieldTable other = FieldTable.builder().put("foo", 1).build();
    assertEquivalent(
        definition("direct", false, false, false, NONE),
        definition("direct", false, false, false, other));
  }

  @Test
  void differencesAreReportedOneByOneInRabbitMqOrder() {
    ExchangeDefinition current = definition("direct", false, false, false, NONE);
    assertDiffers(
        current,
        definition("fanout", true, true, true, TO_Y),
        "'type' for exchange 'x' in vhost '/': received 'fanout' but current is 'direct'");
    assertDiffers(
        current,
        definition("direct", true, true, true, TO_Y),
        "'durable' for exchange 'x' in vhost '/': received 'true' but current is 'false'");
    assertDiffers(
        current,
        definition("direct", false, true, true, TO_Y),
        "'auto_delete' for exchange 'x' in vhost '/': received 'true' but current is 'false'");
    assertDiffers(
        current,
        definition("direct", false, false, true, TO_Y),
        "'internal' for exchange 'x' in vhost '/': received 'true' but current is 'false'");
    assertDiffers(
        current,
        definition("direct", false, false, false, TO_Y),
        "'alternate-exchange' for exchange 'x' in vhost '/': received the value 'y' of type"
            + " 'longstr' but current is none");
  }

  @Test
  void alternateExchangesAreCompared() {
    ExchangeDefinition current = definition("direct", false, false, false, TO_Y);
    assertDiffers(
        current,
        definition("direct", false, false, false, NONE),
        "'alternate-exchange' for exchange 'x' in vhost '/': received none but current is the value"
            + " 'y' of type 'longstr'");
    assertDiffers(
        current,
        definition("direct", false, false, false, alternate("z")),
        "'alternate-exchange' for exchange 'x' in vhost '/': received 'z' but current is 'y'");
    FieldTable number = FieldTable.builder().put("alternate-exchange", 1).build();
    assertDiffers(
        current,
        definition("direct", false, false, false, number),
        "'alternate-exchange' for exchange 'x' in vhost '/': received '1' but current is 'y'");
  }

  private static void assertEquivalent(ExchangeDefinition current, ExchangeDefinition received) {
    assertThatCode(() -> Exchange.create("/", current).assertEquivalent(received))
        .doesNotThrowAnyException();
  }

  private static void assertDiffers(
      ExchangeDefinition current, ExchangeDefinition received, String text) {
    assertThatThrownBy(() -> Exchange.create("/", current).assertEquivalent(received))
        .isInstanceOf(ChannelException.class)
        .hasMessage("PRECONDITION_FAILED - inequivalent arg " + text);
  }

  private static ExchangeDefinition definition(
      String type, boolean durable, boolean autoDelete, boolean internal, FieldTable arguments) {
    return new ExchangeDefinition(
        "x", ExchangeType.of(type), durable, autoDelete, internal, arguments);
  }

  private static FieldTable alternate(String name) {
    return FieldTable.builder().put("alternate-exchange", name).build();
  }
}
