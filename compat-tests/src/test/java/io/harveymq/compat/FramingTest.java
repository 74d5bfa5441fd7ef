package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames that are legal though unusual, and frames that are not. */
class FramingTest extends CompatTest {
  private RawConnection raw;
  private String queue;

  @BeforeEach
  void openChannelWithConsumer() throws Exception {
    raw = openRaw();
    raw.openChannel(1);
    queue = name("q");
    raw.declareQueue(1, queue);
  }

  @Test
  void bodyMayBeCutAnywhereAndHaveEmptyFrames() throws Exception {
    raw.consume(1, queue, "c");
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(5));
    for (String part : new String[] {"a", "", "bc", "d", "", "e"}) {
      raw.sendFrame(Frame.BODY, 1, bytes(part));
    }

    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    assertThat(raw.expectContent(1).text()).isEqualTo("abcde");
  }

  @Test
  void octetsMayArriveOneByOne() throws Exception {
    raw.consume(1, queue, "c");
    WireWriter publish = new WireWriter().u16(60).u16(40).u16(0).shortstr("").shortstr(queue).u8(0);
    WireWriter all = frame(Frame.METHOD, publish.octets());
    all.raw(frame(Frame.HEADER, RawConnection.contentHeader(3)).octets());
    all.raw(frame(Frame.BODY, bytes("abc")).octets());
    for (byte octet : all.octets()) {
      raw.sendOctets(octet);
    }

    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    assertThat(raw.expectContent(1).text()).isEqualTo("abc");
  }

  @Test
  void contentsOfTwoChannelsMayInterleave() throws Exception {
    raw.openChannel(2);
    raw.sendPublish(1, "", queue, false);
    raw.sendPublish(2, "", queue, false);
    raw.sendFrame(Frame.HEADER, 2, RawConnection.contentHeader(3));
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(3));
    raw.sendFrame(Frame.BODY, 1, bytes("one"));
    raw.expectNothingMore(1);
    raw.sendFrame(Frame.BODY, 2, bytes("two"));
    raw.expectNothingMore(2);

    raw.consume(2, queue, "c");
    raw.expect(2, AmqpMethod.BASIC_DELIVER);
    assertThat(raw.expectContent(2).text()).isEqualTo("one");
    raw.expect(2, AmqpMethod.BASIC_DELIVER);
    assertThat(raw.expectContent(2).text()).isEqualTo("two");
  }

  @Test
  void payloadMayBeAsLargeAsTheWholeFrameShould() throws Exception {
    raw.consume(1, queue, "c");
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(131_072));
    raw.sendFrame(Frame.BODY, 1, new byte[131_072]);

    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    RawConnection.Content content = raw.expectContent(1);
    assertThat(content.body()).hasSize(131_072);
    assertThat(content.largestFrame()).isEqualTo(131_064);
  }

  @Test
  void largerFrameIsAFrameErrorBeforeItsPayloadArrives() throws Exception {
    raw.sendOctets(new WireWriter().u8(Frame.BODY).u16(1).u32(131_073).octets());

    assertThat(closing())
        .isEqualTo(frameError("type 3, all octets = <<>>: {frame_too_large,131073,131064}"));
  }

  @Test
  void wrongFrameEndIsAFrameError() throws Exception {
    WireWriter frame = new WireWriter().u8(Frame.METHOD).u16(1);
    raw.sendOctets(frame.longstr(new byte[] {0, 20, 0, 10, 0}).u8(0xCD).octets());

    assertThat(closing())
        .isEqualTo(
            frameError("type 1, all octets = <<0,20,0,10,0>>: {invalid_frame_end_marker,205}"));
  }

  @Test
  void wrongFrameEndAfterALongPayloadShowsItsFirstSixteenOctets() throws Exception {
    WireWriter frame = new WireWriter().u8(Frame.BODY).u16(1);
    raw.sendOctets(frame.longstr("a".repeat(17)).u8(0).octets());

    assertThat(closing())
        .isEqualTo(
            frameError(
                "type 3, first 16 octets = <<\"aaaaaaaaaaaaaaaa\">>:"
                    + " {invalid_frame_end_marker,0}"));
  }

  @Test
  void unknownFrameTypeIsAFrameError() throws Exception {
    raw.sendFrame(5, 1, new byte[] {1, 2});

    assertThat(closing()).isEqualTo(frameError("type 5, all octets = <<1,2>>: unknown_frame"));
  }

  @Test
  void unknownMethodClosesTheConnection() throws Exception {
    raw.sendFrame(Frame.METHOD, 1, new byte[] {0, 60, 0, 99});

    if (Target.current().explainsUnknownMethods()) {
      assertThat(closing().code()).isIn(501, 503, 540);
    } else {
      raw.expectEnd();
    }
  }

  @Test
  void methodThatOnlyABrokerSendsIsACommandInvalid() throws Exception {
    raw.send(1, AmqpMethod.QUEUE_DELETE_OK, new WireWriter().u32(0));

    assertThat(closing())
        .isEqualTo(
            Closing.connection(
                503, "COMMAND_INVALID - unimplemented method", AmqpMethod.QUEUE_DELETE_OK));
  }

  @Test
  void methodWithoutItsArgumentsClosesTheConnection() throws Exception {
    raw.sendFrame(Frame.METHOD, 1, new byte[] {0, 50, 0, 10, 0});

    assertThat(closing())
        .isEqualTo(
            Closing.connection(501, "FRAME_ERROR - cannot decode <<0>>", AmqpMethod.QUEUE_DECLARE));
  }

  @Test
  void contentHeaderWithoutAPublishIsUnexpected() throws Exception {
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(0));

    assertThat(closing())
        .isEqualTo(
            unexpected("expected method frame, got non method frame instead", AmqpMethod.NONE));
  }

  @Test
  void bodyWithoutAPublishIsUnexpected() throws Exception {
    raw.sendFrame(Frame.BODY, 1, bytes("a"));

    assertThat(closing())
        .isEqualTo(
            unexpected("expected method frame, got non method frame instead", AmqpMethod.NONE));
  }

  @Test
  void methodInsteadOfTheContentHeaderIsUnexpected() throws Exception {
    raw.sendPublish(1, "", queue, false);
    raw.send(1, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(true));

    assertThat(closing())
        .isEqualTo(
            unexpected(
                "expected content header for class 60, got non content header frame instead",
                AmqpMethod.BASIC_PUBLISH));
  }

  @Test
  void contentHeaderOfAnotherClassIsUnexpected() throws Exception {
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, new WireWriter().u16(50).u16(0).u64(0).u16(0).octets());

    assertThat(closing())
        .isEqualTo(
            unexpected(
                "expected content header for class 60, got one for class 50 instead",
                AmqpMethod.BASIC_PUBLISH));
  }

  @Test
  void methodInsteadOfTheBodyIsUnexpected() throws Exception {
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(3));
    raw.send(1, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(true));

    assertThat(closing())
        .isEqualTo(
            unexpected(
                "expected content body, got non content body frame instead",
                AmqpMethod.BASIC_PUBLISH));
  }

  @Test
  void moreBodyThanAnnouncedIsAFrameError() throws Exception {
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(3));
    raw.sendFrame(Frame.BODY, 1, bytes("abcd"));
    raw.send(1, AmqpMethod.CHANNEL_FLOW, new WireWriter().bits(true));

    assertThat(closing()).isEqualTo(Target.current().tooMuchBody());
  }

  @Test
  void propertiesInASecondWordOfFlagsCloseTheConnection() throws Exception {
    raw.sendPublish(1, "", queue, false);
    WireWriter header = new WireWriter().u16(60).u16(0).u64(0).u16(0x8001).u16(0).shortstr("text");
    raw.sendFrame(Frame.HEADER, 1, header.octets());

    assertThat(closing().code()).isEqualTo(541);
  }

  private Closing closing() throws Exception {
    return Closing.read(raw.read());
  }

  private static WireWriter frame(int type, byte[] payload) {
    return new WireWriter().u8(type).u16(1).longstr(payload).u8(Frame.END);
  }

  private static Closing frameError(String text) {
    return Closing.connection(501, "FRAME_ERROR - " + text, AmqpMethod.NONE);
  }

  private static Closing unexpected(String text, AmqpMethod method) {
    return Closing.connection(505, "UNEXPECTED_FRAME - " + text, method);
  }
}
