package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErlangTermTest {
  private static ByteBuf octets(String latin1) {
    return Unpooled.wrappedBuffer(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void binaryPrintsNumbersFromTheReaderIndexOn() {
    ByteBuf octets = octets("xab\u00FF").skipBytes(1);
    assertThat(ErlangTerm.binary(octets)).isEqualTo("<<97,98,255>>");
    assertThat(octets.readerIndex()).isEqualTo(1);
    assertThat(ErlangTerm.binary(Unpooled.EMPTY_BUFFER)).isEqualTo("<<>>");
  }

  @Test
  void prettyPrintsTextWhereAllIsPrintable() {
    assertThat(ErlangTerm.pretty(octets("abc ~"))).isEqualTo("<<\"abc ~\">>");
    assertThat(ErlangTerm.pretty(octets("\"\\\n\t\r\b\f\u000B\u001B")))
        .isEqualTo("<<\"\\\"\\\\\\n\\t\\r\\b\\f\\v\\e\">>");
    assertThat(ErlangTerm.pretty(octets(""))).isEqualTo("<<>>");
  }

  @Test
  void prettyPrintsNumbersOtherwise() {
    assertThat(ErlangTerm.pretty(octets("a\0"))).isEqualTo("<<97,0>>");
    assertThat(ErlangTerm.pretty(octets("a\u007F"))).isEqualTo("<<97,127>>");
    assertThat(ErlangTerm.pretty(octets("a\u00E4"))).isEqualTo("<<97,228>>");
  }

  @Test
  void frameErrorsShowAtMostSixteenOctets() {
    assertThat(ErlangTerm.frameError(3, octets(""), "{frame_too_large,200000,131064}"))
        .hasMessage("FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,200000,131064}");
    assertThat(ErlangTerm.frameError(1, octets("abcdefghijklmnop"), "unknown_frame"))
        .hasMessage("FRAME_ERROR - type 1, all octets = <<\"abcdefghijklmnop\">>: unknown_frame");
    assertThat(ErlangTerm.frameError(1, octets("abcdefghijklmnopq"), "unknown_frame"))
        .hasMessage(
            "FRAME_ERROR - type 1, first 16 octets = <<\"abcdefghijklmnop\">>: unknown_frame");
  }
}
