package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DeliveryLayoutTest {

  @Test
  void findsSizeTagAndBodyOfADelivery() throws IOException {
    ByteBuffer delivery = ByteBuffer.wrap(delivery(7, "abc".getBytes(), 0));

    DeliveryLayout layout = DeliveryLayout.parse(delivery, delivery.capacity(), 3);

    assertThat(layout.size()).isEqualTo(delivery.capacity());
    assertThat(delivery.getLong(layout.tagOffset())).isEqualTo(7);
    assertThat(delivery.get(layout.bodyOffset())).isEqualTo((byte) 'a');
  }

  @Test
  void countsEveryBodyFrameOfALargeBody() throws IOException {
    ByteBuffer delivery = ByteBuffer.wrap(delivery(1, new byte[100], 38));

    DeliveryLayout layout = DeliveryLayout.parse(delivery, delivery.capacity(), 100);

    assertThat(layout.size()).isEqualTo(delivery.capacity());
  }

  @Test
  void knowsNoLayoutUntilTheLastOctetIsThere() throws IOException {
    ByteBuffer delivery = ByteBuffer.wrap(delivery(1, new byte[3], 0));

    for (int length = 0; length < delivery.capacity(); length++) {
      assertThat(DeliveryLayout.parse(delivery, length, 3)).isNull();
    }
  }

  @Test
  void refusesABodyOfAnotherSize() {
    ByteBuffer delivery = ByteBuffer.wrap(delivery(1, new byte[3], 0));

    assertThatThrownBy(() -> DeliveryLayout.parse(delivery, delivery.capacity(), 4))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another size than 4");
  }

  @Test
  void tellsWhyTheBrokerClosedInstead() {
    FrameWriter close = new FrameWriter().method(1, Methods.CHANNEL_CLOSE).u16(404);
    ByteBuffer frame = ByteBuffer.wrap(close.shortString("NOT_FOUND").u32(0).end().toBytes());

    assertThatThrownBy(() -> DeliveryLayout.parse(frame, frame.capacity(), 3))
        .hasMessageContaining("404 NOT_FOUND");
  }

  @Test
  void noticesAMissingDeliveryByTheTag() throws IOException {
    ByteBuffer delivery = ByteBuffer.wrap(delivery(7, new byte[3], 0));
    DeliveryLayout layout = DeliveryLayout.parse(delivery, delivery.capacity(), 3);

    layout.check(delivery, 0, 7);
    assertThatThrownBy(() -> layout.check(delivery, 0, 6)).hasMessageContaining("found 7");
  }

  private static byte[] delivery(long tag, byte[] body, int frameMax) {
    FrameWriter deliver = new FrameWriter().method(1, Methods.BASIC_DELIVER).shortString("tag");
    deliver.u64(tag).u8(0).shortString("").shortString("queue").end();
    return deliver.content(body, false, frameMax).toBytes();
  }
}
