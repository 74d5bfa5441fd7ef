package io.harveymq.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private final TestBroker broker = TestBroker.start();

  @Test
  void aClientThatSaysNothingIsDisconnectedAfterTenSeconds() {
    TestClient client = broker.accept();
    broker.advance(9_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
    assertThat(client.takeRaw()).isEmpty();
  }

  @Test
  void tenSecondsAreForTheWholeHandshake() {
    TestClient client = broker.accept();
    broker.advance(6_000);
    client.start(TestClient.capabilities(), "guest");
    client.expect(0, ConnectionMethod.Tune.class);
    broker.advance(3_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void anOpenedConnectionIsNotDisconnected() {
    TestClient client = broker.connect();
    broker.advance(60_000);
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void aRefusedLoginIsAnsweredAtOnceToWhoUnderstands() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities("authentication_failure_close"), "wrong");
    ConnectionMethod.Close close = client.expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(403);
    assertThat(close.replyText()).startsWith("ACCESS_REFUSED - Login was refused");
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aRefusedLoginIsFollowedByThreeSecondsOfSilenceForOthers() {
    TestClient client = broker.accept();
    client.start(FieldTable.EMPTY, "wrong");
    assertThat(client.next(0)).isNull();
    client.send(0, new ConnectionMethod.TuneOk(0, 0, 0));
    broker.advance(2_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
    assertThat(client.takeRaw()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "AMQP\0\1\0\0AMQP\0\0\11\1and more",
        "AMQP\3\1\0\0",
        "\26\3\1\2\0\1\0\1\374\3\3 and so on"
      })
  void whoSpeaksAnotherProtocolIsToldOursAndDisconnected(String firstBytes) {
    TestClient client = broker.accept();
    client.raw(firstBytes.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(client.takeRaw()).containsExactly('A', 'M', 'Q', 'P', 0, 0, 9, 1);
    assertThat(client.isClosed()).isTrue();
    assertThat(broker.loop().timers()).isZero();
  }

  @Test
  void theHandshakeMayComeByteByByte() {
    ByteBuf all = Unpooled.buffer();
    TestClient talker = broker.connect();
    all.writeBytes(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    TestClient client = broker.accept();
    for (int i = 0; i < 8; i++) {
      client.raw(new byte[] {all.getByte(i)});
    }
    client.expect(0, ConnectionMethod.Start.class);
    assertThat(talker.isClosed()).isFalse();
  }

  // ---- the end

  @Test
  void aClientThatDoesNotAgreeToTheCloseIsDisconnectedAfterThirtySeconds() {
    TestClient client = broker.connect();
    client.send(1, new BasicMethod.QosOk());
    assertThat(client.expect(0, ConnectionMethod.Close.class).replyCode()).isEqualTo(504);
    broker.advance(29_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aShortHeartbeatShortensTheWaitForCloseOk() {
    TestClient client = broker.accept().open(5);
    client.send(1, new BasicMethod.QosOk());
    client.expect(0, ConnectionMethod.Close.class);
    broker.advance(4_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void theSocketIsClosedAsSoonAsTheClientAgrees() {
    TestClient client = broker.connect();
    client.send(1, new BasicMethod.QosOk());
    client.expect(0, ConnectionMethod.Close.class);
    client.send(1, new ChannelMethod.Open());
    client.heartbeat();
    assertThat(client.isClosed()).isFalse();
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.isClosed()).isTrue();
    assertThat(client.arrived(1)).isEmpty();
    assertThat(broker.loop().timers()).isZero();
  }

  @Test
  void whenBothCloseAtOnceTheClientGetsItsAnswer() {
    TestClient client = broker.connect();
    client.send(1, new BasicMethod.QosOk());
    client.expect(0, ConnectionMethod.Close.class);
    client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
    client.expect(0, ConnectionMethod.CloseOk.class);
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aClientThatClosedIsLeftToCloseItsSocketForThreeSeconds() {
    TestClient client = broker.connect();
    client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
    client.expect(0, ConnectionMethod.CloseOk.class);
    broker.advance(2_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aBrokenStreamIsAnsweredOnceAndNotReadOn() {
    TestChannel channel = broker.channel();
    TestClient client = channel.client();
    client.raw(new byte[] {1, 0, 1, 0, 0, 0, 4, 0, 20, 0, 10, 0x11});
    ConnectionMethod.Close close = client.expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(501);
    client.raw(new byte[] {1, 0, 1, 0, 0, 0, 4, 0, 20, 0, 10, 0x11});
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.next(0)).isNull();
    broker.advance(2_999);
    assertThat(client.isClosed()).isFalse();
    broker.advance(1);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void garbageInsteadOfCloseOkIsNotAnsweredWithASecondClose() {
    TestClient client = broker.connect();
    client.send(1, new BasicMethod.QosOk());
    client.expect(0, ConnectionMethod.Close.class);
    client.raw(new byte[] {1, 0, 1, 0, 0, 0, 4, 0, 20, 0, 10, 0x11});
    assertThat(client.next(0)).isNull();
    broker.advance(30_000);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aStopOfTheBrokerClosesWithConnectionForced() {
    TestClient client = broker.connect();
    client.socket().shutDown("shutdown");
    ConnectionMethod.Close close = client.expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(320);
    assertThat(close.replyText())
        .isEqualTo("CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'");
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aStopInTheMiddleOfTheHandshakeJustDisconnects() {
    TestClient client = broker.accept();
    client.socket().shutDown("shutdown");
    assertThat(client.isClosed()).isTrue();
    assertThat(broker.loop().timers()).isZero();
  }

  // ---- another loop than the virtual host's

  @Test
  void theConnectionMovesToTheLoopOfItsVirtualHost() {
    TestBroker two = TestBroker.withTwoLoops();
    TestChannel channel = two.accept().open(10).channel(1).declare("q");
    channel.publish("q", "a").publish("q", "b");
    assertThat(channel.drain("q")).containsExactly("a", "b");
    assertThat(channel.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class).messageCount())
        .isZero();
    two.advance(30_000);
    assertThat(channel.client().isClosed()).isTrue();
    assertThat(two.queue("q").readyCount()).isEqualTo(2);
  }

  @Test
  void whatIsPipelinedBehindOpenIsNotLostInTheMove() {
    TestBroker two = TestBroker.withTwoLoops();
    TestClient client = two.accept();
    client.start(TestClient.capabilities(), "guest");
    client.expect(0, ConnectionMethod.Tune.class);
    ByteBuf burst = Unpooled.buffer();
    io.harveymq.codec.CommandEncoder.method(
        burst, 0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
    io.harveymq.codec.CommandEncoder.method(burst, 0, new ConnectionMethod.Open("/"));
    io.harveymq.codec.CommandEncoder.method(burst, 1, new ChannelMethod.Open());
    client.push(burst);
    client.expect(0, ConnectionMethod.OpenOk.class);
    client.expect(1, ChannelMethod.OpenOk.class);
  }

  @Test
  void aClientThatLeavesDuringTheMoveIsForgotten() {
    TestBroker two = TestBroker.withTwoLoops();
    TestClient client = two.accept();
    client.start(TestClient.capabilities(), "guest");
    client.expect(0, ConnectionMethod.Tune.class);
    client.send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 10));
    client.send(0, new ConnectionMethod.Open("/"));
    client.drop();
    two.run();
    assertThat(two.loop().timers()).isZero();
    assertThat(client.isClosed()).isTrue();
  }
}
