package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Methods and frames at a moment of the connection's life when they do not belong there. */
class HandshakeOrderTest extends CompatTest {

  @Test
  void startOkOnAnOpenConnectionIsOutOfOrder() throws Exception {
    RawConnection raw = openRaw();
    raw.send(0, AmqpMethod.CONNECTION_START_OK, Login.guest().startOk());

    assertThat(raw.expectConnectionClose())
        .isEqualTo(outOfOrder("running", AmqpMethod.CONNECTION_START_OK));
  }

  @Test
  void openTwiceIsOutOfOrder() throws Exception {
    RawConnection raw = openRaw();
    raw.send(0, AmqpMethod.CONNECTION_OPEN, Login.guest().open());

    assertThat(raw.expectConnectionClose())
        .isEqualTo(outOfOrder("running", AmqpMethod.CONNECTION_OPEN));
  }

  @Test
  void channelMethodOnChannelZeroIsOutOfOrder() throws Exception {
    RawConnection raw = openRaw();
    raw.send(0, AmqpMethod.CHANNEL_OPEN, new WireWriter().shortstr(""));

    assertThat(raw.expectConnectionClose())
        .isEqualTo(outOfOrder("running", AmqpMethod.CHANNEL_OPEN));
  }

  @Test
  void contentOnChannelZeroIsUnexpected() throws Exception {
    RawConnection raw = openRaw();
    raw.sendFrame(Frame.HEADER, 0, RawConnection.contentHeader(0));

    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(
                505,
                "UNEXPECTED_FRAME - type 2, all octets = <<0,60,0,0,0,0,0,0,0,0,0,0,0,0>>",
                AmqpMethod.NONE));
  }

  @Test
  void heartbeatsDuringTheHandshakeAreTaken() throws Exception {
    RawConnection raw = started();
    raw.sendFrame(Frame.HEARTBEAT, 0, new byte[0]);
    raw.send(0, AmqpMethod.CONNECTION_START_OK, Login.guest().startOk());
    raw.expect(0, AmqpMethod.CONNECTION_TUNE);
  }

  @Test
  void closeIsAnsweredOnAnOpenConnection() throws Exception {
    RawConnection raw = openRaw();
    raw.call(0, AmqpMethod.CONNECTION_CLOSE, closing(), AmqpMethod.CONNECTION_CLOSE_OK);
  }

  @Test
  void whatFollowsTheClientsCloseIsIgnored() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.send(0, AmqpMethod.CONNECTION_CLOSE, closing());
    raw.send(1, AmqpMethod.QUEUE_DECLARE, Declare.queue(queue));

    raw.expect(0, AmqpMethod.CONNECTION_CLOSE_OK);
    assertChannelError(
        Closing.channel(
            404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclarePassive(queue));
  }

  @Test
  void afterTheBrokersCloseOnlyCloseOkCounts() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.send(1, AmqpMethod.CHANNEL_OPEN, new WireWriter().shortstr(""));
    Frame close = raw.read();
    assertThat(Closing.read(close))
        .isEqualTo(
            Closing.connection(
                504, "CHANNEL_ERROR - second 'channel.open' seen", AmqpMethod.CHANNEL_OPEN));
    raw.send(2, AmqpMethod.CHANNEL_OPEN, new WireWriter().shortstr(""));
    raw.send(1, AmqpMethod.QUEUE_DECLARE, Declare.queue(queue));
    raw.send(0, AmqpMethod.CONNECTION_CLOSE_OK);

    raw.expectEnd();
    assertChannelError(
        Closing.channel(
            404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclarePassive(queue));
  }

  @Test
  void aCloseThatCrossesTheBrokersCloseIsAnswered() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.send(1, AmqpMethod.CHANNEL_OPEN, new WireWriter().shortstr(""));
    raw.expect(0, AmqpMethod.CONNECTION_CLOSE);
    raw.call(0, AmqpMethod.CONNECTION_CLOSE, closing(), AmqpMethod.CONNECTION_CLOSE_OK);
  }

  @Test
  void aNewSecretIsTakenOnAnOpenConnection() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter secret = new WireWriter().longstr("new secret").shortstr("the old one ends soon");
    raw.call(
        0, AmqpMethod.CONNECTION_UPDATE_SECRET, secret, AmqpMethod.CONNECTION_UPDATE_SECRET_OK);
    raw.expectNothingMore(1);
  }

  @Test
  void accessIsGrantedWithTheFirstTicketToWhoAsks() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter request = new WireWriter().shortstr("/data").bits(false, true, true, true, true);
    WireReader ok = raw.call(1, AmqpMethod.ACCESS_REQUEST, request, AmqpMethod.ACCESS_REQUEST_OK);
    assertThat(ok.u16()).as("ticket").isEqualTo(1);
    assertThat(ok.remaining()).isZero();
  }

  private static WireWriter closing() {
    return new WireWriter().u16(200).shortstr("bye").u16(0).u16(0);
  }

  private RawConnection started() throws IOException {
    RawConnection raw = connectRaw();
    raw.sendProtocolHeader();
    raw.expect(0, AmqpMethod.CONNECTION_START);
    return raw;
  }

  private static Closing outOfOrder(String state, AmqpMethod method) {
    String text = "CHANNEL_ERROR - unexpected method in connection state " + state;
    return Closing.connection(504, text, method);
  }
}
