package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetHeaderTest {
  private static BasicProperties added(BasicProperties to, long offset) {
    byte[] encoded = OffsetHeader.addTo(to.encoded(), offset);
    BasicProperties.validate(encoded);
    return BasicProperties.of(encoded);
  }

  @Test
  void bareMessageGetsHeaders() {
    BasicProperties added = added(BasicProperties.EMPTY, 7);
    assertThat(added)
        .isEqualTo(
            BasicProperties.builder()
                .headers(FieldTable.builder().put("x-stream-offset", 7L).build())
                .build());
  }

  @Test
  void offsetComesBehindTheOtherHeadersAndNothingElseChanges() {
    FieldTable headers =
        FieldTable.builder().put("z", 1).put("a", "x-stream").put("m", true).build();
    BasicProperties.Builder all =
        BasicProperties.builder()
            .contentType("text/plain")
            .contentEncoding("none")
            .headers(headers)
            .deliveryMode(2)
            .priority(3)
            .timestamp(5L)
            .appId("a")
            .clusterId("c");
    BasicProperties added = added(all.build(), Long.MAX_VALUE);
    assertThat(added.headers().entries())
        .extracting(FieldTable.Entry::key)
        .containsExactly("z", "a", "m", "x-stream-offset");
    assertThat(added.headers().get("x-stream-offset")).isEqualTo(FieldValue.of(Long.MAX_VALUE));
    assertThat(added.toBuilder().headers(headers).build()).isEqualTo(all.build());
  }

  @Test
  void offsetInAnotherStreamIsReplaced() {
    FieldTable headers =
        FieldTable.builder().put("x-stream-offset", 3L).put("text", "x-stream-offset").build();
    BasicProperties added = added(BasicProperties.builder().headers(headers).build(), 4);
    assertThat(added.headers().entries()).hasSize(2);
    assertThat(added.headers().get("x-stream-offset")).isEqualTo(FieldValue.of(4L));
    assertThat(added.headers().get("text")).isEqualTo(FieldValue.of("x-stream-offset"));
  }

  @Test
  void randomHeadersKeepTheirBytes() {
    RandomTables random = new RandomTables(new Random(5));
    for (int i = 0; i < 500; i++) {
      FieldTable headers = random.table(2);
      BasicProperties properties =
          BasicProperties.builder().contentType("t").headers(headers).type("x").build();
      BasicProperties added = added(properties, i);
      assertThat(added.headers().without("x-stream-offset").entries())
          .isEqualTo(List.copyOf(headers.entries()));
    }
  }
}
