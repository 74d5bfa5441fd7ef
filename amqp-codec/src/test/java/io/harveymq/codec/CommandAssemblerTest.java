package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandAssemblerTest {
  private static final int MAX_BODY = 100_000;
  private static final BasicMethod.Publish PUBLISH =
      new BasicMethod.Publish("x", "key", false, false);

  private record Command(Method method, byte[] properties, byte[] body, long bodySize) {}

  /** Writes down what it is told, and what it is told to count. */
  private static final class Recorder implements CommandAssembler.Handler {
    final List<Command> commands = new ArrayList<>();
    long buffered;
    long mostBuffered;

    @Override
    public void onMethod(Method method) {
      commands.add(new Command(method, null, null, -1));
    }

    @Override
    public void onContent(Method method, byte[] properties, byte[] body, long bodySize) {
      commands.add(new Command(method, properties, body, bodySize));
    }

    @Override
    public void onBuffered(int bytes) {
      buffered += bytes;
      mostBuffered = Math.max(mostBuffered, buffered);
      assertThat(buffered).isNotNegative();
    }
  }

  private final Recorder recorder = new Recorder();
  private final CommandAssembler assembler = new CommandAssembler(MAX_BODY);

  private void method(Method method) {
    ByteBuf out = Unpooled.buffer();
    MethodWriter.write(method, out);
    frame(FrameDecoder.METHOD, out);
  }

  private void header(int classId, long bodySize, BasicProperties properties) {
    frame(
        FrameDecoder.HEADER,
        Unpooled.buffer()
            .writeShort(classId)
            .writeShort(0)
            .writeLong(bodySize)
            .writeBytes(properties.encoded()));
  }

  private void header(long bodySize) {
    header(60, bodySize, BasicProperties.EMPTY);
  }

  private void body(byte[] bytes) {
    frame(FrameDecoder.BODY, Unpooled.copiedBuffer(bytes));
  }

  /** Gives the payload from the middle of a larger array, as a decoder does. */
  private void frame(int type, ByteBuf payload) {
    int length = payload.readableBytes();
    ByteBuf around = Unpooled.buffer().writeZero(5).writeBytes(payload).writeZero(5);
    around.readerIndex(5);
    assembler.onFrame(type, around, length, recorder);
  }

  private Command last() {
    return recorder.commands.get(recorder.commands.size() - 1);
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aMethodWithoutContentIsACommand() {
    method(new ChannelMethod.Open());
    method(new BasicMethod.Ack(7, true));
    assertThat(recorder.commands.stream().map(Command::method))
        .containsExactly(new ChannelMethod.Open(), new BasicMethod.Ack(7, true));
  }

  @Test
  void bodiesSplitAnywhereArriveWhole() {
    byte[] body = bytes(40, 1);
    for (int first = 0; first <= 40; first++) {
      for (int second = first; second <= 40; second++) {
        method(PUBLISH);
        header(40);
        body(Arrays.copyOfRange(body, 0, first));
        if (first < 40) {
          body(Arrays.copyOfRange(body, first, second));
        }
        if (second < 40 && first < 40) {
          body(Arrays.copyOfRange(body, second, 40));
        }
        assertThat(last().body).isEqualTo(body);
        assertThat(last().bodySize).isEqualTo(40);
        assertThat(recorder.buffered).isZero();
      }
    }
  }

  @Test
  void aBodyInOneFrameIsCopiedOnceAndNotCountedAsUnfinished() {
    method(PUBLISH);
    header(5_000);
    byte[] body = bytes(5_000, 2);
    body(body);
    assertThat(last().body).isEqualTo(body).isNotSameAs(body);
    assertThat(recorder.mostBuffered).isZero();
  }

  @Test
  void largePropertiesCountWhileTheBodyIsMissingAndAreNotRemembered() {
    BasicProperties large = BasicProperties.builder().correlationId("c".repeat(250)).build();
    FieldTable headers = FieldTable.builder().put("h", "x".repeat(5_000)).build();
    BasicProperties larger = large.toBuilder().headers(headers).build();
    method(PUBLISH);
    header(60, 3, larger);
    assertThat(recorder.buffered).isEqualTo(larger.encoded().length);
    body(new byte[3]);
    assertThat(recorder.buffered).isZero();
    byte[] first = last().properties;
    method(PUBLISH);
    header(60, 0, larger);
    assertThat(last().properties).isEqualTo(first).isNotSameAs(first);

    method(PUBLISH);
    header(60, 3, large);
    assertThat(recorder.buffered).isZero();
    body(new byte[3]);
    byte[] small = last().properties;
    method(PUBLISH);
    header(60, 0, large);
    assertThat(last().properties).isSameAs(small);
  }

  @Test
  void aBodyOfManyFramesKeepsLittleMoreThanWhatArrived() {
    method(PUBLISH);
    header(MAX_BODY);
    byte[] body = bytes(MAX_BODY, 3);
    for (int at = 0; at < MAX_BODY; at += 1_000) {
      body(Arrays.copyOfRange(body, at, at + 1_000));
      assertThat(recorder.buffered).isLessThanOrEqualTo(2L * (at + 1_000));
    }
    assertThat(last().body).isEqualTo(body);
    assertThat(recorder.buffered).isZero();
  }

  @Test
  void emptyBodyFramesAreTaken() {
    method(PUBLISH);
    header(6);
    body(new byte[0]);
    body(new byte[] {1, 2, 3});
    body(new byte[0]);
    body(new byte[] {4, 5, 6});
    assertThat(last().body).containsExactly(1, 2, 3, 4, 5, 6);
    method(PUBLISH);
    header(2);
    body(new byte[0]);
    body(new byte[] {1, 2});
    assertThat(last().body).containsExactly(1, 2);
    method(PUBLISH);
    header(4);
    body(new byte[] {1, 2});
    body(new byte[] {3, 4});
    assertThat(last().body).containsExactly(1, 2, 3, 4);
    assertThat(recorder.buffered).isZero();
  }

  @Test
  void anEmptyBodyNeedsNoBodyFrame() {
    method(PUBLISH);
    header(0);
    assertThat(last().body).isEmpty();
    assertThatThrownBy(() -> body(new byte[0])).isInstanceOf(ConnectionException.class);
  }

  @Test
  void anOversizedBodyIsCountedAndNotKept() {
    method(PUBLISH);
    header(MAX_BODY + 2_000L);
    for (int i = 0; i < 102; i++) {
      assertThat(recorder.commands).isEmpty();
      body(new byte[1_000]);
    }
    assertThat(last().body).isNull();
    assertThat(last().bodySize).isEqualTo(MAX_BODY + 2_000);
    assertThat(recorder.mostBuffered).isZero();

    method(PUBLISH);
    header(-1);
    body(new byte[1_000]);
    assertThat(recorder.commands).hasSize(1);
    assertThat(recorder.mostBuffered).isZero();
  }

  @Test
  void aBodyAsLargeAsAllowedIsKept() {
    method(PUBLISH);
    header(MAX_BODY);
    body(new byte[MAX_BODY]);
    assertThat(last().body).hasSize(MAX_BODY);
  }

  @Test
  void framesOutOfOrderAreRefused() {
    assertRefused(505, "expected method frame, got non method frame instead", () -> header(0));
    assertRefused(
        505, "expected method frame, got non method frame instead", () -> body(new byte[1]));
    method(PUBLISH);
    assertRefused(
        505,
        "expected content header for class 60, got non content header frame instead",
        () -> body(new byte[1]));
    assertRefused(
        505,
        "expected content header for class 60, got non content header frame instead",
        () -> method(PUBLISH));
    assertRefused(
        505,
        "expected content header for class 60, got one for class 50 instead",
        () -> header(50, 1, BasicProperties.EMPTY));
    header(10);
    assertRefused(
        505, "expected content body, got non content body frame instead", () -> header(10));
    assertRefused(
        505, "expected content body, got non content body frame instead", () -> method(PUBLISH));
  }

  @Test
  void aBodyLongerThanAnnouncedIsRefused() {
    method(PUBLISH);
    header(10);
    body(new byte[6]);
    assertRefused(
        501, "content body frame exceeds remaining content size", () -> body(new byte[5]));
    body(new byte[4]);
    assertThat(last().body).hasSize(10);
  }

  @Test
  void aHeaderTooShortForItsFixedPartIsRefused() {
    method(PUBLISH);
    assertThatThrownBy(
            () -> frame(FrameDecoder.HEADER, Unpooled.buffer().writeShort(60).writeLong(0)))
        .hasMessageContaining("FRAME_ERROR - type 2");
  }

  private static void assertRefused(
      int code, String text, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConnectionException.class,
            refusal -> {
              assertThat(refusal.replyCode().code()).isEqualTo(code);
              assertThat(refusal.replyText()).endsWith(" - " + text);
            });
  }

  @Test
  void equalPublishesInARowGiveTheSameObject() {
    publish(PUBLISH);
    Method first = last().method;
    publish(PUBLISH);
    assertThat(last().method).isSameAs(first);

    BasicMethod.Publish other = new BasicMethod.Publish("x", "kez", false, false);
    publish(other);
    assertThat(last().method).isEqualTo(other);
    publish(PUBLISH);
    assertThat(last().method).isEqualTo(PUBLISH);
    publish(new BasicMethod.Publish("x", "key", true, false));
    assertThat(last().method).isEqualTo(new BasicMethod.Publish("x", "key", true, false));
  }

  private void publish(BasicMethod.Publish publish) {
    method(publish);
    header(0);
  }

  @Test
  void aMalformedPublishIsNotRememberedAsTheLastOne() {
    publish(PUBLISH);
    ByteBuf malformed = Unpooled.buffer().writeShort(60).writeShort(40).writeShort(0).writeByte(9);
    for (int i = 0; i < 2; i++) {
      ByteBuf again = malformed.duplicate();
      assertThatThrownBy(() -> frame(FrameDecoder.METHOD, again)).isInstanceOf(AmqpException.class);
    }
    publish(PUBLISH);
    assertThat(last().method).isEqualTo(PUBLISH);
  }

  @Test
  void propertiesAreThoseOfTheirMessage() {
    for (int i = 0; i < 20; i++) {
      BasicProperties properties =
          BasicProperties.builder().messageId("id" + i / 2).priority(i % 3).build();
      method(PUBLISH);
      header(60, 0, properties);
      assertThat(last().properties).isEqualTo(properties.encoded());
    }
  }

  @Test
  void malformedPropertiesAreRefusedEachTime() {
    for (int i = 0; i < 2; i++) {
      assembler.reset(recorder);
      method(PUBLISH);
      ByteBuf header =
          Unpooled.buffer()
              .writeShort(60)
              .writeShort(0)
              .writeLong(0)
              .writeShort(0x8000)
              .writeByte(9);
      assertThatThrownBy(() -> frame(FrameDecoder.HEADER, header))
          .isInstanceOfSatisfying(
              ConnectionException.class,
              refusal -> assertThat(refusal.replyCode().code()).isEqualTo(541));
    }
  }

  @Test
  void givingUpAnUnfinishedCommandCountsItsBytesBack() {
    method(PUBLISH);
    header(10_000);
    body(new byte[3_000]);
    assertThat(recorder.buffered).isGreaterThanOrEqualTo(3_000);
    assembler.reset(recorder);
    assertThat(recorder.buffered).isZero();
    method(new ChannelMethod.Open());
    assertThat(last().method).isEqualTo(new ChannelMethod.Open());
    publish(PUBLISH);
    assertThat(last().body).isEmpty();
  }
}
