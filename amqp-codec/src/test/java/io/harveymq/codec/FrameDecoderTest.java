package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  private static final int FRAME_MAX = 4_096;
  private static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  /** Writes down what it is told. */
  private static final class Recorder implements FrameDecoder.Handler {
    final List<String> events = new ArrayList<>();
    FrameDecoder stopAfterEach;
    boolean readNothing;

    @Override
    public void onProtocolHeader(long header) {
      events.add("header " + Long.toHexString(header));
    }

    @Override
    public void onFrame(int type, int channel, ByteBuf payload, int length) {
      byte[] bytes = ByteBufUtil.getBytes(payload, payload.readerIndex(), length);
      events.add(type + " " + channel + " " + ByteBufUtil.hexDump(bytes));
      if (!readNothing) {
        payload.skipBytes(length);
      }
      if (stopAfterEach != null) {
        stopAfterEach.stop();
      }
    }
  }

  private final Recorder recorder = new Recorder();
  private final FrameDecoder decoder = new FrameDecoder(recorder, FRAME_MAX);

  private static ByteBuf frame(int type, int channel, byte[] payload, int end) {
    return Unpooled.buffer()
        .writeByte(type)
        .writeShort(channel)
        .writeInt(payload.length)
        .writeBytes(payload)
        .writeByte(end);
  }

  private static byte[] conversation() {
    ByteBuf all = Unpooled.buffer().writeBytes(PROTOCOL_HEADER);
    all.writeBytes(frame(1, 0, new byte[] {0, 10, 0, 11}, 0xCE));
    all.writeBytes(frame(8, 0, new byte[0], 0xCE));
    all.writeBytes(frame(3, 65_535, new byte[] {(byte) 0xCE, 1, (byte) 0xCE}, 0xCE));
    all.writeBytes(frame(77, 256, new byte[] {9}, 0xCE));
    all.writeBytes(frame(2, 1, new byte[40], 0xCE));
    return ByteBufUtil.getBytes(all);
  }

  private static List<String> expected() {
    return List.of(
        "header 414d515000000901",
        "1 0 000a000b",
        "8 0 ",
        "3 65535 ce01ce",
        "77 256 09",
        "2 1 " + "00".repeat(40));
  }

  private void decode(byte[] bytes, int from, int to) {
    decoder.decode(Unpooled.wrappedBuffer(bytes).slice(from, to - from));
  }

  @Test
  void everySplitGivesTheSameFrames() {
    byte[] bytes = conversation();
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        Recorder one = new Recorder();
        FrameDecoder split = new FrameDecoder(one, FRAME_MAX);
        ByteBuf all = Unpooled.wrappedBuffer(bytes);
        split.decode(all.slice(0, first));
        split.decode(all.slice(first, second - first));
        split.decode(all.slice(second, bytes.length - second));
        assertThat(one.events).as("split at %d and %d", first, second).isEqualTo(expected());
        assertThat(split.buffered()).isZero();
      }
    }
  }

  @Test
  void bytesMayComeOneAtATime() {
    byte[] bytes = conversation();
    for (int i = 0; i < bytes.length; i++) {
      decode(bytes, i, i + 1);
    }
    assertThat(recorder.events).isEqualTo(expected());
    assertThat(decoder.buffered()).isZero();
  }

  @Test
  void aHandlerThatLeavesThePayloadUnreadLosesNothing() {
    recorder.readNothing = true;
    byte[] bytes = conversation();
    decode(bytes, 0, 20);
    decode(bytes, 20, bytes.length);
    assertThat(recorder.events).isEqualTo(expected());
  }

  @Test
  void stopsBeforeTheNextFrameWhenToldTo() {
    recorder.stopAfterEach = decoder;
    ByteBuf in = Unpooled.wrappedBuffer(conversation());
    decoder.decode(in);
    assertThat(recorder.events).hasSize(2);
    assertThat(in.readableBytes()).isPositive();
    for (int size = 3; size <= 6; size++) {
      decoder.decode(in);
      assertThat(recorder.events).hasSize(size);
    }
    assertThat(in.isReadable()).isFalse();
    assertThat(recorder.events).isEqualTo(expected());
  }

  @Test
  void aFrameThatWasCompletedFromTwoBurstsCanStopToo() {
    recorder.stopAfterEach = decoder;
    byte[] bytes = conversation();
    decode(bytes, 0, 12);
    ByteBuf rest = Unpooled.wrappedBuffer(bytes).slice(12, bytes.length - 12);
    decoder.decode(rest);
    assertThat(recorder.events).hasSize(2);
    decoder.decode(rest);
    assertThat(recorder.events).hasSize(3);
  }

  @Test
  void keepsNoMoreThanWhatArrived() {
    decode(PROTOCOL_HEADER, 0, 8);
    byte[] start = ByteBufUtil.getBytes(frame(3, 1, new byte[4_000], 0xCE));
    for (int i = 0; i < start.length - 1; i++) {
      decode(start, i, i + 1);
      assertThat(decoder.buffered()).isEqualTo(i + 1);
    }
    decode(start, start.length - 1, start.length);
    assertThat(decoder.buffered()).isZero();
  }

  @Test
  void theBytesGivenMayBeReusedAfterwards() {
    byte[] shared = conversation();
    byte[] copy = shared.clone();
    decode(shared, 0, 17);
    java.util.Arrays.fill(shared, (byte) 0x55);
    decode(copy, 17, copy.length);
    assertThat(recorder.events).isEqualTo(expected());
  }

  @Test
  void passesOnWhateverTheFirstEightBytesAre() {
    decode("GET / HTTP".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 10);
    assertThat(recorder.events).containsExactly("header 474554202f204854");
    assertThat(decoder.buffered()).isEqualTo(2);
  }

  @Test
  void refusesAFrameWithoutItsEndMark() {
    decode(PROTOCOL_HEADER, 0, 8);
    byte[] bad = ByteBufUtil.getBytes(frame(1, 1, new byte[] {0, 20, 0, 10}, 0xCD));
    assertThatThrownBy(() -> decode(bad, 0, bad.length))
        .isInstanceOf(ConnectionException.class)
        .hasMessage(
            "FRAME_ERROR - type 1, all octets = <<0,20,0,10>>: {invalid_frame_end_marker,205}");
    assertThat(recorder.events).hasSize(1);
  }

  @Test
  void refusesABadEndMarkThatComesInABurstOfItsOwn() {
    decode(PROTOCOL_HEADER, 0, 8);
    byte[] bad = ByteBufUtil.getBytes(frame(1, 1, new byte[] {0, 20, 0, 10}, 0));
    decode(bad, 0, bad.length - 1);
    assertThatThrownBy(() -> decode(bad, bad.length - 1, bad.length))
        .hasMessageContaining("invalid_frame_end_marker,0");
  }

  @Test
  void takesAPayloadAsLargeAsFrameMaxAndRefusesOneByteMoreAtOnce() {
    decode(PROTOCOL_HEADER, 0, 8);
    byte[] largest = ByteBufUtil.getBytes(frame(3, 1, new byte[FRAME_MAX], 0xCE));
    decode(largest, 0, largest.length);
    assertThat(recorder.events).hasSize(2);

    byte[] tooLarge = ByteBufUtil.getBytes(frame(3, 1, new byte[FRAME_MAX + 1], 0xCE));
    decode(tooLarge, 0, 6);
    assertThatThrownBy(() -> decode(tooLarge, 6, 7))
        .isInstanceOf(ConnectionException.class)
        .hasMessage("FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,4097,4088}");
  }

  @Test
  void refusesASizeWithTheHighestBitSetWithAndWithoutALimit() {
    byte[] huge = {3, 0, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
    decode(PROTOCOL_HEADER, 0, 8);
    assertThatThrownBy(() -> decode(huge, 0, 7)).hasMessageContaining("frame_too_large,4294967295");

    FrameDecoder unlimited = new FrameDecoder(recorder, 0);
    unlimited.decode(Unpooled.wrappedBuffer(PROTOCOL_HEADER));
    assertThatThrownBy(() -> unlimited.decode(Unpooled.wrappedBuffer(huge)))
        .isInstanceOf(ConnectionException.class);
  }

  @Test
  void withoutALimitLargeFramesPass() {
    decoder.frameMax(0);
    decode(PROTOCOL_HEADER, 0, 8);
    byte[] large = ByteBufUtil.getBytes(frame(3, 1, new byte[1_000_000], 0xCE));
    decode(large, 0, 500_000);
    decode(large, 500_000, large.length);
    assertThat(recorder.events).hasSize(2);
  }

  @Test
  void randomConversationsInRandomBurstsGiveTheSameFrames() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      ByteBuf all = Unpooled.buffer().writeBytes(PROTOCOL_HEADER);
      List<String> sent = new ArrayList<>(List.of("header 414d515000000901"));
      for (int i = random.nextInt(20); i >= 0; i--) {
        byte[] payload = new byte[random.nextInt(3) == 0 ? random.nextInt(4_000) : 3];
        random.nextBytes(payload);
        int type = random.nextInt(256);
        int channel = random.nextInt(65_536);
        all.writeBytes(frame(type, channel, payload, 0xCE));
        sent.add(type + " " + channel + " " + ByteBufUtil.hexDump(payload));
      }
      Recorder got = new Recorder();
      FrameDecoder split = new FrameDecoder(got, FRAME_MAX);
      while (all.isReadable()) {
        int burst =
            Math.min(all.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 9 : 3_000));
        split.decode(all.readSlice(burst));
      }
      assertThat(got.events).isEqualTo(sent);
    }
  }

  @Test
  void knowsWhatEachTypeNeeds() {
    ByteBuf four = Unpooled.wrappedBuffer(new byte[] {0, 10, 0, 11});
    FrameDecoder.checkType(FrameDecoder.METHOD, four, 4);
    FrameDecoder.checkType(FrameDecoder.HEADER, four, 4);
    FrameDecoder.checkType(FrameDecoder.BODY, four, 0);
    FrameDecoder.checkType(FrameDecoder.HEARTBEAT, four, 0);
    assertThatThrownBy(() -> FrameDecoder.checkType(FrameDecoder.METHOD, four, 3))
        .hasMessage("FRAME_ERROR - type 1, all octets = <<0,10,0>>: unknown_frame");
    assertThatThrownBy(() -> FrameDecoder.checkType(FrameDecoder.HEARTBEAT, four, 1))
        .hasMessageContaining("unknown_frame");
    assertThatThrownBy(() -> FrameDecoder.checkType(77, four, 4))
        .hasMessage("FRAME_ERROR - type 77, all octets = <<0,10,0,11>>: unknown_frame");
  }
}
