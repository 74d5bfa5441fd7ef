package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.impl.LongStringHelper;
import com.rabbitmq.client.impl.ValueReader;
import com.rabbitmq.client.impl.ValueWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldTableTest {
  private static final byte[] SOME_BYTES = {1, -1, 0};

  /** Our value, its tag, RabbitMQ's name of its type, the Java client's value. */
  static Stream<Arguments> values() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("in", 5);
    return Stream.of(
        Arguments.of(FieldValue.of(true), 't', "bool", true),
        Arguments.of(FieldValue.of(false), 't', "bool", false),
        Arguments.of(new FieldValue.Int8((byte) -2), 'b', "byte", (byte) -2),
        Arguments.of(new FieldValue.UInt8(254), 'B', "unsignedbyte", 254),
        Arguments.of(new FieldValue.Int16((short) -2), 's', "short", (short) -2),
        Arguments.of(new FieldValue.UInt16(65534), 'u', "unsignedshort", 65534),
        Arguments.of(FieldValue.of(-60_000), 'I', "signedint", -60_000),
        Arguments.of(new FieldValue.UInt32(0xFFFF_FFFEL), 'i', "unsignedint", 0xFFFF_FFFEL),
        Arguments.of(FieldValue.of(Long.MIN_VALUE), 'l', "long", Long.MIN_VALUE),
        Arguments.of(new FieldValue.Float32(-1.5f), 'f', "float", -1.5f),
        Arguments.of(new FieldValue.Float64(Math.PI), 'd', "double", Math.PI),
        Arguments.of(
            new FieldValue.Decimal(2, 12_345),
            'D',
            "decimal",
            new BigDecimal(BigInteger.valueOf(12_345), 2)),
        Arguments.of(FieldValue.of("ü€"), 'S', "longstr", LongStringHelper.asLongString("ü€")),
        Arguments.of(new FieldValue.Binary(SOME_BYTES), 'x', "binary", SOME_BYTES),
        Arguments.of(
            new FieldValue.Timestamp(1_700_000_000L),
            'T',
            "timestamp",
            new Date(1_700_000_000_000L)),
        Arguments.of(FieldValue.Void.INSTANCE, 'V', "void", null),
        Arguments.of(FieldValue.of(FieldTable.builder().put("in", 5).build()), 'F', "table", map),
        Arguments.of(
            FieldValue.of(List.of(FieldValue.of(5), FieldValue.of(true))),
            'A',
            "array",
            List.of(5, true)));
  }

  /** All but the unsigned numbers, which the client only reads. */
  static Stream<Arguments> valuesThatTheJavaClientWrites() {
    return values().filter(a -> "Bui".indexOf((char) a.get()[1]) < 0);
  }

  private static ByteBuf written(FieldTable table) {
    ByteBuf out = Unpooled.buffer();
    table.write(out);
    return out;
  }

  private static ByteBuf hex(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  private static ConnectionException failure(ByteBuf in) {
    return catchThrowableOfType(ConnectionException.class, () -> FieldTable.read(in));
  }

  @ParameterizedTest
  @MethodSource("values")
  void eachTypeHasRabbitMqsTagAndName(FieldValue value, char tag, String name, Object client) {
    assertThat(value.tag()).isEqualTo(tag);
    assertThat(value.typeName()).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("values")
  void eachTypeIsReadAsItWasWritten(FieldValue value, char tag, String name, Object client) {
    FieldTable table = FieldTable.builder().put("key", value).build();
    ByteBuf bytes = written(table);
    assertThat(bytes.getByte(8)).isEqualTo((byte) tag);
    assertThat(FieldTable.read(bytes)).isEqualTo(table).hasSameHashCodeAs(table);
    assertThat(bytes.isReadable()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("values")
  void theJavaClientReadsEachType(FieldValue value, char tag, String name, Object client)
      throws IOException {
    byte[] bytes = ByteBufUtil.getBytes(written(FieldTable.EMPTY.with("key", value)));
    ValueReader reader = new ValueReader(new DataInputStream(new ByteArrayInputStream(bytes)));
    assertThat(reader.readTable().get("key")).isEqualTo(client);
  }

  @ParameterizedTest
  @MethodSource("valuesThatTheJavaClientWrites")
  void eachTypeThatTheJavaClientWritesHasItsBytes(
      FieldValue value, char tag, String name, Object client) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ValueWriter writer = new ValueWriter(new DataOutputStream(out));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("key", client);
    writer.writeTable(map);
    writer.flush();
    assertThat(ByteBufUtil.getBytes(written(FieldTable.EMPTY.with("key", value))))
        .isEqualTo(out.toByteArray());
    assertThat(FieldTable.read(Unpooled.wrappedBuffer(out.toByteArray())).get("key"))
        .isEqualTo(value);
  }

  @Test
  void onlyWholeNumbersAreIntegers() {
    assertThat(values().map(a -> (FieldValue) a.get()[0]).filter(FieldValue::isInteger))
        .extracting(FieldValue::asLong)
        .containsExactly(-2L, 254L, -2L, 65534L, -60_000L, 0xFFFF_FFFEL, Long.MIN_VALUE);
    assertThatThrownBy(() -> FieldValue.of("5").asLong()).hasMessage("longstr is no integer");
    assertThatThrownBy(() -> new FieldValue.Timestamp(5).asLong())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void unsignedNumbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new FieldValue.UInt8(256)).hasMessageContaining("256");
    assertThatThrownBy(() -> new FieldValue.UInt8(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new FieldValue.UInt16(1 << 16)).hasMessageContaining("65536");
    assertThatThrownBy(() -> new FieldValue.UInt32(1L << 32)).hasMessageContaining("4294967296");
    assertThatThrownBy(() -> new FieldValue.Decimal(256, 0)).hasMessageContaining("256");
  }

  @Test
  void theOtherTagsOfNumbersAreReadAndWrittenAsTheUsualOnes() {
    FieldTable table = FieldTable.read(hex("00000010 0161 4c ffffffffffffffff 0162 55 fffe"));
    assertThat(table.get("a")).isEqualTo(FieldValue.of(-1L));
    assertThat(table.get("b")).isEqualTo(new FieldValue.Int16((short) -2));
    assertThat(ByteBufUtil.hexDump(written(table)))
        .isEqualTo("00000010" + "01616cffffffffffffffff" + "016273fffe");
  }

  @Test
  void anyOctetButZeroIsTrue() {
    assertThat(FieldTable.read(hex("00000004 0161 74 07")).get("a")).isSameAs(FieldValue.Bool.TRUE);
  }

  @Test
  void keepsRepeatedKeysAndFindsTheFirst() {
    ByteBuf bytes = hex("0000000c 0161 7401 0162 7400 0161 7400");
    FieldTable table = FieldTable.read(bytes.duplicate());
    assertThat(table.get("a")).isEqualTo(FieldValue.of(true));
    assertThat(table.get("c")).isNull();
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.entries()).extracting(FieldTable.Entry::key).containsExactly("a", "b", "a");
    assertThat(table.key(2)).isEqualTo("a");
    assertThat(table.value(2)).isEqualTo(FieldValue.of(false));
    assertThat(written(table)).isEqualTo(bytes);
  }

  @Test
  void withPutsInTheFirstPlaceOrAtTheEndAndLeavesTheTableAlone() {
    FieldTable table = FieldTable.read(hex("0000000c 0161 7401 0162 7400 0161 7400"));
    assertThat(table.with("a", FieldValue.of(5)).toString()).startsWith("{a=Int32[value=5], b=");
    assertThat(table.with("a", FieldValue.of(5)).size()).isEqualTo(2);
    assertThat(table.with("c", FieldValue.of(5)).key(3)).isEqualTo("c");
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.without("a").entries())
        .containsExactly(new FieldTable.Entry("b", FieldValue.of(false)));
    assertThat(table.without("zz")).isSameAs(table);
    assertThat(table.without("a").without("b")).isSameAs(FieldTable.EMPTY);
  }

  @Test
  void emptyTablesAreShared() {
    assertThat(FieldTable.read(hex("00000000"))).isSameAs(FieldTable.EMPTY);
    assertThat(FieldTable.builder().build()).isSameAs(FieldTable.EMPTY);
    assertThat(FieldTable.EMPTY.isEmpty()).isTrue();
  }

  @Test
  void entriesWithoutALengthAreParsed() {
    assertThat(FieldTable.parse(ByteBufUtil.decodeHexDump("05" + "4c4f47494e" + "530000000167")))
        .isEqualTo(FieldTable.builder().put("LOGIN", "g").build());
  }

  @Test
  void longStringsKeepBytesThatAreNotUtf8() {
    ByteBuf bytes = hex("00000009 0161 53 00000002 ff61");
    FieldTable table = FieldTable.read(bytes.duplicate());
    assertThat(((FieldValue.LongString) table.get("a")).asString()).isEqualTo("\uFFFDa");
    assertThat(written(table)).isEqualTo(bytes);
  }

  @Test
  void aKeyOver255BytesCannotBeWritten() {
    FieldTable table = FieldTable.builder().put("k".repeat(256), 1).build();
    assertThatThrownBy(() -> written(table)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyThatIsNotUtf8IsReadIfItCanBeWrittenAgain() {
    byte[] entries = new byte[1 + 86 + 2];
    Arrays.fill(entries, (byte) 0xFF);
    entries[0] = 85;
    entries[86] = 't';
    FieldTable table = FieldTable.parse(Arrays.copyOf(entries, 88));
    assertThat(FieldTable.read(written(table))).isEqualTo(table);
    byte[] encoded = {0x20, 0, 0, 0, 0, 89};
    byte[] properties = Arrays.copyOf(encoded, encoded.length + entries.length);
    entries[0] = 86;
    entries[86] = (byte) 0xFF;
    entries[87] = 't';
    System.arraycopy(entries, 0, properties, encoded.length, entries.length);
    assertThatThrownBy(() -> FieldTable.parse(entries))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("a name of 86 bytes that is not UTF-8");
    assertThatThrownBy(() -> BasicProperties.validate(properties))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("a name of 86 bytes that is not UTF-8");
  }

  @Test
  void anUnknownTagIsAFrameError() {
    for (int tag = 0; tag < 256; tag++) {
      if ("tbBsUuIilLfdDSxTVFA".indexOf(tag) < 0) {
        byte[] entries = new byte[20];
        entries[1] = (byte) tag;
        assertThatThrownBy(() -> FieldTable.parse(entries))
            .isInstanceOf(ConnectionException.class)
            .hasMessage("FRAME_ERROR - malformed field table: type tag " + (entries[1] & 0xFF));
      }
    }
  }

  @Test
  void hugeLengthsAreRefusedBeforeAnythingIsAllocated() {
    assertThat(failure(hex("7fffffff"))).hasMessageContaining("cut short");
    assertThat(failure(hex("ffffffff 00"))).hasMessageContaining("cut short");
    for (String tag : List.of("53", "78", "41", "46")) {
      assertThat(failure(hex("00000008 0161" + tag + "7fffffff 00")))
          .hasMessageContaining("needs 2147483647 bytes where 1 are left");
      assertThat(failure(hex("00000008 0161" + tag + "ffffffff 00")))
          .hasMessageContaining("length 4294967295");
    }
  }

  @Test
  void aNestedTableCannotReachBeyondTheOneAroundIt() {
    assertThat(failure(hex("00000009 0161 46 00000003 0162 74 01 ff"))).isNotNull();
  }

  @Test
  void isReadTo128LevelsAndNoFurther() {
    assertThat(FieldTable.read(nested(128, 'F')).size()).isEqualTo(1);
    assertThat(FieldTable.read(nested(128, 'A')).size()).isEqualTo(1);
    for (char tag : new char[] {'F', 'A'}) {
      assertThat(failure(nested(129, tag)))
          .hasMessage("FRAME_ERROR - field table nested deeper than 128 levels");
      assertThat(failure(nested(20_000, tag))).hasMessageContaining("128 levels");
    }
  }

  /** That many levels in all; the innermost is empty. */
  private static ByteBuf nested(int levels, char tag) {
    int entry = tag == 'F' ? 7 : 5;
    ByteBuf out = Unpooled.buffer();
    out.writeInt((levels - 2) * entry + 7);
    for (int left = levels - 2; left >= 0; left--) {
      if (tag == 'F' || left == levels - 2) {
        out.writeByte(1).writeByte('k');
      }
      out.writeByte(tag).writeInt(left * entry);
    }
    return out;
  }

  @Test
  void randomTablesComeBackAsTheyWere() {
    Random random = new Random(7);
    RandomTables tables = new RandomTables(random);
    for (int round = 0; round < 2_000; round++) {
      FieldTable table = tables.table(3);
      ByteBuf bytes = written(table);
      FieldTable read = FieldTable.read(bytes.duplicate());
      assertThat(read).isEqualTo(table);
      assertThat(written(read)).isEqualTo(bytes);
    }
  }

  @Test
  void tablesCutAnywhereAreRefused() {
    RandomTables tables = new RandomTables(new Random(8));
    FieldTable.Builder all = FieldTable.builder();
    values().forEach(a -> all.append("k", (FieldValue) a.get()[0]));
    for (FieldTable table :
        List.of(all.build(), all.build().with("t", FieldValue.of(tables.table(3))))) {
      ByteBuf whole = written(table);
      for (int length = 0; length < whole.readableBytes(); length++) {
        assertThat(failure(Unpooled.copiedBuffer(whole.slice(0, length)))).isNotNull();
      }
    }
  }

  @Test
  void cutEntriesUnderATrueLengthAreRefusedExceptBetweenEntries() {
    FieldTable table = FieldTable.builder().put("a", "bcd").put("e", 5L).build();
    byte[] whole = ByteBufUtil.getBytes(written(table), 4, 21);
    int read = 0;
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        FieldTable.parse(cut);
        read++;
      } catch (ConnectionException e) {
        assertThat(e.replyCode()).isEqualTo(ReplyCode.FRAME_ERROR);
      }
    }
    assertThat(read).as("nothing, and the first entry").isEqualTo(2);
  }

  @Test
  void byteValuesAreEqualByContentAndNotAcrossTypes() {
    byte[] a = "x".getBytes(StandardCharsets.UTF_8);
    assertThat(new FieldValue.LongString(a)).isEqualTo(FieldValue.of("x"));
    assertThat(new FieldValue.LongString(a)).isNotEqualTo(new FieldValue.Binary(a));
    assertThat(new FieldValue.Binary(a)).isEqualTo(new FieldValue.Binary(a.clone()));
    assertThat(FieldValue.of(5)).isNotEqualTo(FieldValue.of(5L));
  }

  @Test
  void theDeepestTableThatIsReadFitsIntoHalfAThreadsStackWhateverIsDoneWithIt() throws Exception {
    FieldTable deepest = FieldTable.builder().put("k", 1).build();
    for (int level = 2; level <= 128; level++) {
      FieldValue inner =
          level % 2 == 0
              ? FieldValue.of(deepest)
              : FieldValue.of(List.of(deepest.value(0), FieldValue.of(level)));
      deepest = FieldTable.builder().put("k", inner).build();
    }
    FieldTable table = deepest;
    CompletableFuture<FieldTable> done = new CompletableFuture<>();
    Runnable everything =
        () -> {
          try {
            ByteBuf out = Unpooled.buffer();
            table.write(out);
            FieldTable read = FieldTable.read(out);
            assertThat(read.hashCode()).isEqualTo(table.hashCode());
            assertThat(read.equals(table)).isTrue();
            assertThat(read.toString()).isEqualTo(table.toString());
            assertThat(read.sorted().encodedSize()).isEqualTo(table.encodedSize());
            assertThat(read.retainedSize()).isEqualTo(table.retainedSize());
            done.complete(read);
          } catch (Throwable fault) {
            done.completeExceptionally(fault);
          }
        };
    new Thread(null, everything, "little stack", 512 << 10).start();
    assertThat(done.get()).isEqualTo(table);
  }
}
