package io.harveymq.broker.exchange;

import static io.harveymq.broker.exchange.Exchanges.bind;
import static io.harveymq.broker.exchange.Exchanges.exchange;
import static io.harveymq.broker.exchange.Exchanges.match;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All expectations are what a RabbitMQ 3.10.8 answered. */
class HeadersMatchingTest {
  private static final Map<String, FieldValue> VALUES = values();

  /** Tables are written {@code name=text}, with {@code ~} for void and - for no headers at all. */
  @ParameterizedTest(name = "{0} against {1}")
  @CsvSource({
    // binding, headers, all, any, all-with-x, any-with-x
    "'',        -,          true,  false, true,  false",
    "'',        a=1,        true,  false, true,  false",
    "a=1,       -,          false, false, false, false",
    "a=1,       a=1,        true,  true,  true,  true",
    "a=1,       a=2,        false, false, false, false",
    "a=1,       A=1,        false, false, false, false",
    "a=1 b=1,   a=1,        false, true,  false, true",
    "a=1 b=1,   b=1 a=1,    true,  true,  true,  true",
    "a=1 b=1,   b=1 c=1 a=1,true,  true,  true,  true",
    "a=1 b=1,   c=1,        false, false, false, false",
    "a=~,       -,          false, false, false, false",
    "a=~,       a=1,        true,  true,  true,  true",
    "a=~,       a=~,        true,  true,  true,  true",
    "a=1,       a=~,        false, false, false, false",
    "a=~,       b=1,        false, false, false, false",
    "x-a=1,     x-a=1,      true,  false, true,  true",
    "x-a=1,     x-a=2,      true,  false, false, false",
    "x-a=1 b=1, b=1,        true,  true,  false, true",
    "x-a=1 b=1, x-a=1,      false, false, false, true",
    "X-a=1,     X-a=2,      false, false, false, false",
    "x-=1,      x-=1,       true,  false, true,  true",
    "'',        x-match=all,true,  false, true,  false",
    "a=1,       a=1 a=2,    true,  true,  true,  true",
    "a=1,       a=2 a=1,    false, false, false, false",
  })
  void modesMatchAsInRabbitMq(
      String binding, String headers, boolean all, boolean any, boolean allX, boolean anyX) {
    assertThat(matches("all", binding, headers)).as("all").isEqualTo(all);
    assertThat(matches(null, binding, headers)).as("default").isEqualTo(all);
    assertThat(matches("any", binding, headers)).as("any").isEqualTo(any);
    assertThat(matches("all-with-x", binding, headers)).as("all-with-x").isEqualTo(allX);
    assertThat(matches("any-with-x", binding, headers)).as("any-with-x").isEqualTo(anyX);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "I1 l1 b1 B1 s1 u1 i1 d1 f1 T1",
    "I0 d0 dn0",
    "S1 x1",
    "S0 x0",
    "F A",
    "d63 T63",
    "t1",
    "D01",
    "D15",
    "d2",
    "F1",
    "Fl",
    "Fd",
    "F2",
    "F2r",
    "A1",
    "Al",
    "lbig",
    "dbig",
    "dbig2",
    "lmax",
    "lneg",
    "Tmax",
    "f01",
    "d01"
  })
  void valuesOfAGroupMatchEachOtherAndNothingElse(String group) {
    Set<String> names = new LinkedHashSet<>(Arrays.asList(group.split(" ")));
    for (String required : names) {
      Exchange x = exchange(ExchangeType.HEADERS);
      TestQueue q = new TestQueue("q");
      bind(x, q, "", FieldTable.builder().put("k", VALUES.get(required)).build());
      for (Map.Entry<String, FieldValue> header : VALUES.entrySet()) {
        FieldTable headers = FieldTable.builder().put("k", header.getValue()).build();
        assertThat(match(x, "", headers).contains(q))
            .as("%s against %s", required, header.getKey())
            .isEqualTo(names.contains(header.getKey()));
      }
    }
  }

  @Test
  void voidInTheBindingMatchesAnyValue() {
    for (FieldValue value : VALUES.values()) {
      Exchange x = exchange(ExchangeType.HEADERS);
      TestQueue q = new TestQueue("q");
      bind(x, q, "", FieldTable.builder().put("k", FieldValue.Void.INSTANCE).build());
      assertThat(match(x, "", FieldTable.builder().put("k", value).build())).containsExactly(q);
    }
  }

  @Test
  void eachBindingIsJudgedByItself() {
    Exchange x = exchange(ExchangeType.HEADERS);
    TestQueue q = new TestQueue("q");
    TestQueue r = new TestQueue("r");
    bind(x, q, "", table("a=1"));
    bind(x, r, "", table("b=1"));
    assertThat(match(x, "", table("a=1"))).containsExactly(q);
    assertThat(match(x, "ignored", table("a=1 b=1"))).containsExactly(q, r);
    x.unbind(new Binding(x, q, "", table("a=1")));
    assertThat(match(x, "", table("a=1 b=1"))).containsExactly(r);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo | <<\"foo\">>",
        "''  | <<>>",
        "ALL | <<\"ALL\">>",
        "a\"b | <<\"a\\\"b\">>",
        "é | <<\"é\">>",
        "日 | <<230,151,165>>"
      })
  void unknownMatchModeIsRefused(String mode, String printed) {
    assertThatThrownBy(() -> bindWith(FieldValue.of(mode)))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "PRECONDITION_FAILED - Invalid x-match field value "
                + printed
                + "; expected all, any, all-with-x, or any-with-x");
  }

  @Test
  void matchModeOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> bindWith(FieldValue.of(1)))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "PRECONDITION_FAILED - Invalid x-match field type signedint (value 1);"
                + " expected longstr");
    assertThatThrownBy(() -> bindWith(binary("all")))
        .hasMessageEndingWith("type binary (value <<\"all\">>); expected longstr");
    assertThatThrownBy(() -> bindWith(FieldValue.Void.INSTANCE))
        .hasMessageEndingWith("type void (value undefined); expected longstr");
    assertThatThrownBy(() -> bindWith(VALUES.get("F1")))
        .hasMessageEndingWith("type table (value [{<<\"a\">>,signedint,1}]); expected longstr");
  }

  @Test
  void refusedBindingLeavesNoTrace() {
    Exchange x = exchange(ExchangeType.HEADERS);
    TestQueue q = new TestQueue("q");
    assertThatThrownBy(() -> bind(x, q, "", table("x-match=foo")))
        .isInstanceOf(ChannelException.class);
    assertThat(x.isUnused()).isTrue();
    assertThat(q.incoming()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DIRECT", "FANOUT", "TOPIC"})
  void otherTypesDoNotCareAboutTheMatchMode(ExchangeType type) {
    Exchange x = exchange(type);
    assertThat(bind(x, new TestQueue("q"), "", table("x-match=foo"))).isTrue();
  }

  private static void bindWith(FieldValue matchMode) {
    Exchange x = exchange(ExchangeType.HEADERS);
    bind(x, new TestQueue("q"), "", FieldTable.builder().put("x-match", matchMode).build());
  }

  private static boolean matches(String mode, String binding, String headers) {
    Exchange x = exchange(ExchangeType.HEADERS);
    TestQueue q = new TestQueue("q");
    FieldTable arguments = table(binding);
    bind(x, q, "", mode == null ? arguments : arguments.with("x-match", FieldValue.of(mode)));
    return match(x, "", headers.equals("-") ? null : table(headers)).contains(q);
  }

  private static FieldTable table(String text) {
    FieldTable.Builder builder = FieldTable.builder();
    for (String entry : text.isEmpty() ? new String[0] : text.split(" ")) {
      String[] parts = entry.split("=");
      builder.append(
          parts[0], parts[1].equals("~") ? FieldValue.Void.INSTANCE : FieldValue.of(parts[1]));
    }
    return builder.build();
  }

  private static FieldValue binary(String text) {
    return new FieldValue.Binary(text.getBytes(StandardCharsets.UTF_8));
  }

  private static FieldValue tableOf(FieldTable.Builder builder) {
    return FieldValue.of(builder.build());
  }

  private static Map<String, FieldValue> values() {
    Map<String, FieldValue> v = new LinkedHashMap<>();
    v.put("I1", FieldValue.of(1));
    v.put("l1", FieldValue.of(1L));
    v.put("b1", new FieldValue.Int8((byte) 1));
    v.put("B1", new FieldValue.UInt8(1));
    v.put("s1", new FieldValue.Int16((short) 1));
    v.put("u1", new FieldValue.UInt16(1));
    v.put("i1", new FieldValue.UInt32(1));
    v.put("d1", new FieldValue.Float64(1));
    v.put("f1", new FieldValue.Float32(1));
    v.put("T1", new FieldValue.Timestamp(1));
    v.put("t1", FieldValue.of(true));
    v.put("D01", new FieldValue.Decimal(0, 1));
    v.put("S1", FieldValue.of("1"));
    v.put("x1", binary("1"));
    v.put("V", FieldValue.Void.INSTANCE);
    v.put("S0", FieldValue.of(""));
    v.put("x0", binary(""));
    v.put("F", FieldValue.of(FieldTable.EMPTY));
    v.put("A", FieldValue.of(List.of()));
    v.put("F1", tableOf(FieldTable.builder().put("a", 1)));
    v.put("Fl", tableOf(FieldTable.builder().put("a", 1L)));
    v.put("Fd", tableOf(FieldTable.builder().put("a", new FieldValue.Float64(1))));
    v.put("F2", tableOf(FieldTable.builder().put("a", 1).put("b", 2)));
    v.put("F2r", tableOf(FieldTable.builder().put("b", 2).put("a", 1)));
    v.put("A1", FieldValue.of(List.of(FieldValue.of(1))));
    v.put("Al", FieldValue.of(List.of(FieldValue.of(1L))));
    v.put("d2", new FieldValue.Float64(1.5));
    v.put("D15", new FieldValue.Decimal(1, 15));
    v.put("lbig", FieldValue.of((1L << 53) + 1));
    v.put("dbig", new FieldValue.Float64(0x1p53));
    v.put("dbig2", new FieldValue.Float64(0x1p53 + 2));
    v.put("lmax", FieldValue.of(Long.MAX_VALUE));
    v.put("d63", new FieldValue.Float64(0x1p63));
    v.put("T63", new FieldValue.Timestamp(Long.MIN_VALUE));
    v.put("lneg", FieldValue.of(-1L));
    v.put("Tmax", new FieldValue.Timestamp(-1));
    v.put("dn0", new FieldValue.Float64(-0.0));
    v.put("d0", new FieldValue.Float64(0.0));
    v.put("I0", FieldValue.of(0));
    v.put("f01", new FieldValue.Float32(0.1f));
    v.put("d01", new FieldValue.Float64(0.1));
    return v;
  }
}
