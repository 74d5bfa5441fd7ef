package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The life of a channel: open, flow, close from either side, and what is said on it at the wrong
 * time.
 */
class ChannelTest extends CompatTest {

  @Test
  void openOkHasAnEmptyLongString() throws Exception {
    RawConnection raw = openRaw();
    WireReader ok = raw.call(1, AmqpMethod.CHANNEL_OPEN, nothing(), AmqpMethod.CHANNEL_OPEN_OK);
    assertThat(ok.longstr()).isEmpty();
    assertThat(ok.remaining()).isZero();
  }

  @Test
  void numberCanBeUsedAgainAfterTheClientsClose() throws Exception {
    RawConnection raw = openRaw();
    for (int i = 0; i < 50; i++) {
      raw.openChannel(7);
      raw.call(7, AmqpMethod.CHANNEL_CLOSE, closing(), AmqpMethod.CHANNEL_CLOSE_OK);
    }
    raw.openChannel(7);
  }

  @Test
  void numberCanBeUsedAgainAfterTheBrokersClose() throws Exception {
    RawConnection raw = openRaw();
    for (int i = 0; i < 20; i++) {
      raw.openChannel(7);
      provokeNotFound(raw, 7);
      assertThat(raw.expectChannelClose(7)).isEqualTo(notFound());
    }
    raw.openChannel(7);
  }

