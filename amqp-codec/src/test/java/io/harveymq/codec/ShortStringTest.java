package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortStringTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "amq.topic", "ü", "€", "\uD83D\uDE00", "\uFFFD", "a\uFFFDü", "\0"})
  void isReadAsItWasWritten(String value) {
    ByteBuf buffer = Unpooled.buffer();
    ShortString.write(buffer, value);
    assertThat(ShortString.read(buffer)).isEqualTo(value);
    assertThat(buffer.isReadable()).isFalse();
  }

  @Test
  void holdsUpTo255Bytes() {
    ByteBuf buffer = Unpooled.buffer().writeByte(1);
    ShortString.write(buffer, "ü".repeat(127) + "x");
    assertThat(buffer.getUnsignedByte(1)).isEqualTo((short) 255);

    buffer.writerIndex(1);
    assertThatThrownBy(() -> ShortString.write(buffer, "ü".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
    assertThat(buffer.writerIndex()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"FF", "C080", "C3", "E282", "EDA080", "F4908080", "F888808080", "61EFBFBDFF"})
  void malformedUtf8IsAFrameError(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    ByteBuf buffer = Unpooled.buffer().writeByte(bytes.length).writeBytes(bytes);
    assertThatThrownBy(() -> ShortString.read(buffer))
        .isInstanceOf(ConnectionException.class)
        .hasMessage("FRAME_ERROR - Malformed UTF-8 in shortstr");
  }
}
