package io.harveymq.broker.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.TxMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What went from where to where, and what is kept of it. */
class FlowsTest {
  private static final int FIVE_SECONDS = Sampler.INTERVAL_MILLIS;

  private final TestBroker broker = TestBroker.start();

  private long count(FlowEnd end, Flow.Kind kind, Counter counter) {
    return end.all(kind).stream()
        .mapToLong(
            flow ->
                flow.figures(new Sampler(broker.home(), List.<Sampled>of()::iterator))
                    .count(counter))
        .sum();
  }

  @Test
  void rateIsOfTheLastFiveToTenSeconds() {
    TestChannel channel = broker.channel().declare("q").publish("q", "first");
    FlowEnd queue = broker.queue("q").flows();
    Sampler sampler = new Sampler(broker.home(), List.of(queue)::iterator);
    broker.home().run(sampler::start);
    broker.run();
    Flow flow = queue.all(Flow.Kind.ROUTED).get(0);
    broker.advance(FIVE_SECONDS);
    for (int i = 0; i < 50; i++) {
      channel.publish("q", "more");
    }
    broker.advance(FIVE_SECONDS);
    assertThat(flow.figures(sampler).count(Counter.PUBLISH)).isEqualTo(51);
    assertThat(flow.figures(sampler).rate(Counter.PUBLISH)).isCloseTo(10, within(0.1));
    broker.advance(FIVE_SECONDS);
    assertThat(flow.figures(sampler).rate(Counter.PUBLISH)).isZero();
    for (int i = 0; i < 5; i++) {
      channel.publish("q", "more");
    }
    broker.advance(FIVE_SECONDS);
    assertThat(flow.figures(sampler).rate(Counter.PUBLISH)).isCloseTo(1, within(0.1));
  }

  @Test
  void nothingIsKeptOfWhatIsGone() {
    FlowBook book = broker.vhost().flows();
    TestChannel channel = broker.channel().declareExchange("x", "fanout");
    channel.declare("a").declare("b").bind("a", "x", "").bind("b", "x", "");
    channel.publish("x", "", "m").consume("a", "c");
    assertThat(channel.deliveries()).hasSize(1);
    channel.get("b");
    assertThat(book.count()).as("to x, from x to a and b, from a and b").isEqualTo(5);
    broker.home().run(() -> broker.vhost().deleteQueue(broker.queue("a")));
    assertThat(book.count()).isEqualTo(3);
    broker.home().run(() -> broker.vhost().deleteExchange(broker.vhost().exchange("x")));
    assertThat(book.count()).isEqualTo(1);
    channel.expect(BasicMethod.Cancel.class);
    channel.close();
    broker.run();
    assertThat(book.count()).isZero();
    assertThat(broker.queue("b").flows().all(Flow.Kind.DELIVERED)).isEmpty();
  }

  @Test
  void anExchangeThatIsDeclaredAnewBeginsAnew() {
    TestChannel channel = broker.channel().declareExchange("x", "direct");
    channel.declare("q").bind("q", "x", "k").publish("x", "k", "m").publish("x", "k", "m");
    broker.home().run(() -> broker.vhost().deleteExchange(broker.vhost().exchange("x")));
    channel.declareExchange("x", "direct").bind("q", "x", "k").publish("x", "k", "m");
    FlowEnd exchange = broker.vhost().exchange("x").flows();
    assertThat(count(exchange, Flow.Kind.PUBLISHED, Counter.PUBLISH)).isEqualTo(1);
    assertThat(count(exchange, Flow.Kind.ROUTED, Counter.PUBLISH)).isEqualTo(1);
    assertThat(broker.queue("q").flows().all(Flow.Kind.ROUTED)).hasSize(1);
  }

  @Test
  void acknowledgementsAreCountedOnceHoweverTheyCome() {
    TestChannel channel = broker.channel().declare("q");
    for (int i = 0; i < 6; i++) {
      channel.publish("q", "m" + i);
    }
    channel.get("q");
    channel.get("q");
    channel.prefetch(4).consume("q", "c");
    assertThat(channel.deliveries()).hasSize(4);
    channel.ack(1).ackUpTo(4).ack(6);
    FlowEnd queue = broker.queue("q").flows();
    assertThat(count(queue, Flow.Kind.DELIVERED, Counter.ACK)).isEqualTo(5);
    assertThat(count(queue, Flow.Kind.DELIVERED, Counter.GET)).isEqualTo(2);
    assertThat(count(queue, Flow.Kind.DELIVERED, Counter.DELIVER)).isEqualTo(4);
    channel.requeueUpTo(5);
    assertThat(channel.deliveries()).hasSize(1);
    assertThat(count(queue, Flow.Kind.DELIVERED, Counter.REDELIVER)).isEqualTo(1);
  }

  @Test
  void whatIsCountedLateForWhatIsGoneIsNotKept() {
    FlowBook book = broker.vhost().flows();
    TestChannel channel = broker.channel();
    for (int i = 0; i < 3; i++) {
      channel.declare("tmp").publish("tmp", "m");
      channel.get("tmp");
      broker.home().run(() -> broker.vhost().deleteQueue(broker.queue("tmp")));
      channel.ack(i + 1);
    }
    assertThat(book.count()).as("the channel and the default exchange").isEqualTo(1);
    channel.declareExchange("x", "fanout").declare("q").bind("q", "x", "");
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("x", "", "m");
    broker.home().run(() -> broker.vhost().deleteExchange(broker.vhost().exchange("x")));
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
    assertThat(broker.queue("q").flows().all()).isEmpty();
  }

  @Test
  void whatIsRolledBackIsNotAcknowledged() {
    TestChannel channel = broker.channel().declare("q").publish("q", "m");
    channel.get("q");
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.ack(1).call(new TxMethod.Rollback(), TxMethod.RollbackOk.class);
    channel.ack(1).call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertThat(count(broker.queue("q").flows(), Flow.Kind.DELIVERED, Counter.ACK)).isEqualTo(1);
  }

  @Test
  void thereIsAMostAndFurtherOnesAreNotTold() {
    FlowBook book = new FlowBook();
    FlowEnd exchange = new FlowEnd("x");
    for (int i = 0; i < FlowBook.MOST; i++) {
      book.between(exchange, new FlowEnd(i), Flow.Kind.ROUTED);
    }
    FlowEnd last = new FlowEnd("last");
    Flow untold = book.between(exchange, last, Flow.Kind.ROUTED);
    untold.add(Counter.PUBLISH);
    book.between(last, exchange, Flow.Kind.DELIVERED).add(Counter.ACK);
    assertThat(book.count()).isEqualTo(FlowBook.MOST);
    assertThat(last.all(Flow.Kind.ROUTED)).isEmpty();
    exchange.end();
    assertThat(book.count()).isZero();
    assertThat(book.between(exchange, last, Flow.Kind.ROUTED)).isSameAs(untold);
    assertThat(book.between(new FlowEnd("y"), last, Flow.Kind.ROUTED)).isNotSameAs(untold);
  }
}
