package io.harveymq.broker.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.NodeLimits;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.Test;

/** Limits of the whole broker, and times that clients are given; texts are RabbitMQ's. */
class NodeLimitTest {
  private static TestBroker broker(NodeLimits limits) {
    return TestBroker.start().limits(ConnectionLimits.DEFAULT.withNode(limits));
  }

  @Test
  void oneQueueMoreThanTheClusterMayHaveIsRefused() {
    TestBroker broker = broker(new NodeLimits(-1, -1, 2, -1, -1));
    TestChannel channel = broker.channel().declare("a").declare("b").declare("b");
    channel.consume("amq.rabbitmq.reply-to", "r", true, FieldTable.EMPTY);
    channel.send(new QueueMethod.Declare("c", false, false, false, false, false, FieldTable.EMPTY));

    ChannelMethod.Close close = channel.expect(ChannelMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(406);
    assertThat(close.replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - cannot declare queue 'c': queue limit in cluster (2) is reached");
    assertThat(close.failedClassId()).isEqualTo(50);
  }

  @Test
  void oneExchangeMoreThanTheClusterMayHaveIsRefused() {
    TestBroker broker = broker(new NodeLimits(-1, -1, -1, 8, -1));
    TestChannel channel = broker.channel().declareExchange("a", "fanout");
    channel.declareExchange("a", "fanout");
    channel.send(
        new ExchangeMethod.Declare(
            "b", "fanout", false, false, false, false, false, FieldTable.EMPTY));

    ChannelMethod.Close close = channel.expect(ChannelMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(406);
    assertThat(close.replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - cannot declare exchange 'b' in vhost '/': exchange limit of 8 is"
                + " reached");
  }

  @Test
  void oneChannelMoreThanTheNodeMayHaveEndsTheConnection() {
    TestBroker broker = broker(new NodeLimits(-1, 3, -1, -1, -1));
    broker.connect().channel(1);
    TestClient second = broker.connect();
    second.channel(1);
    second.channel(2);
    second.send(3, new ChannelMethod.Open());

    ConnectionMethod.Close close = second.expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(530);
    assertThat(close.replyText())
        .isEqualTo(
            "NOT_ALLOWED - number of channels opened on node 'rabbit@test' has reached the maximum"
                + " allowed limit of (3)");
    broker.connect().channel(1);
  }

  @Test
  void theHandshakeHasToBeDoneInTheTimeThatIsConfigured() {
    TestBroker broker = TestBroker.start().limits(ConnectionLimits.DEFAULT.withTimeouts(2_000, 0));
    TestClient silent = broker.accept();
    TestClient half = broker.accept();
    half.start(FieldTable.EMPTY, "guest");
    TestClient open = broker.connect();
    broker.advance(1_999);
    assertThat(silent.isClosed() || half.isClosed()).isFalse();
    broker.advance(1);
    assertThat(silent.isClosed() && half.isClosed()).isTrue();
    broker.advance(60_000);
    assertThat(open.isClosed()).isFalse();
  }

  @Test
  void whoTakesNoOutputIsCutOffAfterTheSendTimeoutAndNobodyElse() {
    TestBroker broker =
        TestBroker.start().limits(ConnectionLimits.DEFAULT.withTimeouts(10_000, 5_000));
    TestChannel publisher = broker.channel().declare("q");
    TestChannel stuck = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    TestChannel slow = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    stuck.client().socket().takeOnly(0);
    slow.client().socket().takeOnly(0);
    for (int i = 0; i < 4; i++) {
      publisher.publish("", "q", BasicProperties.EMPTY, new byte[1_000]);
    }
    broker.run();
    slow.client().socket().takeOnly(1_200);
    broker.advance(9_999);
    slow.client().socket().takeOnly(1_200);
    broker.advance(5_001);

    assertThat(stuck.client().isClosed()).isTrue();
    assertThat(publisher.client().isClosed()).isFalse();
    slow.client().socket().takeOnly(Long.MAX_VALUE);
    broker.advance(60_000);
    assertThat(slow.client().isClosed()).isFalse();
  }
}
