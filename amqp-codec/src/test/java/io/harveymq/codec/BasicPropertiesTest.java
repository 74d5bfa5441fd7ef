package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.ContentHeaderPropertyWriter;
import com.rabbitmq.client.impl.LongStringHelper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicPropertiesTest {
  private static final int COUNT = 14;
  private static final long SECONDS = 1_700_000_000L;
  private static final FieldTable HEADERS =
      FieldTable.builder().put("n", 1).put("s", "text").build();

  /** The properties whose bit is set in {@code chosen}, bit 0 being the content type. */
  private static BasicProperties ours(int chosen) {
    BasicProperties.Builder builder = BasicProperties.builder();
    for (int i = 0; i < COUNT; i++) {
      if ((chosen >> i & 1) == 1) {
        set(builder, i);
      }
    }
    return builder.build();
  }

  private static void set(BasicProperties.Builder builder, int property) {
    switch (property) {
      case 0 -> builder.contentType("text/plain");
      case 1 -> builder.contentEncoding("utf-8");
      case 2 -> builder.headers(HEADERS);
      case 3 -> builder.deliveryMode(2);
      case 4 -> builder.priority(255);
      case 5 -> builder.correlationId("");
      case 6 -> builder.replyTo("amq.rabbitmq.reply-to");
      case 7 -> builder.expiration("60000");
      case 8 -> builder.messageId("ü".repeat(127));
      case 9 -> builder.timestamp(SECONDS);
      case 10 -> builder.type("type");
      case 11 -> builder.userId("guest");
      case 12 -> builder.appId("app");
      default -> builder.clusterId("cluster");
    }
  }

  private static AMQP.BasicProperties client(int chosen) {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("n", 1);
    headers.put("s", LongStringHelper.asLongString("text"));
    AMQP.BasicProperties.Builder builder = new AMQP.BasicProperties.Builder();
    for (int i = 0; i < COUNT; i++) {
      if ((chosen >> i & 1) == 1) {
        switch (i) {
          case 0 -> builder.contentType("text/plain");
          case 1 -> builder.contentEncoding("utf-8");
          case 2 -> builder.headers(headers);
          case 3 -> builder.deliveryMode(2);
          case 4 -> builder.priority(255);
          case 5 -> builder.correlationId("");
          case 6 -> builder.replyTo("amq.rabbitmq.reply-to");
          case 7 -> builder.expiration("60000");
          case 8 -> builder.messageId("ü".repeat(127));
          case 9 -> builder.timestamp(new Date(SECONDS * 1000));
          case 10 -> builder.type("type");
          case 11 -> builder.userId("guest");
          case 12 -> builder.appId("app");
          default -> builder.clusterId("cluster");
        }
      }
    }
    return builder.build();
  }

  private static byte[] clientBytes(AMQP.BasicProperties properties) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    ContentHeaderPropertyWriter writer = new ContentHeaderPropertyWriter(out);
    properties.writePropertiesTo(writer);
    out.flush();
    return bytes.toByteArray();
  }

  private static void assertValues(BasicProperties p, int chosen) {
    assertThat(p.contentType()).isEqualTo(expected(chosen, 0, "text/plain"));
    assertThat(p.contentEncoding()).isEqualTo(expected(chosen, 1, "utf-8"));
    assertThat(p.headers()).isEqualTo(expected(chosen, 2, HEADERS));
    assertThat(p.deliveryMode()).isEqualTo((chosen >> 3 & 1) == 1 ? 2 : -1);
    assertThat(p.priority()).isEqualTo((chosen >> 4 & 1) == 1 ? 255 : -1);
    assertThat(p.correlationId()).isEqualTo(expected(chosen, 5, ""));
    assertThat(p.replyTo()).isEqualTo(expected(chosen, 6, "amq.rabbitmq.reply-to"));
    assertThat(p.expiration()).isEqualTo(expected(chosen, 7, "60000"));
    assertThat(p.messageId()).isEqualTo(expected(chosen, 8, "ü".repeat(127)));
    assertThat(p.timestamp()).isEqualTo(expected(chosen, 9, SECONDS));
    assertThat(p.type()).isEqualTo(expected(chosen, 10, "type"));
    assertThat(p.userId()).isEqualTo(expected(chosen, 11, "guest"));
    assertThat(p.appId()).isEqualTo(expected(chosen, 12, "app"));
    assertThat(p.clusterId()).isEqualTo(expected(chosen, 13, "cluster"));
    assertThat(BasicProperties.isPersistent(p.encoded())).isEqualTo((chosen >> 3 & 1) == 1);
    assertThat(BasicProperties.deliveryMode(p.encoded())).isEqualTo(p.deliveryMode());
    assertThat(BasicProperties.priority(p.encoded())).isEqualTo(p.priority());
    assertThat(BasicProperties.hasHeaders(p.encoded())).isEqualTo(p.headers() != null);
    assertThat(BasicProperties.hasReplyTo(p.encoded())).isEqualTo(p.replyTo() != null);
    assertThat(BasicProperties.hasExpiration(p.encoded())).isEqualTo(p.expiration() != null);
    assertThat(BasicProperties.hasUserId(p.encoded())).isEqualTo(p.userId() != null);
  }

  private static <T> T expected(int chosen, int property, T value) {
    return (chosen >> property & 1) == 1 ? value : null;
  }

  private static void assertSameAsTheClient(int chosen) throws IOException {
    byte[] bytes = clientBytes(client(chosen));
    assertThat(ours(chosen).encoded()).isEqualTo(bytes);
    assertValues(BasicProperties.of(bytes), chosen);
    DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(
                ByteBufUtil.getBytes(
                    Unpooled.buffer().writeZero(10).writeBytes(ours(chosen).encoded()))));
    assertThat(new AMQP.BasicProperties(in)).isEqualTo(client(chosen));
    assertThat(BasicProperties.of(bytes)).isEqualTo(ours(chosen)).hasSameHashCodeAs(ours(chosen));
  }

  @Test
  void eachSinglePropertyIsAsInTheJavaClient() throws IOException {
    for (int property = 0; property < COUNT; property++) {
      assertSameAsTheClient(1 << property);
    }
  }

  @Test
  void noneAllAndRandomCombinationsAreAsInTheJavaClient() throws IOException {
    assertSameAsTheClient(0);
    assertSameAsTheClient((1 << COUNT) - 1);
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      assertSameAsTheClient(random.nextInt(1 << COUNT));
    }
  }

  @Test
  void changingOnePropertyKeepsTheOthersBytes() {
    // The correlation id is no UTF-8 and the header has a tag that we do not write ourselves.
    byte[] bytes =
        ByteBufUtil.decodeHexDump("2400" + "0000000b" + "01614cffffffffffffffff" + "02fffe");
    BasicProperties properties = BasicProperties.of(bytes);
    assertThat(properties.toBuilder().build().encoded()).isEqualTo(bytes);
    BasicProperties changed = properties.toBuilder().priority(1).messageId("m").build();
    assertThat(ByteBufUtil.hexDump(changed.encoded()))
        .isEqualTo("2c80" + "0000000b" + "01614cffffffffffffffff" + "01" + "02fffe" + "016d");
    assertThat(properties.encoded()).isSameAs(bytes);
    assertThat(properties.correlationId()).isEqualTo("\uFFFD\uFFFD");
  }

  @Test
  void nullAndMinusOneTakeAPropertyAway() {
    BasicProperties.Builder builder = ours((1 << COUNT) - 1).toBuilder();
    builder.contentType(null).contentEncoding(null).headers(null).deliveryMode(-1).priority(-1);
    builder.correlationId(null).replyTo(null).expiration(null).messageId(null).timestamp(null);
    builder.type(null).userId(null).appId(null).clusterId(null);
    assertThat(builder.build()).isEqualTo(BasicProperties.EMPTY);
  }

  @Test
  void valuesThatDoNotFitAreRefused() {
    BasicProperties.Builder builder = BasicProperties.builder();
    assertThatThrownBy(() -> builder.priority(256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.deliveryMode(-2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.appId("ü".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theCommonestEncodingsAreShared() {
    for (String hex : new String[] {"0000", "100001", "100002"}) {
      byte[] first = read(hex);
      assertThat(first).isEqualTo(ByteBufUtil.decodeHexDump(hex)).isSameAs(read(hex));
    }
    assertThat(read("0000")).isSameAs(BasicProperties.EMPTY.encoded());
    assertThat(BasicProperties.builder().deliveryMode(2).build().encoded())
        .isSameAs(read("100002"));
    assertThat(read("100003")).isNotSameAs(read("100003"));
    assertThat(read("080002")).isEqualTo(new byte[] {8, 0, 2});
  }

  private static byte[] read(String hex) {
    byte[] bytes = ByteBufUtil.decodeHexDump(hex);
    ByteBuf in = Unpooled.buffer().writeByte(9).writeBytes(bytes).writeByte(0xCE).skipBytes(1);
    byte[] read = BasicProperties.read(in, bytes.length);
    assertThat(in.readableBytes()).isEqualTo(1);
    return read;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no flags
        "00", // half the flags
        "000078", // more than the flags say
        "00010000", // a second flag word
        "8000", // no content type
        "800005616263", // a short one
        "1000", // no delivery mode
        "004000000000", // half a timestamp
        "2000000000", // half a length of headers
        "20000000270f", // headers longer than all
        "2000ffffffff", // headers longer than any
        "200000000003016b5a", // headers with an unknown tag
        "2000000000040161740101", // more after the headers
        "20000000000301616c" // headers that end in a value
      })
  void malformedBytesAreAnInternalError(String hex) {
    byte[] bytes = ByteBufUtil.decodeHexDump(hex);
    assertThatThrownBy(() -> BasicProperties.validate(bytes))
        .isInstanceOf(ConnectionException.class)
        .hasMessageStartingWith("INTERNAL_ERROR - malformed ");
    assertThatThrownBy(() -> BasicProperties.of(bytes)).isInstanceOf(ConnectionException.class);
    assertThatThrownBy(() -> BasicProperties.read(Unpooled.wrappedBuffer(bytes), bytes.length))
        .isInstanceOf(ConnectionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001", "0002", "800001ff", "100007"})
  void whatRabbitMqAcceptsIsAccepted(String hex) {
    assertThat(ByteBufUtil.hexDump(read(hex))).isEqualTo(hex);
  }

  @Test
  void bytesCutAnywhereAreRefused() {
    byte[] whole = ours((1 << COUNT) - 1).encoded();
    for (int length = 0; length < whole.length; length++) {
      ByteBuf in = Unpooled.copiedBuffer(whole, 0, length);
      int size = length;
      assertThatThrownBy(() -> BasicProperties.read(in, size))
          .isInstanceOf(ConnectionException.class);
    }
    assertThatThrownBy(() -> BasicProperties.read(Unpooled.buffer(), 2))
        .isInstanceOf(ConnectionException.class);
  }

  @Test
  void whatIsValidCanBeReadWhollyAndNothingElseIsThrown() {
    Random random = new Random(5);
    RandomTables tables = new RandomTables(random);
    int valid = 0;
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes =
          ours(random.nextInt(1 << COUNT)).toBuilder().headers(tables.table(2)).build().encoded();
      int changes = random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      BasicProperties properties;
      try {
        properties = BasicProperties.of(bytes);
      } catch (ConnectionException e) {
        refused++;
        continue;
      }
      valid++;
      assertThat(properties.toBuilder().clusterId("c").build().headers())
          .isEqualTo(properties.headers());
      assertThat(properties.toString()).startsWith("BasicProperties<<");
    }
    assertThat(valid).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void deeplyNestedHeadersAreRefused() {
    ByteBuf out = Unpooled.buffer().writeShort(0x2000);
    for (int left = 5_000; left >= 0; left--) {
      out.writeInt(left * 7);
      if (left > 0) {
        out.writeByte(1).writeByte('k').writeByte('F');
      }
    }
    assertThatThrownBy(() -> BasicProperties.validate(ByteBufUtil.getBytes(out)))
        .hasMessage("INTERNAL_ERROR - field table nested deeper than 128 levels");
  }
}
