package io.harveymq.management.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers are what {@code erlang:phash2(Arguments, 1 bsl 32)} gives in Erlang/OTP 25. */
class ErlangHashTest {
  private static long hash(FieldTable.Builder table) {
    return Integer.toUnsignedLong(ErlangHash.of(table.build()));
  }

  private static FieldTable.Builder table() {
    return FieldTable.builder();
  }

  @Test
  void namesOfArgumentsAreThoseOfRabbitMq() {
    assertThat(ErlangHash.nameOf(table().put("a", 1L).build())).isEqualTo("Ajat_Q");
    assertThat(ErlangHash.nameOf(table().put("k", "v").build())).isEqualTo("8IXMRA");
    FieldTable two = table().put("y", "z").put("x", 1L).build();
    assertThat(ErlangHash.nameOf(two)).isEqualTo("XU23xQ");
  }

  @Test
  void valuesOfAllKindsCount() {
    FieldTable inner = table().put("e", "f").build();
    FieldTable.Builder many =
        table()
            .put("b", true)
            .put("f", new FieldValue.Float64(1.5))
            .put("i", 1L)
            .put("l", new FieldValue.Array(List.of(FieldValue.of(1L), FieldValue.of("x"))))
            .put("t", inner);
    assertThat(hash(many)).isEqualTo(1_644_616_700L);
    FieldTable.Builder rare =
        table()
            .put("n", new FieldValue.Void())
            .put("o", new FieldValue.Decimal(2, 314))
            .put("p", new FieldValue.Timestamp(1_700_000_000));
    assertThat(hash(rare)).isEqualTo(2_264_152_182L);
    assertThat(hash(table())).isEqualTo(3_468_870_702L);
  }

  @Test
  void numbersOfAnySizeCount() {
    byte[] octets = "0123456789abcdefghijklmno".getBytes(StandardCharsets.US_ASCII);
    FieldTable.Builder numbers =
        table()
            .put("a", -5L)
            .put("b", 1L << 40)
            .put("c", -(1L << 40))
            .put("d", new FieldValue.Binary(octets))
            .put("e", new FieldValue.Float64(-0.0))
            .put("f", Long.MIN_VALUE);
    assertThat(hash(numbers)).isEqualTo(2_870_845_504L);
  }
}
