package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Exchanges bound to exchanges, and alternate exchanges. */
class ExchangeGraphTest extends CompatTest {

  @Test
  void messageGoesThroughBoundExchangesWithItsRoutingKey() throws Exception {
    String source = newExchange("topic");
    String middle = newExchange("direct");
    channel.exchangeBind(middle, source, "a.#");
    String hit = newQueue(middle, "a.b");
    String miss = newQueue(middle, "a.c");
    publish(source, "a.b", "one");
    publish(source, "b.b", "two");

    assertThat(drain(hit)).containsExactly("one");
    assertThat(drain(miss)).isEmpty();
  }

  @Test
  void queueGetsOneCopyHoweverManyWaysLeadToIt() throws Exception {
    String source = newExchange("fanout");
    String left = newExchange("fanout");
    String right = newExchange("topic");
    channel.exchangeBind(left, source, "");
    channel.exchangeBind(right, source, "");
    String queue = newQueue(source, "");
    channel.queueBind(queue, left, "");
    channel.queueBind(queue, right, "#");
    channel.queueBind(queue, right, "*");
    publish(source, "k", "one");

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void cyclesEnd() throws Exception {
    String first = newExchange("fanout");
    String second = newExchange("fanout");
    String third = newExchange("fanout");
    channel.exchangeBind(second, first, "");
    channel.exchangeBind(third, second, "");
    channel.exchangeBind(first, third, "");
    channel.exchangeBind(first, first, "");
    String queue = newQueue(third, "");
    String early = newQueue(first, "");
    publish(second, "", "one");

    assertThat(drain(queue)).containsExactly("one");
    assertThat(drain(early)).containsExactly("one");
  }

  @Test
  void identicalBindingIsMadeOnce() throws Exception {
    String source = newExchange("direct");
    String destination = newExchange("fanout");
    String queue = newQueue(destination, "");
    channel.exchangeBind(destination, source, "k");
    channel.exchangeBind(destination, source, "k");
    publish(source, "k", "one");
    channel.exchangeUnbind(destination, source, "k");
    publish(source, "k", "two");

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void unbindOkIsMethodFiftyOne() throws Exception {
    String source = newExchange("direct");
    String destination = newExchange("fanout");
    channel.exchangeBind(destination, source, "k");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter arguments = new WireWriter().u16(0).shortstr(destination).shortstr(source);
    arguments.shortstr("k").bits(false).u32(0);

    raw.call(1, AmqpMethod.EXCHANGE_UNBIND, arguments, AmqpMethod.EXCHANGE_UNBIND_OK);
  }

  @Test
  void unbindingWhatWasNotBoundIsFine() throws Exception {
    String source = newExchange("direct");
    String destination = newExchange("fanout");
    channel.exchangeUnbind(destination, source, "k");
    channel.exchangeUnbind(destination, "missing-source", "k");
    channel.exchangeUnbind("missing-destination", source, "k");
  }

  @Test
  void bindingMissingExchangesIsNotFound() throws Exception {
    String there = newExchange("direct");
    assertChannelError(
        notFound("missing-source", AmqpMethod.EXCHANGE_BIND),
        ch -> ch.exchangeBind(there, "missing-source", "k"));
    assertChannelError(
        notFound("missing-destination", AmqpMethod.EXCHANGE_BIND),
        ch -> ch.exchangeBind("missing-destination", there, "k"));
  }

  @Test
  void bindAndUnbindWithoutWaitAreDone() throws Exception {
    String source = newExchange("fanout");
    String destination = newExchange("fanout");
    String queue = newQueue(destination, "");
    channel.exchangeBindNoWait(destination, source, "", null);
    publish(source, "", "one");
    assertThat(drain(queue)).containsExactly("one");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter arguments = new WireWriter().u16(0).shortstr(destination).shortstr(source);
    raw.send(1, AmqpMethod.EXCHANGE_UNBIND, arguments.shortstr("").bits(true).u32(0));
    raw.expectNothingMore(1);
    publish(source, "", "two");
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void deletedDestinationNoLongerGetsAnything() throws Exception {
    String source = newExchange("fanout");
    String destination = newExchange("fanout");
    channel.exchangeBind(destination, source, "");
    String queue = newQueue(destination, "");
    channel.exchangeDelete(destination);
    publish(source, "", "lost");

    assertThat(drain(queue)).isEmpty();
    channel.exchangeDelete(source, true);
  }

  @Test
  void alternateExchangeGetsOnlyWhatNobodyElseTook() throws Exception {
    String alternate = newExchange("fanout");
    String main = newExchangeWithAlternate(alternate);
    String normal = newQueue(main, "known");
    String rest = newQueue(alternate, "");
    publish(main, "known", "one");
    publish(main, "unknown", "two");

    assertThat(drain(normal)).containsExactly("one");
    assertThat(drain(rest)).containsExactly("two");
  }

  @Test
  void alternateExchangesFormAChain() throws Exception {
    String last = newExchange("fanout");
    String middle = newExchangeWithAlternate(last);
    String first = newExchangeWithAlternate(middle);
    String queue = newQueue(last, "");
    publish(first, "k", "one");

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void cycleOfAlternateExchangesEnds() throws Exception {
    String first = name("x");
    String second = newExchangeWithAlternate(first);
    channel.exchangeDeclare(first, "direct", false, false, Map.of("alternate-exchange", second));
    List<String> returned = new ArrayList<>();
    channel.confirmSelect();
    channel.addReturnListener(message -> returned.add(message.getReplyText()));
    channel.basicPublish(first, "k", true, null, bytes("one"));
    channel.waitForConfirmsOrDie(10_000);

    assertThat(returned).containsExactly("NO_ROUTE");
  }

  @Test
  void mandatoryCountsAnAlternateRouteAsARoute() throws Exception {
    String alternate = newExchange("fanout");
    String main = newExchangeWithAlternate(alternate);
    String queue = newQueue(alternate, "");
    List<String> returned = new ArrayList<>();
    channel.confirmSelect();
    channel.addReturnListener(message -> returned.add(message.getReplyText()));
    channel.basicPublish(main, "k", true, null, bytes("one"));
    channel.waitForConfirmsOrDie(10_000);

    assertThat(returned).isEmpty();
    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void missingAlternateExchangeLosesTheMessage() throws Exception {
    String main = newExchangeWithAlternate("no-such-exchange");
    List<String> returned = new ArrayList<>();
    channel.confirmSelect();
    channel.addReturnListener(message -> returned.add(message.getReplyText()));
    channel.basicPublish(main, "k", true, null, bytes("one"));
    channel.waitForConfirmsOrDie(10_000);

    assertThat(returned).containsExactly("NO_ROUTE");
  }

  private String newExchangeWithAlternate(String alternate) throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(
        exchange, "direct", false, false, Map.of("alternate-exchange", alternate));
    return exchange;
  }

  private static Closing notFound(String exchange, AmqpMethod method) {
    return Closing.channel(404, "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'", method);
  }
}