  @Test
  void anyNumberWillDoAsLongAsNotTooManyAreOpen() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(65_535);
    raw.openChannel(2048);
    raw.openChannel(1);
  }

  @Test
  void channelMaxLimitsHowManyAreOpen() throws Exception {
    RawConnection raw = keep(RawConnection.open(Login.guest().withTuning(2, 131_072, 0)));
    raw.openChannel(10);
    raw.openChannel(20);
    raw.call(10, AmqpMethod.CHANNEL_CLOSE, closing(), AmqpMethod.CHANNEL_CLOSE_OK);
    raw.openChannel(30);
    raw.send(40, AmqpMethod.CHANNEL_OPEN, nothing());

    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(
                530,
                "NOT_ALLOWED - number of channels opened (2) has reached the negotiated"
                    + " channel_max (2)",
                AmqpMethod.NONE));
  }

  @Test
  void openingTwiceClosesTheConnection() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.send(1, AmqpMethod.CHANNEL_OPEN, nothing());

    assertThat(raw.expectConnectionClose())
        .isEqualTo(channelError("second 'channel.open' seen", AmqpMethod.CHANNEL_OPEN));
  }

  @Test
  void methodOnAChannelThatWasNeverOpenedClosesTheConnection() throws Exception {
    RawConnection raw = openRaw();
    raw.send(3, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(true));

    assertThat(raw.expectConnectionClose())
        .isEqualTo(channelError("expected 'channel.open'", AmqpMethod.CHANNEL_FLOW));
  }

  @Test
  void closingAChannelThatWasNeverOpenedClosesTheConnection() throws Exception {
    RawConnection raw = openRaw();
    raw.send(3, AmqpMethod.CHANNEL_CLOSE, closing());

    assertThat(raw.expectConnectionClose())
        .isEqualTo(channelError("expected 'channel.open'", AmqpMethod.CHANNEL_CLOSE));
  }

  @Test
  void methodOnAClosedChannelClosesTheConnection() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(3);
    raw.call(3, AmqpMethod.CHANNEL_CLOSE, closing(), AmqpMethod.CHANNEL_CLOSE_OK);
    raw.send(3, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(true));

    assertThat(raw.expectConnectionClose())
        .isEqualTo(channelError("expected 'channel.open'", AmqpMethod.CHANNEL_FLOW));
  }

  @Test
  void flowOnIsAnsweredAndFlowOffIsNotImplemented() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.expectNothingMore(1);
    raw.send(1, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(false));

    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(540, "NOT_IMPLEMENTED - active=false", AmqpMethod.CHANNEL_FLOW));
  }

  @Test
  void errorOnOneChannelLeavesTheOthersAlone() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.openChannel(2);
    provokeNotFound(raw, 1);

    assertThat(raw.expectChannelClose(1)).isEqualTo(notFound());
    raw.expectNothingMore(2);
  }

  @Test
  void afterTheBrokersCloseAllIsSwallowedUntilCloseOk() throws Exception {
    String existing = newQueue();
    String never = name("q");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    provokeNotFound(raw, 1);
    assertThat(Closing.read(raw.read())).isEqualTo(notFound());
    raw.send(1, AmqpMethod.QUEUE_DECLARE, Declare.queue(never));
    raw.publish(1, "", existing, "lost");
    raw.send(1, AmqpMethod.CHANNEL_CLOSE_OK);
    raw.openChannel(1);

    raw.expectNothingMore(1);
    assertThat(drain(existing)).isEmpty();
    assertMissing(never);
  }

  @Test
  void whatWasSentBeforeTheBrokersCloseWasReadIsSwallowedToo() throws Exception {
    String existing = newQueue();
    String never = name("q");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    provokeNotFound(raw, 1);
    raw.publish(1, "", existing, "lost");
    raw.send(1, AmqpMethod.QUEUE_DECLARE, Declare.queue(never));

    assertThat(raw.expectChannelClose(1)).isEqualTo(notFound());
    raw.openChannel(1);
    raw.expectNothingMore(1);
    assertThat(drain(existing)).isEmpty();
    assertMissing(never);
  }

  @Test
  void aCloseThatCrossesTheBrokersCloseIsAnswered() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    provokeNotFound(raw, 1);
    raw.send(1, AmqpMethod.CHANNEL_CLOSE, closing());

    assertThat(Closing.read(raw.read())).isEqualTo(notFound());
    raw.expect(1, AmqpMethod.CHANNEL_CLOSE_OK);
  }

  @Test
  void numberCanBeUsedAgainInTheSameBreathAsCloseOk() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    provokeNotFound(raw, 1);
    Frame close = raw.read();
    raw.send(1, AmqpMethod.CHANNEL_CLOSE_OK);
    raw.send(1, AmqpMethod.CHANNEL_OPEN, nothing());
    raw.send(1, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(true));

    assertThat(Closing.read(close)).isEqualTo(notFound());
    raw.expect(1, AmqpMethod.CHANNEL_OPEN_OK);
    raw.expect(1, AmqpMethod.CHANNEL_FLOW_OK);
  }

  @Test
  void replyTextIsCutTo255Octets() throws Exception {
    String missing = "m".repeat(255);
    String text = "NOT_FOUND - no queue '" + missing + "' in vhost '/'";
    assertChannelError(
        Closing.channel(404, text.substring(0, 252) + "...", AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclarePassive(missing));
  }

  private void assertMissing(String queue) throws Exception {
    String text = "NOT_FOUND - no queue '" + queue + "' in vhost '/'";
    assertChannelError(
        Closing.channel(404, text, AmqpMethod.QUEUE_DECLARE), ch -> ch.queueDeclarePassive(queue));
  }

  private static void provokeNotFound(RawConnection raw, int channel) throws IOException {
    WireWriter purge = new WireWriter().u16(0).shortstr("no-such-queue").bits(false);
    raw.send(channel, AmqpMethod.QUEUE_PURGE, purge);
  }

  private static Closing notFound() {
    String text = "NOT_FOUND - no queue 'no-such-queue' in vhost '/'";
    return Closing.channel(404, text, AmqpMethod.QUEUE_PURGE);
  }

  private static WireWriter nothing() {
    return new WireWriter().shortstr("");
  }

  private static WireWriter closing() {
    return new WireWriter().u16(200).shortstr("bye").u16(0).u16(0);
  }

  private static Closing channelError(String text, AmqpMethod method) {
    return Closing.connection(504, "CHANNEL_ERROR - " + text, method);
  }
}
