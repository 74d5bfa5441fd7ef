package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandEncoderTest {
  private static final String LONG_NAME = "é".repeat(127) + "x";

  static List<MethodPairs.Pair> pairs() {
    return MethodPairs.all();
  }

  private static List<Frame> readByTheJavaClient(ByteBuf bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(ByteBufUtil.getBytes(bytes)));
    List<Frame> frames = new ArrayList<>();
    while (in.available() > 0) {
      frames.add(Frame.readFrom(in, () -> Integer.MAX_VALUE));
    }
    return frames;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void methodFramesAreThoseOfTheJavaClient(MethodPairs.Pair pair) throws IOException {
    ByteBuf out = Unpooled.buffer(1).writeByte(99);
    CommandEncoder.method(out, 4_711, pair.ours());
    out.skipBytes(1);
    Frame frame = readByTheJavaClient(out).get(0);
    assertThat(frame.getType()).isEqualTo(1);
    assertThat(frame.getChannel()).isEqualTo(4_711);
    assertThat(frame.getPayload()).isEqualTo(pair.client().toFrame(4_711).getPayload());
  }

  @Test
  void confirmsAreThoseOfTheMethodWriter() {
    for (long tag : new long[] {1, 0x1_0000_0000L, Long.MAX_VALUE}) {
      for (boolean multiple : new boolean[] {false, true}) {
        ByteBuf expected = Unpooled.buffer();
        CommandEncoder.method(expected, 65_535, new BasicMethod.Ack(tag, multiple));
        CommandEncoder.method(expected, 65_535, new BasicMethod.Nack(tag, multiple, false));
        ByteBuf written = Unpooled.buffer(1);
        CommandEncoder.ack(written, 65_535, tag, multiple);
        CommandEncoder.nack(written, 65_535, tag, multiple);
        assertThat(written).isEqualTo(expected);
      }
    }
  }

  @Test
  void aHeartbeatIsAnEmptyFrameOnChannelZero() throws IOException {
    ByteBuf out = Unpooled.buffer();
    CommandEncoder.heartbeat(out);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo("08000000000000ce");
    assertThat(readByTheJavaClient(out)).hasSize(1);
  }

  @Test
  void aDeliveryEqualsOneMadeByTheMethodWriter() {
    Random random = new Random(5);
    String[] names = {"", "q", "amq.ctag-abc", LONG_NAME};
    byte[][] properties = {
      BasicProperties.EMPTY.encoded(),
      BasicProperties.builder().deliveryMode(2).build().encoded(),
      BasicProperties.builder().messageId(LONG_NAME).priority(3).build().encoded()
    };
    for (int i = 0; i < 500; i++) {
      String tag = names[random.nextInt(4)];
      String exchange = names[random.nextInt(4)];
      String key = names[random.nextInt(4)];
      boolean redelivered = random.nextBoolean();
      long deliveryTag = random.nextLong(Long.MAX_VALUE);
      byte[] body = new byte[random.nextInt(2_000)];
      random.nextBytes(body);
      Content content =
          new Content(Content.address(exchange, key), properties[random.nextInt(3)], body);

      ByteBuf expected = Unpooled.buffer();
      CommandEncoder.method(
          expected, i, new BasicMethod.Deliver(tag, deliveryTag, redelivered, exchange, key));
      CommandEncoder.header(expected, i, content);

      // Both a buffer that has to grow and one that is in use already.
      ByteBuf written = Unpooled.buffer(1);
      byte[] prefix = CommandEncoder.deliverPrefix(tag);
      CommandEncoder.deliver(written, i, prefix, deliveryTag, redelivered, content);
      assertThat(written).isEqualTo(expected);
      CommandEncoder.deliver(written, i, prefix, deliveryTag, redelivered, content);
      written.skipBytes(expected.readableBytes());
      assertThat(written).isEqualTo(expected);
      assertThat(content.exchange()).isEqualTo(exchange);
      assertThat(content.routingKey()).isEqualTo(key);
    }
  }

  @Test
  void theJavaClientReadsADeliveryWithItsContent() throws IOException {
    byte[] body = new byte[10_000];
    new Random(9).nextBytes(body);
    BasicProperties properties =
        BasicProperties.builder().contentType("text/plain").deliveryMode(2).priority(7).build();
    Content content = new Content(Content.address("x", "k"), properties.encoded(), body);
    ByteBuf out = Unpooled.buffer();
    CommandEncoder.deliver(out, 3, CommandEncoder.deliverPrefix("tag"), 42, true, content);
    CommandEncoder.body(out, 3, body, 0, body.length, 4_088);

    List<Frame> frames = readByTheJavaClient(out);
    assertThat(frames).allMatch(frame -> frame.getChannel() == 3);
    assertThat(frames.stream().map(Frame::getType)).containsExactly(1, 2, 3, 3, 3);
    assertThat(AMQImpl.readMethodFrom(frames.get(0).getInputStream()))
        .hasToString(
            "#method<basic.deliver>(consumer-tag=tag, delivery-tag=42, redelivered=true,"
                + " exchange=x, routing-key=k)");
    com.rabbitmq.client.AMQP.BasicProperties read =
        (com.rabbitmq.client.AMQP.BasicProperties)
            AMQImpl.readContentHeaderFrom(frames.get(1).getInputStream());
    assertThat(read.getContentType()).isEqualTo("text/plain");
    assertThat(read.getDeliveryMode()).isEqualTo(2);
    assertThat(read.getPriority()).isEqualTo(7);
    assertThat(read.getBodySize()).isEqualTo(10_000);
    ByteBuf whole = Unpooled.buffer();
    frames.subList(2, 5).forEach(frame -> whole.writeBytes(frame.getPayload()));
    assertThat(ByteBufUtil.getBytes(whole)).isEqualTo(body);
  }

  @Test
  void aPartOfABodyIsCutIntoFramesOfTheLargestPayload() throws IOException {
    byte[] body = new byte[1_000];
    new Random(10).nextBytes(body);
    for (int from = 0; from <= 1_000; from += 125) {
      for (int to = from; to <= 1_000; to += 125) {
        ByteBuf out = Unpooled.buffer(1);
        CommandEncoder.body(out, 2, body, from, to, 250);
        List<Frame> frames = readByTheJavaClient(out);
        assertThat(frames).hasSize((to - from + 249) / 250);
        ByteBuf joined = Unpooled.buffer();
        for (Frame frame : frames) {
          assertThat(frame.getType()).isEqualTo(3);
          assertThat(frame.getPayload().length).isBetween(1, 250);
          joined.writeBytes(frame.getPayload());
        }
        assertThat(ByteBufUtil.getBytes(joined)).isEqualTo(Arrays.copyOfRange(body, from, to));
      }
    }
  }
}
