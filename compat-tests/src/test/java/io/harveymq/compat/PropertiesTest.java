package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Message properties arrive as they were sent, down to the octet. */
class PropertiesTest extends CompatTest {

  @Test
  void everyPropertyIsPreserved() throws Exception {
    AMQP.BasicProperties sent =
        properties()
            .contentType("text/plain; charset=utf-8")
            .contentEncoding("gzip")
            .headers(Map.of("a", 1))
            .deliveryMode(2)
            .priority(7)
            .correlationId("correlation ä")
            .replyTo("reply")
            .expiration("60000")
            .messageId("id-1")
            .timestamp(new Date(1_700_000_000_000L))
            .type("type")
            .userId(BrokerUnderTest.user())
            .appId("app")
            .clusterId("cluster")
            .build();
    String queue = newQueue();
    channel.basicPublish("", queue, sent, bytes("one"));

    assertThat(channel.basicGet(queue, true).getProps()).isEqualTo(sent);
  }

  @Test
  void absentIsNotEmpty() throws Exception {
    String queue = newQueue();
    channel.basicPublish("", queue, properties().type("").build(), bytes("one"));
    channel.basicPublish("", queue, properties().headers(Map.of()).build(), bytes("two"));

    AMQP.BasicProperties first = channel.basicGet(queue, true).getProps();
    assertThat(first.getType()).isEmpty();
    assertThat(first.getAppId()).isNull();
    assertThat(first.getHeaders()).isNull();
    AMQP.BasicProperties second = channel.basicGet(queue, true).getProps();
    assertThat(second.getHeaders()).isEmpty();
    assertThat(second.getType()).isNull();
  }

  @Test
  void headerValuesOfEveryTypeOfTheJavaClientArePreserved() throws Exception {
    Map<String, Object> headers = new HashMap<>();
    headers.put("bool", true);
    headers.put("byte", (byte) -5);
    headers.put("short", (short) -300);
    headers.put("int", -70_000);
    headers.put("long", -5_000_000_000L);
    headers.put("float", 1.5f);
    headers.put("double", -2.25);
    headers.put("decimal", new BigDecimal("3.14"));
    headers.put("timestamp", new Date(1_700_000_000_000L));
    headers.put("void", null);
    headers.put("list", Arrays.asList(1, true, null, List.of(2L)));
    headers.put("table", Map.of("inner", Map.of("deep", 1)));
    Map<String, Object> all = new HashMap<>(headers);
    all.put("text", "grüße");
    all.put("binary", new byte[] {0, -1, 127});
    String queue = newQueue();
    channel.basicPublish("", queue, properties().headers(all).build(), bytes("one"));

    GetResponse got = channel.basicGet(queue, true);
    Map<String, Object> received = new HashMap<>(got.getProps().getHeaders());
    assertThat(((LongString) received.remove("text")).toString()).isEqualTo("grüße");
    assertThat((byte[]) received.remove("binary")).isEqualTo(new byte[] {0, -1, 127});
    assertThat(received).isEqualTo(headers);
  }

  @Test
  void propertiesComeBackOctetForOctet() throws Exception {
    WireWriter headers = new WireWriter();
    headers.shortstr("z").u8('t').u8(7);
    headers.shortstr("a").u8('L').u64(5);
    headers.shortstr("m").u8('l').u64(-5);
    headers.shortstr("B").u8('B').u8(200);
    headers.shortstr("b").u8('b').u8(200);
    headers.shortstr("s").u8('s').u16(65_000);
    headers.shortstr("u").u8('u').u16(65_000);
    headers.shortstr("I").u8('I').u32(-1);
    headers.shortstr("i").u8('i').u32(-1);
    headers.shortstr("f").u8('f').u32(Float.floatToRawIntBits(1.1f));
    headers.shortstr("d").u8('d').u64(Double.doubleToRawLongBits(1.1));
    headers.shortstr("D").u8('D').u8(2).u32(314);
    headers.shortstr("T").u8('T').u64(1_700_000_000L);
    headers.shortstr("S").u8('S').longstr("text");
    headers.shortstr("x").u8('x').longstr(new byte[] {0, 1});
    headers.shortstr("V").u8('V');
    headers.shortstr("A").u8('A').longstr(new WireWriter().u8('V').u8('I').u32(1).octets());
    headers.shortstr("F").u8('F').longstr(new WireWriter().shortstr("k").u8('V').octets());
    headers.shortstr("z").u8('I').u32(1);
    WireWriter properties = new WireWriter().u16(0xF0C0).shortstr("").shortstr("enc");
    properties.longstr(headers.octets()).u8(2).shortstr("id").u64(-1);

    assertThat(echo(properties.octets())).isEqualTo(properties.octets());
  }

  @Test
  void unheardOfDeliveryModeIsKeptOrRefused() throws Exception {
    String queue = newQueue();
    Action publish =
        ch -> ch.basicPublish("", queue, properties().deliveryMode(9).build(), bytes("one"));
    if (Target.current().refusesUnknownDeliveryModes()) {
      assertChannelError(
          Closing.channel(
              406,
              "PRECONDITION_FAILED - invalid message: {delivery_mode_unknown,9}",
              AmqpMethod.BASIC_PUBLISH),
          publish);
    } else {
      publish.on(channel);
      assertThat(channel.basicGet(queue, true).getProps().getDeliveryMode()).isEqualTo(9);
    }
  }

  @Test
  void noPropertiesAreTwoZeroOctets() throws Exception {
    byte[] none = {0, 0};
    assertThat(echo(none)).isEqualTo(none);
  }

  private byte[] echo(byte[] properties) throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.declareQueue(1, queue);
    raw.consume(1, queue, "c");
    raw.sendPublish(1, "", queue, false);
    WireWriter header = new WireWriter().u16(60).u16(0).u64(1).raw(properties);
    raw.sendFrame(Frame.HEADER, 1, header.octets());
    raw.sendFrame(Frame.BODY, 1, bytes("x"));
    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    return raw.expectContent(1).properties();
  }
}
