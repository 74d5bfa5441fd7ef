package io.harveymq.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.FrameDecoder;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final TestBroker broker = TestBroker.start();

  private static long heartbeats(TestClient client) {
    return client.frames().stream().filter(frame -> frame.type() == FrameDecoder.HEARTBEAT).count();
  }

  @Test
  void sendsOneEachHalfIntervalToAnIdleClient() {
    TestClient client = broker.accept().open(10);
    broker.advance(4_999);
    assertThat(heartbeats(client)).isZero();

    // The answers of the handshake were flushed within the first half.
    broker.advance(1);
    assertThat(heartbeats(client)).isZero();
    broker.advance(5_000);
    assertThat(heartbeats(client)).isEqualTo(1);
    broker.advance(5_000);
    assertThat(heartbeats(client)).isEqualTo(2);
  }

  @Test
  void sendsNoneWhileSomethingElseIsFlushedInEachHalfInterval() {
    TestChannel channel = broker.accept().open(10).channel(1);
    for (int i = 0; i < 6; i++) {
      broker.advance(4_000);
      channel.declare("q");
    }
    assertThat(heartbeats(channel.client())).isZero();
    broker.advance(10_000);
    assertThat(heartbeats(channel.client())).isPositive();
  }

  @Test
  void closesTheSocketAtTheSecondLookThatFindsNoByte() {
    TestClient client = broker.accept().open(10);
    // The first look finds nothing, because open came before the heartbeats began.
    broker.advance(19_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void anyByteKeepsTheClientAlive() {
    TestClient client = broker.accept().open(10);
    for (int i = 0; i < 10; i++) {
      broker.advance(15_000);
      client.heartbeat();
    }
    assertThat(client.isClosed()).isFalse();
    broker.advance(30_000);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void anUnfinishedFrameIsASignOfLifeToo() {
    TestClient client = broker.accept().open(10);
    broker.advance(15_000);
    client.raw(new byte[] {1, 0});
    broker.advance(14_999);
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void withoutAnIntervalNothingIsSentAndNobodyIsDead() {
    TestClient client = broker.accept().open(0);
    broker.advance(100_000_000);
    assertThat(heartbeats(client)).isZero();
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void aPeerThatTakesNoOutputIsDisconnectedAtOnceWhenItIsSilent() {
    TestChannel channel = broker.accept().open(10).channel(1).declare("q").consume("q", "c");
    channel.client().socket().takeOnly(0);
    broker.channel().publish("", "q", io.harveymq.codec.BasicProperties.EMPTY, new byte[300_000]);
    broker.advance(40_000);
    assertThat(channel.client().isClosed()).isTrue();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void aLostConnectionLeavesNoTimer() {
    TestClient client = broker.accept().open(10);
    client.drop();
    broker.run();
    assertThat(broker.loop().timers()).isZero();
  }
}
