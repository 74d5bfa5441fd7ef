package io.harveymq.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import org.junit.jupiter.api.Test;

/** What a recent-history exchange keeps in memory. */
class RecentHistoryTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private TestChannel declare(int length) {
    FieldTable arguments = FieldTable.builder().put("x-recent-history-length", length).build();
    return channel.declareExchange("x", "x-recent-history", arguments);
  }

  @Test
  void itsMemoryIsCountedAndGivenBack() {
    declare(2);
    long before = broker.run().memory().used();
    for (int i = 0; i < 10; i++) {
      channel.publish("x", "k", "x".repeat(1_000));
    }
    assertThat(broker.run().memory().used() - before).isBetween(2_000L, 3_000L);

    channel.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    assertThat(broker.memory().used()).isEqualTo(before);
  }

  @Test
  void whatIsOnlyRememberedIsUnroutable() {
    declare(2).publishMandatory("x", "k", "1");
    assertThat(channel.expect(BasicMethod.Return.class).replyCode()).isEqualTo(312);
    channel.declare("q").bind("q", "x", "");
    assertThat(channel.get("q").text()).isEqualTo("1");
  }

  @Test
  void aCachedRouteIsRememberedToo() {
    declare(5).declare("early").bind("early", "x", "");
    channel.publish("x", "k", "1").publish("x", "k", "2").publish("x", "k", "3");
    channel.declare("late").bind("late", "x", "");
    assertThat(channel.drain("late")).containsExactly("1", "2", "3");
  }
}
