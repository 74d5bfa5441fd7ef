package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.TxMethod;
import org.junit.jupiter.api.Test;

/** What becomes of a channel that does not acknowledge in time. */
class AckTimeoutTest {
  private static final long HALF_AN_HOUR = 1_800_000;

  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel().declare("q");

  @Test
  void closesAChannelThatKeepsADeliveryForTooLong() {
    channel.publish("q", "a").consume("q", "c");
    channel.nextDelivery();
    broker.advance(HALF_AN_HOUR);
    channel.expectNothing();
    broker.advance(1);
    ChannelMethod.Close close = channel.expect(ChannelMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(406);
    assertThat(close.replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value"
                + " used: 1800000 ms. This timeout value can be configured, see consumers doc guide"
                + " to learn more");
    assertThat(close.failedClassId()).isZero();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
    assertThat(broker.queue("q").unackedCount()).isZero();
  }

  @Test
  void theOldestDeliveryCounts() {
    channel.consume("q", "c").publish("q", "a");
    long first = channel.nextDelivery().deliveryTag();
    broker.advance(HALF_AN_HOUR / 2);
    channel.publish("q", "b");
    channel.nextDelivery();
    channel.send(new BasicMethod.Ack(first, false));
    broker.advance(HALF_AN_HOUR);
    channel.expectNothing();
    broker.advance(1);
    channel.expect(ChannelMethod.Close.class);
  }

  @Test
  void aDeliveryByGetCountsToo() {
    channel.publish("q", "a").send(new BasicMethod.Get("q", false)).next();
    broker.advance(HALF_AN_HOUR + 1);
    channel.expect(ChannelMethod.Close.class);
  }

  @Test
  void acknowledgedChannelsStayOpenAndCostNoTimer() {
    channel.consume("q", "c").publish("q", "a");
    channel.send(new BasicMethod.Ack(channel.nextDelivery().deliveryTag(), false));
    broker.advance(2 * HALF_AN_HOUR);
    channel.expectNothing();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void aRollbackMakesOldDeliveriesOutstandingAgain() {
    channel.publish("q", "a").call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("q", "b").call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    channel.ack(channel.get("q").deliveryTag());
    broker.advance(HALF_AN_HOUR + 1);
    channel.expectNothing();
    channel.call(new TxMethod.Rollback(), TxMethod.RollbackOk.class);
    channel.expect(ChannelMethod.Close.class);
  }
}
