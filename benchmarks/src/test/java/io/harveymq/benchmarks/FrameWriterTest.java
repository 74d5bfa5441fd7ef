package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
  private static final FrameWriter.Route ROUTE = new FrameWriter.Route("", "q");

  @Test
  void publishIsAMethodAHeaderAndABodyFrame() {
    byte[] bytes = new FrameWriter().publish(ROUTE, new byte[] {0x41}, false, 131072).toBytes();

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "010001"
                + "0000000a"
                + "003c0028"
                + "0000"
                + "00"
                + "0171"
                + "00"
                + "ce"
                + "020001"
                + "0000000e"
                + "003c"
                + "0000"
                + "0000000000000001"
                + "0000"
                + "ce"
                + "030001"
                + "00000001"
                + "41"
                + "ce");
  }

  @Test
  void aPersistentMessageCarriesDeliveryModeTwo() {
    byte[] bytes = new FrameWriter().content(new byte[] {0x41}, true, 0).toBytes();

    assertThat(HexFormat.of().formatHex(bytes, 19, 23)).isEqualTo("100002ce");
  }

  @Test
  void aBodyIsCutAtTheFrameLimit() {
    byte[] bytes = new FrameWriter().content(new byte[10], false, 14).toBytes();

    ByteBuffer bodies = ByteBuffer.wrap(bytes, 22, bytes.length - 22).slice();
    assertThat(bodies.getInt(3)).isEqualTo(6);
    assertThat(bodies.get(14)).isEqualTo((byte) Methods.FRAME_BODY);
    assertThat(bodies.getInt(17)).isEqualTo(4);
    assertThat(bodies.remaining()).isEqualTo(14 + 12);
  }
}
