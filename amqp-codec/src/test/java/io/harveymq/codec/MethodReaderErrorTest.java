package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodReaderErrorTest {
  static List<MethodPairs.Pair> pairs() {
    return MethodPairs.all();
  }

  private static byte[] bytes(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return bytes;
  }

  private static ConnectionException failure(int... payload) {
    return failure(Unpooled.wrappedBuffer(bytes(payload)), payload.length);
  }

  private static ConnectionException failure(ByteBuf in, int length) {
    return catchThrowableOfType(ConnectionException.class, () -> MethodReader.read(in, length));
  }

  @Test
  void anUnknownClassOrMethodIsUnimplemented() {
    assertThat(failure(0, 99, 0, 1)).hasMessage("COMMAND_INVALID - unimplemented method");
    for (int classId : new int[] {10, 20, 30, 40, 50, 60, 85, 90}) {
      assertThat(failure(0, classId, 0, 99, 1, 2))
          .hasMessage("COMMAND_INVALID - unimplemented method");
    }
  }

  @Test
  void aPayloadTooShortForTheIdsIsAnUnknownFrame() {
    assertThat(failure()).hasMessage("FRAME_ERROR - type 1, all octets = <<>>: unknown_frame");
    assertThat(failure(0, 60, 0))
        .hasMessage("FRAME_ERROR - type 1, all octets = <<0,60,0>>: unknown_frame");
    assertThat(failure('a', 'b', 'c'))
        .hasMessage("FRAME_ERROR - type 1, all octets = <<\"abc\">>: unknown_frame");
  }

  @Test
  void argumentsCutShortCannotBeDecoded() {
    assertThat(failure(0, 60, 0, 40)).hasMessage("FRAME_ERROR - cannot decode <<>>");
    assertThat(failure(0, 60, 0, 40, 0, 0, 0)).hasMessage("FRAME_ERROR - cannot decode <<0,0,0>>");
    assertThat(failure(0, 60, 0, 40, 'a', 'b')).hasMessage("FRAME_ERROR - cannot decode <<97,98>>");
  }

  @Test
  void octetsAfterTheArgumentsCannotBeDecoded() {
    assertThat(failure(0, 90, 0, 10, 'x')).hasMessage("FRAME_ERROR - cannot decode <<120>>");
    assertThat(failure(0, 60, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'))
        .hasMessage("FRAME_ERROR - cannot decode <<0,0,0,0,0,0,0,0,0,120>>");
  }

  @Test
  void manyOctetsAreCutToAReplyText() {
    int[] payload = new int[304];
    Arrays.fill(payload, 255);
    payload[0] = 0;
    payload[1] = 60;
    payload[2] = 0;
    payload[3] = 80;
    assertThat(failure(payload).replyText())
        .startsWith("FRAME_ERROR - cannot decode <<255,255,")
        .endsWith("...")
        .hasSize(255);
  }

  @Test
  void aTableLongerThanThePayloadCannotBeDecoded() {
    assertThat(failure(0, 50, 0, 10, 0, 0, 2, 'q', '1', 8, 128, 0, 0, 0))
        .hasMessage("FRAME_ERROR - cannot decode <<0,0,2,113,49,8,128,0,0,0>>");
    assertThat(failure(0, 50, 0, 10, 0, 0, 2, 'q', '1', 8, 0, 0, 0, 1))
        .hasMessage("FRAME_ERROR - cannot decode <<0,0,2,113,49,8,0,0,0,1>>");
  }

  @Test
  void anUnknownTypeTagIsAFrameError() {
    ConnectionException e = failure(0, 50, 0, 10, 0, 0, 1, 'q', 8, 0, 0, 0, 4, 1, 'k', 'Z', 1);
    assertThat(e).hasMessage("FRAME_ERROR - malformed field table: type tag 90");
    assertThat(e.replyCode()).isEqualTo(ReplyCode.FRAME_ERROR);
  }

  @Test
  void aShortStringThatIsNotUtf8IsAFrameError() {
    assertThat(failure(0, 60, 0, 40, 0, 0, 0, 2, 255, 254, 0))
        .hasMessage("FRAME_ERROR - Malformed UTF-8 in shortstr");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyMethodCutAnywhereIsAConnectionErrorWhateverFollows(MethodPairs.Pair pair) {
    ByteBuf whole = Unpooled.buffer();
    MethodWriter.write(pair.ours(), whole);
    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf atTheEnd = Unpooled.copiedBuffer(whole.slice(0, length));
      assertThat(failure(atTheEnd, length)).isNotNull();
      ByteBuf beforeMore = Unpooled.copiedBuffer(whole);
      assertThat(failure(beforeMore, length))
          .isNotNull()
          .hasMessage(failure(Unpooled.copiedBuffer(whole.slice(0, length)), length).getMessage());
    }
  }

  @Test
  void randomBytesAreReadOrAreAConnectionError() {
    Random random = new Random(11);
    List<MethodPairs.Pair> pairs = pairs();
    int read = 0;
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      ByteBuf payload = Unpooled.buffer();
      MethodWriter.write(pairs.get(random.nextInt(pairs.size())).ours(), payload);
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        payload.setByte(random.nextInt(payload.readableBytes()), random.nextInt(256));
      }
      int length = payload.readableBytes();
      try {
        MethodReader.read(payload, length);
        read++;
      } catch (ConnectionException e) {
        refused++;
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }
}
