package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Declaring and deleting exchanges. */
class ExchangeTest extends CompatTest {

  @ParameterizedTest
  @ValueSource(strings = {"direct", "fanout", "topic", "headers"})
  void everyBuiltInTypeCanBeDeclaredAgainAndDeleted(String type) throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, type);
    channel.exchangeDeclare(exchange, type);
    channel.exchangeDeclarePassive(exchange);
    channel.exchangeDelete(exchange);

    assertMissing(exchange);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amq.direct",
        "amq.fanout",
        "amq.topic",
        "amq.headers",
        "amq.match",
        "amq.rabbitmq.trace"
      })
  void predeclaredExchangesAreThere(String exchange) throws Exception {
    channel.exchangeDeclarePassive(exchange);
  }

  @Test
  void predeclaredExchangesAreDurableAndOfTheirType() throws Exception {
    channel.exchangeDeclare("amq.direct", "direct", true);
    channel.exchangeDeclare("amq.fanout", "fanout", true);
    channel.exchangeDeclare("amq.topic", "topic", true);
    channel.exchangeDeclare("amq.headers", "headers", true);
    channel.exchangeDeclare("amq.match", "headers", true);
    channel.exchangeDeclare("amq.rabbitmq.trace", "topic", true, false, true, null);
  }

  @Test
  void passiveDeclareOfAMissingExchangeIsNotFound() throws Exception {
    assertMissing(name("x"));
  }

  @Test
  void passiveDeclareLooksAtNothingButTheName() throws Exception {
    String exchange = newExchange("direct");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter arguments = new WireWriter().u16(0).shortstr(exchange).shortstr("no-such-type");
    arguments.bits(true, true, true, true, false).table(Map.of("alternate-exchange", "other"));

    raw.call(1, AmqpMethod.EXCHANGE_DECLARE, arguments, AmqpMethod.EXCHANGE_DECLARE_OK);
  }

  @Test
  void redeclareWithAnotherTypeIsRefused() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent("type", exchange, "received 'fanout' but current is 'direct'"),
        ch -> ch.exchangeDeclare(exchange, "fanout"));
  }

  @Test
  void redeclareWithAnotherDurabilityIsRefused() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent("durable", exchange, "received 'true' but current is 'false'"),
        ch -> ch.exchangeDeclare(exchange, "direct", true));
  }

  @Test
  void redeclareWithAnotherAutoDeleteIsRefused() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent("auto_delete", exchange, "received 'true' but current is 'false'"),
        ch -> ch.exchangeDeclare(exchange, "direct", false, true, null));
  }

  @Test
  void redeclareAsInternalIsRefused() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent("internal", exchange, "received 'true' but current is 'false'"),
        ch -> ch.exchangeDeclare(exchange, "direct", false, false, true, null));
  }

  @Test
  void redeclareWithAnAlternateExchangeIsRefused() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent(
            "alternate-exchange",
            exchange,
            "received the value 'other' of type 'longstr' but current is none"),
        ch -> ch.exchangeDeclare(exchange, "direct", false, false, alternate("other")));
  }

  @Test
  void redeclareWithAnotherOrNoAlternateExchangeIsRefused() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "direct", false, false, alternate("one"));
    channel.exchangeDeclare(exchange, "direct", false, false, alternate("one"));
    assertChannelError(
        inequivalent("alternate-exchange", exchange, "received 'two' but current is 'one'"),
        ch -> ch.exchangeDeclare(exchange, "direct", false, false, alternate("two")));
    assertChannelError(
        inequivalent(
            "alternate-exchange",
            exchange,
            "received none but current is the value 'one' of type 'longstr'"),
        ch -> ch.exchangeDeclare(exchange, "direct"));
  }

  @Test
  void firstDifferenceIsReportedInTheOrderTypeDurableAutoDeleteInternal() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent("type", exchange, "received 'topic' but current is 'direct'"),
        ch -> ch.exchangeDeclare(exchange, "topic", true, true, true, alternate("other")));
    assertChannelError(
        inequivalent("durable", exchange, "received 'true' but current is 'false'"),
        ch -> ch.exchangeDeclare(exchange, "direct", true, true, true, alternate("other")));
    assertChannelError(
        inequivalent("auto_delete", exchange, "received 'true' but current is 'false'"),
        ch -> ch.exchangeDeclare(exchange, "direct", false, true, true, alternate("other")));
    assertChannelError(
        inequivalent("internal", exchange, "received 'true' but current is 'false'"),
        ch -> ch.exchangeDeclare(exchange, "direct", false, false, true, alternate("other")));
  }

  @Test
  void otherArgumentsAreAcceptedAndNotCompared() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "direct", false, false, Map.of("x-anything", 1));
    channel.exchangeDeclare(exchange, "direct", false, false, Map.of("x-anything", "else"));
    channel.exchangeDeclare(exchange, "direct");
  }

  @Test
  void alternateExchangeMustBeAString() throws Exception {
    String exchange = name("x");
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange' in"
                + " exchange '"
                + exchange
                + "' in vhost '/'",
            AmqpMethod.EXCHANGE_DECLARE),
        ch ->
            ch.exchangeDeclare(exchange, "direct", false, false, Map.of("alternate-exchange", 5)));
  }

  @Test
  void unknownTypeIsRefused() throws Exception {
    Closing expected = Target.current().unknownExchangeType("x-no-such");
    String exchange = name("x");
    if (expected.scope() == Closing.Scope.CHANNEL) {
      assertChannelError(expected, ch -> ch.exchangeDeclare(exchange, "x-no-such"));
    } else {
      assertConnectionError(expected, ch -> ch.exchangeDeclare(exchange, "x-no-such"));
    }
    assertMissing(exchange);
  }

  @Test
  void reservedPrefixIsRefusedUnlessTheExchangeExists() throws Exception {
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'",
            AmqpMethod.EXCHANGE_DECLARE),
        ch -> ch.exchangeDeclare("amq.mine", "direct"));
    assertChannelError(
        Closing.channel(
            404, "NOT_FOUND - no exchange 'amq.mine' in vhost '/'", AmqpMethod.EXCHANGE_DECLARE),
        ch -> ch.exchangeDeclarePassive("amq.mine"));
  }

  @Test
  void systemExchangesCannotBeDeleted() throws Exception {
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed",
            AmqpMethod.EXCHANGE_DELETE),
        ch -> ch.exchangeDelete("amq.direct"));
  }

  @Test
  void defaultExchangeCanOnlyBePublishedTo() throws Exception {
    String queue = newQueue();
    String exchange = newExchange("fanout");
    assertChannelError(
        notOnDefault(AmqpMethod.EXCHANGE_DECLARE), ch -> ch.exchangeDeclare("", "direct", true));
    assertChannelError(
        notOnDefault(AmqpMethod.EXCHANGE_DECLARE), ch -> ch.exchangeDeclarePassive(""));
    assertChannelError(notOnDefault(AmqpMethod.EXCHANGE_DELETE), ch -> ch.exchangeDelete(""));
    assertChannelError(notOnDefault(AmqpMethod.QUEUE_BIND), ch -> ch.queueBind(queue, "", "k"));
    assertChannelError(
        notOnDefault(AmqpMethod.QUEUE_UNBIND), ch -> ch.queueUnbind(queue, "", queue));
    assertChannelError(
        notOnDefault(AmqpMethod.EXCHANGE_BIND), ch -> ch.exchangeBind(exchange, "", "k"));
    assertChannelError(
        notOnDefault(AmqpMethod.EXCHANGE_BIND), ch -> ch.exchangeBind("", exchange, "k"));
    assertChannelError(
        notOnDefault(AmqpMethod.EXCHANGE_UNBIND), ch -> ch.exchangeUnbind(exchange, "", "k"));
  }

  @Test
  void deletingAMissingExchangeIsFine() throws Exception {
    channel.exchangeDelete(name("x"));
    channel.exchangeDelete(name("x"), true);
  }

  @Test
  void deleteIfUnusedSparesAnExchangeWithBindings() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue(exchange, "k");
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - exchange '" + exchange + "' in vhost '/' in use",
            AmqpMethod.EXCHANGE_DELETE),
        ch -> ch.exchangeDelete(exchange, true));
    channel.queueUnbind(queue, exchange, "k");
    channel.exchangeDelete(exchange, true);
    assertMissing(exchange);
  }

  @Test
  void deletingAnExchangeRemovesItsBindings() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue(exchange, "k");
    channel.exchangeDelete(exchange);
    channel.exchangeDeclare(exchange, "direct");
    publish(exchange, "k", "lost");

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void autoDeleteExchangeGoesWithItsLastBindingOnly() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "direct", false, true, null);
    String queue = newQueue();
    channel.exchangeDeclarePassive(exchange);
    channel.queueBind(queue, exchange, "a");
    channel.queueBind(queue, exchange, "b");
    channel.queueUnbind(queue, exchange, "a");
    channel.exchangeDeclarePassive(exchange);
    channel.queueUnbind(queue, exchange, "b");

    assertMissing(exchange);
  }

  @Test
  void autoDeleteExchangeGoesWhenItsLastQueueIsDeleted() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "fanout", false, true, null);
    String queue = newQueue(exchange, "");
    channel.queueDelete(queue);

    assertMissing(exchange);
  }

  @Test
  void autoDeleteExchangeStaysWhenItWasOnlyADestination() throws Exception {
    String source = newExchange("fanout");
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "fanout", false, true, null);
    channel.exchangeBind(exchange, source, "");
    channel.exchangeUnbind(exchange, source, "");

    channel.exchangeDeclarePassive(exchange);
  }

  @Test
  void autoDeleteGoesUpAChainOfExchanges() throws Exception {
    String upper = name("x");
    String lower = name("x");
    channel.exchangeDeclare(upper, "fanout", false, true, null);
    channel.exchangeDeclare(lower, "fanout", false, true, null);
    channel.exchangeBind(lower, upper, "");
    String queue = newQueue(lower, "");
    channel.queueDelete(queue);

    assertMissing(lower);
    assertMissing(upper);
  }

  @Test
  void internalExchangeRefusesClientsButServesOtherExchanges() throws Exception {
    String internal = name("x");
    channel.exchangeDeclare(internal, "fanout", false, false, true, null);
    String source = newExchange("fanout");
    channel.exchangeBind(internal, source, "");
    String queue = newQueue(internal, "");
    publish(source, "", "through");

    assertThat(drain(queue)).isEqualTo(List.of("through"));
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - cannot publish to internal exchange '" + internal + "' in vhost '/'",
            AmqpMethod.BASIC_PUBLISH),
        ch -> ch.basicPublish(internal, "", null, bytes("refused")));
  }

  @Test
  void declareAndDeleteWithoutWaitAreDone() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclareNoWait(exchange, "direct", false, false, false, null);
    channel.exchangeDeclarePassive(exchange);
    channel.exchangeDeleteNoWait(exchange, false);
    channel.exchangeDeclarePassive("amq.direct");
    assertMissing(exchange);
  }

  @Test
  void errorOfADeclareWithoutWaitStillClosesTheChannel() throws Exception {
    String exchange = newExchange("direct");
    assertChannelError(
        inequivalent("type", exchange, "received 'fanout' but current is 'direct'"),
        ch -> ch.exchangeDeclareNoWait(exchange, "fanout", false, false, false, null));
  }

  @Test
  void lineBreaksInNamesAreDropped() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare("\r\n" + exchange + "\n", "direct");
    channel.exchangeDeclarePassive(exchange);
    channel.exchangeDelete(exchange + "\r\n");
    assertMissing(exchange);
  }

  private void assertMissing(String exchange) throws Exception {
    assertChannelError(
        Closing.channel(
            404,
            "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
            AmqpMethod.EXCHANGE_DECLARE),
        ch -> ch.exchangeDeclarePassive(exchange));
  }

  private static Map<String, Object> alternate(String exchange) {
    return Map.of("alternate-exchange", exchange);
  }

  private static Closing notOnDefault(AmqpMethod method) {
    return Closing.channel(
        403, "ACCESS_REFUSED - operation not permitted on the default exchange", method);
  }

  private static Closing inequivalent(String argument, String exchange, String difference) {
    String text =
        "PRECONDITION_FAILED - inequivalent arg '%s' for exchange '%s' in vhost '/': %s"
            .formatted(argument, exchange, difference);
    return Closing.channel(406, text, AmqpMethod.EXCHANGE_DECLARE);
  }
}
