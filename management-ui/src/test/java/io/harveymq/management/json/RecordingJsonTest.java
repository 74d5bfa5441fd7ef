package io.harveymq.management.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.broker.recording.RecordingEnd;
import io.harveymq.broker.recording.RecordingRule;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.http.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded messages as a file, and back: nothing is lost. */
class RecordingJsonTest {
  private static final Recording RECORDING =
      new Recording(
          1, "/", "guest", RecordingRule.builder().build(), 0, RecordingEnd.ASKED, 1, 1, 10, 0);

  private static byte[] file(BasicProperties properties) {
    RecordedMessage message = RecordedMessage.of(5, "x", "k", properties, new byte[] {1, -1});
    return file(List.of(message));
  }

  private static byte[] file(List<RecordedMessage> messages) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    RecordingJson.write(RECORDING, messages, 0).forEachRemaining(file::writeBytes);
    return file.toByteArray();
  }

  private static JsonNode messageIn(byte[] file) throws Exception {
    return Json.read(file).at("/messages/0");
  }

  private static BasicProperties of(FieldTable headers) {
    return BasicProperties.builder().headers(headers).build();
  }

  /** Every type at the edges of its range. */
  static List<FieldValue> values() {
    return List.of(
        new FieldValue.Int8(Byte.MIN_VALUE),
        new FieldValue.UInt8(255),
        new FieldValue.Int16(Short.MIN_VALUE),
        new FieldValue.UInt16(65_535),
        FieldValue.of(Integer.MIN_VALUE),
        new FieldValue.UInt32(4_294_967_295L),
        FieldValue.of(Long.MIN_VALUE),
        FieldValue.of(Long.MAX_VALUE),
        new FieldValue.Float32(Float.MIN_VALUE),
        new FieldValue.Float32(0.1f),
        new FieldValue.Float32(Float.NEGATIVE_INFINITY),
        new FieldValue.Float64(1),
        new FieldValue.Float64(1e300),
        new FieldValue.Float64(-0.0),
        new FieldValue.Float64(Double.NaN),
        new FieldValue.Decimal(2, 1_250),
        new FieldValue.Decimal(0, 4_294_967_295L),
        new FieldValue.Decimal(10, 1),
        new FieldValue.Timestamp(1_700_000_000),
        FieldValue.of("Grüße \u0000 \uD83D\uDC30"),
        new FieldValue.Binary("text".getBytes(StandardCharsets.UTF_8)),
        FieldValue.of(true),
        new FieldValue.Void(),
        FieldValue.of(FieldTable.EMPTY),
        FieldValue.of(List.of()),
        FieldValue.of(List.of(FieldValue.of(1), new FieldValue.Void(), FieldValue.of(List.of()))),
        FieldValue.of(
            FieldTable.builder()
                .put("deep", FieldTable.builder().put("n", 1).put("m", 2L).build())
                .build()));
  }

  @ParameterizedTest
  @MethodSource("values")
  void headerOfEveryTypeComesBackWithoutItsBytes(FieldValue value) throws Exception {
    BasicProperties properties =
        of(FieldTable.builder().put("before", "x").put("h", value).put("after", 1L).build());
    byte[] file = file(properties);
    assertThat(messageIn(file).has("properties_base64")).isFalse();
    RecordedMessage read = RecordingJson.read(file).get(0);
    assertThat(read.content().properties()).isEqualTo(properties.encoded());
    assertThat(read.content().body()).containsExactly(1, -1);
    assertThat(read.atMillis()).isEqualTo(5);
  }

  static List<BasicProperties> unusual() {
    return List.of(
        of(FieldTable.builder().put("raw", new FieldValue.Binary(new byte[] {-1})).build()),
        of(FieldTable.builder().put("raw", new FieldValue.LongString(new byte[] {-1})).build()),
        of(
            FieldTable.builder()
                .append("twice", FieldValue.of(1))
                .append("twice", FieldValue.of(2))
                .build()),
        of(FieldTable.builder().put("d", new FieldValue.Decimal(255, 4_294_967_295L)).build()),
        BasicProperties.builder().deliveryMode(0).priority(255).build());
  }

  @ParameterizedTest
  @MethodSource("unusual")
  void whatJsonCanNotTellComesBackByItsBytes(BasicProperties properties) throws Exception {
    byte[] file = file(properties);
    assertThat(RecordingJson.read(file).get(0).content().properties())
        .isEqualTo(properties.encoded());
  }

  @Test
  void bytesAreThereOnlyWhereTheyAreNeeded() throws Exception {
    JsonNode raw = messageIn(file(unusual().get(0)));
    assertThat(raw.has("properties_base64")).isFalse();
    assertThat(raw.at("/header_types/raw").textValue()).isEqualTo("binary-base64");
    JsonNode twice = messageIn(file(unusual().get(2)));
    assertThat(twice.has("properties_base64")).isTrue();
    assertThat(twice.has("header_types")).isFalse();
    JsonNode none = messageIn(file(BasicProperties.EMPTY));
    assertThat(none.has("properties_base64")).isFalse();
    assertThat(none.has("header_types")).isFalse();
  }

  @Test
  void messageIsOnALineOfItsOwn() {
    String text = new String(file(BasicProperties.EMPTY), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    assertThat(lines).hasSize(11).contains("\"version\":1,", "\"messages\":[");
    assertThat(lines.get(8)).startsWith("{\"at_ms\":5,").endsWith("\"queues\":[]}");
  }

  @Test
  void fileByHandNeedsLittle() {
    String file =
        "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":["
            + "{\"routing_key\":\"a\",\"payload\":\"1\",\"at_ms\":7},"
            + "{\"routing_key\":\"b\",\"payload\":\"2\",\"exchange\":\"amq.default\"}]}";
    List<RecordedMessage> read = RecordingJson.read(file.getBytes(StandardCharsets.UTF_8));
    assertThat(read).extracting(RecordedMessage::atMillis).containsExactly(7L, 7L);
    assertThat(read.get(1).content().exchange()).isEmpty();
    assertThat(read.get(1).content().properties()).isEqualTo(BasicProperties.EMPTY.encoded());
    assertThat(read.get(1).mandatory()).isFalse();
  }

  @Test
  void typeThatIsNoneIsRefusedWithThoseThatThereAre() {
    String file =
        "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":[{\"routing_key\":\"a\","
            + "\"payload\":\"\",\"properties\":{\"headers\":{\"n\":{\"m\":[1]}}},"
            + "\"header_types\":{\"n\":{\"m\":[\"int\"]}}}]}";
    assertThatThrownBy(() -> RecordingJson.read(file.getBytes(StandardCharsets.UTF_8)))
        .hasMessageStartingWith(
            "message 0: headers.n.m[0] has the type \"int\", which is none; there are byte,");
  }

  private static void refused(String message, String reason) {
    String file = "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":[" + message + "]}";
    refusedFile(file, reason);
  }

  private static void refusedFile(String file, String reason) {
    assertThatThrownBy(() -> RecordingJson.read(file.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ApiException.class)
        .hasMessage(reason);
  }

  private static String message(String headers, String types) {
    return "{\"routing_key\":\"a\",\"payload\":\"\",\"properties\":{\"headers\":"
        + headers
        + "},\"header_types\":"
        + types
        + "}";
  }

  private static String nested(int levels, String open, String inner, String close) {
    return open.repeat(levels) + inner + close.repeat(levels);
  }

  @Test
  void typedHeadersHaveTheLimitsOfOthers() {
    String objects = nested(110, "{\"t\":", "1", "}");
    String typed = nested(110, "{\"t\":", "\"short\"", "}");
    refused(message(objects, typed), "message 0: values may have 100 levels at most");
    refused(
        message("{\"a\":" + nested(110, "[", "1", "]") + "}", "{\"a\":[" + "null]}"),
        "message 0: values may have 100 levels at most");
    refused(
        message(
            "{\"a\":" + nested(110, "[", "1", "]") + "}",
            "{\"a\":" + nested(110, "[", "\"short\"", "]") + "}"),
        "message 0: values may have 100 levels at most");
    String upTo100 = nested(60, "{\"t\":", nested(60, "[", "1", "]"), "}");
    refused(
        message(upTo100, nested(60, "{\"t\":", "null", "}")),
        "message 0: values may have 100 levels at most");
    String name = "\u00e9".repeat(128);
    refused(
        message("{\"" + name + "\":1}", "{\"" + name + "\":\"short\"}"),
        "message 0: the name of a field may have 255 bytes at most");
    refused(
        message("{\"t\":{\"" + name + "\":1}}", "{\"t\":{}}"),
        "message 0: the name of a field may have 255 bytes at most");
  }

  @Test
  void typedHeadersAsDeepAsTheyMayBeAreRead() {
    String file =
        "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":["
            + message(nested(100, "{\"t\":", "1", "}"), nested(100, "{\"t\":", "\"short\"", "}"))
            + "]}";
    RecordedMessage read = RecordingJson.read(file.getBytes(StandardCharsets.UTF_8)).get(0);
    BasicProperties.validate(read.content().properties());
  }

  @Test
  @Timeout(20)
  void scaleThatADecimalCanNotHaveIsRefusedAtOnce() {
    String none =
        "which is none; there are byte, unsignedbyte, short, unsignedshort, signedint, unsignedint,"
            + " long, float, double, decimal(SCALE) with a SCALE from 0 to 255, timestamp, binary,"
            + " binary-base64, longstr, longstr-base64, bool, void";
    for (String scale : List.of("100000000", "256", "-1", "x", "")) {
      String type = "\"decimal(" + scale + ")\"";
      refused(
          message("{\"d\":1}", "{\"d\":" + type + "}"),
          "message 0: headers.d has the type " + type + ", " + none);
    }
    refused(
        message("{\"d\":1e308}", "{\"d\":\"decimal(255)\"}"),
        "message 0: headers.d does not fit its type decimal(255)");
  }

  @Test
  void valueOfAnotherTypeThanSaidIsRefused() {
    refused(
        message("{\"b\":\"yes\"}", "{\"b\":\"bool\"}"),
        "message 0: headers.b does not fit its type bool");
    refused(
        message("{\"v\":[0]}", "{\"v\":[\"void\"]}"),
        "message 0: headers.v[0] does not fit its type void");
    refused(
        message("{\"v\":1}", "{\"v\":true}"),
        "message 0: headers.v has the type true, which is none; there are byte, unsignedbyte,"
            + " short, unsignedshort, signedint, unsignedint, long, float, double, decimal(SCALE)"
            + " with a SCALE from 0 to 255, timestamp, binary, binary-base64, longstr,"
            + " longstr-base64, bool, void");
  }

  @Test
  void timeBeyondALongIsRefused() {
    for (String at : List.of("18446744073709551621", "5.0", "\"5\"", "null")) {
      refused(
          "{\"routing_key\":\"a\",\"payload\":\"\",\"at_ms\":" + at + "}",
          "message 0: at_ms has to be a whole number from 0 to 315360000000");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7", "4294967297", "18446744073709551617", "\"1\"", "true", "2"})
  void versionHasToBeTheOneThatThereIs(String version) {
    refusedFile(
        "{\"format\":\"harvey-recording\",\"version\":" + version + ",\"messages\":[]}",
        "version " + version + " is not known here; 1 is");
  }

  @Test
  void jsonThatIsTooDeepOrHasTooLongNumbersIsRefused() {
    assertThatThrownBy(() -> RecordingJson.read("[".repeat(5_000).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("no JSON");
    for (String value :
        List.of(nested(300, "{\"t\":", "1", "}"), "1e" + "1".repeat(2_000), "7".repeat(100_000))) {
      String message = message("{\"n\":" + value + "}", "null");
      String file =
          "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":[" + message + "]}";
      assertThatThrownBy(() -> RecordingJson.read(file.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(ApiException.class)
          .hasMessageStartingWith("no JSON");
    }
  }

  @Test
  void largeFileIsMadeInParts() {
    RecordedMessage message =
        RecordedMessage.of(5, "x", "k", BasicProperties.EMPTY, new byte[100_000]);
    List<byte[]> parts = new ArrayList<>();
    RecordingJson.write(RECORDING, Collections.nCopies(20, message), 0)
        .forEachRemaining(parts::add);
    assertThat(parts).hasSizeGreaterThan(5).allMatch(part -> part.length < 1 << 20);
    assertThat(RecordingJson.read(file(Collections.nCopies(20, message)))).hasSize(20);
    assertThat(RecordingJson.read(file(List.of()))).isEmpty();
  }
}
